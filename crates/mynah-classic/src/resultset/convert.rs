use bytes::{BufMut, BytesMut};
use thiserror::Error;

use super::{BinaryRow, Cells};
use crate::ColumnType;
use crate::value::{NullBitmap, Value, ValueError, ValueType};

/// Why a text row can't be converted to typed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {error}")]
pub struct CellError {
    /// The index of the cell, from 0.
    pub column: usize,
    /// Why the cell's value can't be converted.
    pub error: ValueError,
}

impl BinaryRow {
    /// Converts the values of a text row to these types, and appends the payload of a binary row.
    /// In integer columns, `true` is 1 and `false` is 0.
    ///
    /// # Errors
    /// The first cell that isn't a value of its type, is invalid, or is one too many or too few;
    /// `w` then holds part of the row.
    pub fn put_text_row(
        w: &mut BytesMut,
        types: &[ValueType],
        text_row: &[u8],
    ) -> Result<(), CellError> {
        // The header of a binary row.
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
            Value::from_text(cell.map(|cell| number_of(cell, value_type)), value_type)
                .and_then(|value| value.put_binary(w, value_type))
                .map_err(failed)?;
        }
        match cells.next() {
            None => Ok(()),
            // The text row has a cell for which there is no type.
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

/// The cell; for a numeric type, SQL's `true` and `false` become 1 and 0.
fn number_of(cell: &[u8], value_type: ValueType) -> &[u8] {
    let is_integer = matches!(
        value_type.column_type,
        ColumnType::TINY
            | ColumnType::SHORT
            | ColumnType::INT24
            | ColumnType::LONG
            | ColumnType::LONGLONG
    );
    match cell {
        b"true" if is_integer => b"1",
        b"false" if is_integer => b"0",
        cell => cell,
    }
}
