use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use mynah_x::field::{Cell, FieldError};
use mynah_x::resultset::ColumnMetaData;

use super::text::text;
use crate::Error;

/// One row of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Each is a cell of its column's type.
    fields: Vec<Bytes>,
    columns: Arc<[ColumnMetaData]>,
}

impl Row {
    pub(super) fn new(fields: Vec<Bytes>, columns: Arc<[ColumnMetaData]>) -> Result<Self, Error> {
        if fields.len() != columns.len() {
            return Err(Error::CellCount {
                cells: fields.len(),
                columns: columns.len(),
            });
        }
        for (index, (field, column)) in fields.iter().zip(&*columns).enumerate() {
            match read(field, column) {
                Some(Ok(_)) => {}
                Some(Err(source)) => return Err(Error::Cell { index, source }),
                None => {
                    let field_type = column.r#type;
                    return Err(Error::FieldType { index, field_type });
                }
            }
        }
        Ok(Self { fields, columns })
    }

    /// The cell in this column (from 0); `None` if there is no such column.
    #[must_use]
    pub fn cell(&self, index: usize) -> Option<Cell<'_>> {
        read(self.fields.get(index)?, self.columns.get(index)?)?.ok()
    }

    /// The cell in this column (from 0) as text, as MySQL writes it in rows of the classic protocol, except that bits are
    /// a number, and that a floating-point number has the fewest digits that read back as the same number. `None` for
    /// NULL, for bytes that aren't UTF-8, or if there is no such column.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<Cow<'_, str>> {
        text(self.cell(index)?, self.columns.get(index)?)
    }

    /// All cells of the row.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let cells = self.fields.iter().zip(&*self.columns);
        cells.filter_map(|(field, column)| read(field, column)?.ok())
    }
}

/// Reads a cell; `None` if the type of its column isn't known.
fn read<'a>(field: &'a Bytes, column: &ColumnMetaData) -> Option<Result<Cell<'a>, FieldError>> {
    let field_type = column.field_type()?;
    Some(Cell::from_field(field, field_type))
}
