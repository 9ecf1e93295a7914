use bytes::{BufMut, BytesMut};
use thiserror::Error;

use super::{BinaryRow, Cells};
use crate::value::{NullBitmap, Value, ValueError, ValueType};

/// Why a row of text can't be one of typed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {error}")]
pub struct CellError {
    /// Which cell, counted from 0.
    pub column: usize,
    /// What is wrong with it.
    pub error: ValueError,
}

impl BinaryRow {
    /// Appends the payload of a row of these types with the values of a text row.
    ///
    /// # Errors
    /// Which cell can't be a value of its type, is broken, or is one too many or too few; `w` then
    /// holds part of the row.
    pub fn put_text_row(
        w: &mut BytesMut,
        types: &[ValueType],
        text_row: &[u8],
    ) -> Result<(), CellError> {
        w.put_u8(0);
        let bitmap = w.len();
        w.put_bytes(0, NullBitmap::len(types.len(), NullBitmap::ROW_OFFSET));
        let mut cells = Cells::new(text_row);
        for (column, &value_type) in types.iter().enumerate() {
            let failed = |error| CellError { column, error };
            let Some(Ok(cell)) = cells.next() else {
                return Err(failed(ValueError::Count {
                    values: column,
                    types: types.len(),
                }));
            };
            if cell.is_none() {
                let bits = w.get_mut(bitmap..).unwrap_or_default();
                NullBitmap::set(bits, NullBitmap::ROW_OFFSET, column);
                continue;
            }
            Value::from_text(cell, value_type)
                .and_then(|value| value.put_binary(w, value_type))
                .map_err(failed)?;
        }
        match cells.next() {
            None => Ok(()),
            Some(_) => Err(CellError {
                column: types.len(),
                error: ValueError::Count {
                    values: types.len() + 1,
                    types: types.len(),
                },
            }),
        }
    }
}
