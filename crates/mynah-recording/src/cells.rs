use bytes::Bytes;
use mynah_classic::resultset::{BinaryRow, ColumnDefinition41, TextRow};
use mynah_classic::value::{Value, ValueType};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_wire::{DecodeError, Message as _};

use crate::Cell;
use crate::from_classic::ToUnicode;
use crate::numbers::{float, zero_filled};

/// Converts rows of the classic protocol to cells. A value becomes the same cell whether it was sent as text
/// or as binary, except that only the binary format has all digits of a FLOAT.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    columns: Vec<CellColumn>,
    types: Vec<ValueType>,
}

#[derive(Clone, Copy, Debug)]
struct CellColumn {
    column_type: ColumnType,
    flags: ColumnFlags,
    collation: u16,
    length: u32,
    decimals: u8,
}

impl Cells {
    /// A converter for rows with these columns.
    #[must_use]
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a ColumnDefinition41>) -> Self {
        let mut cells = Self::default();
        columns.into_iter().for_each(|column| cells.push(column));
        cells
    }

    /// Adds the next column of the result.
    pub fn push(&mut self, column: &ColumnDefinition41) {
        self.types.push(ValueType::from(column));
        self.columns.push(CellColumn {
            column_type: column.column_type,
            flags: column.flags,
            collation: column.character_set,
            length: column.column_length,
            decimals: column.decimals,
        });
    }

    /// Converts the payload of a row of the text format. `to_unicode` decodes texts.
    ///
    /// # Errors
    /// When the bytes aren't cells.
    pub fn text_row(
        &self,
        payload: &Bytes,
        to_unicode: &ToUnicode<'_>,
    ) -> Result<Vec<Cell>, DecodeError> {
        let row = TextRow::from_bytes(payload.clone());
        let mut columns = self.columns.iter();
        row.cells()
            .map(|cell| {
                let column = columns.next();
                Ok(match (cell?, column) {
                    (None, _) => Cell::Null,
                    (Some(text), Some(column)) => column.cell(text, to_unicode),
                    (Some(text), None) => Cell::readable(text),
                })
            })
            .collect()
    }

    /// Converts the payload of a row of the binary format. `to_unicode` decodes texts.
    ///
    /// # Errors
    /// When the bytes aren't values of the columns' types.
    pub fn binary_row(
        &self,
        payload: &Bytes,
        to_unicode: &ToUnicode<'_>,
    ) -> Result<Vec<Cell>, DecodeError> {
        let row = BinaryRow::from_payload(payload, ())?;
        let values = row.values(&self.types)?.zip(&self.columns);
        values
            .map(|(value, column)| Ok(column.value(&value?, to_unicode)))
            .collect()
    }
}

impl CellColumn {
    /// A cell of a text row.
    fn cell(&self, text: &[u8], to_unicode: &ToUnicode<'_>) -> Cell {
        match self.column_type {
            ColumnType::BIT | ColumnType::GEOMETRY | ColumnType::VECTOR => {
                Cell::Bytes(Bytes::copy_from_slice(text))
            }
            _ if is_text(self.column_type) => match to_unicode(text, self.collation) {
                Some(text) => Cell::readable(text.as_bytes()),
                None => Cell::Bytes(Bytes::copy_from_slice(text)),
            },
            _ => Cell::readable(text),
        }
    }

    /// A value of a binary row.
    fn value(&self, value: &Value<'_>, to_unicode: &ToUnicode<'_>) -> Cell {
        match value {
            Value::Null => Cell::Null,
            Value::Bytes(bytes) => self.cell(bytes, to_unicode),
            Value::Bit(bits) => Cell::Bytes(Bytes::copy_from_slice(bits.0)),
            Value::Int(number) => Cell::Text(self.integer(number.to_string())),
            Value::UInt(number) => Cell::Text(self.integer(number.to_string())),
            Value::Float(number) => Cell::Text(float(*number, self.decimals)),
            Value::Double(number) => Cell::Text(float(*number, self.decimals)),
            Value::Decimal(_) | Value::Date(_) | Value::DateTime(_) | Value::Time(_) => {
                Cell::Text(written(value, self.decimals))
            }
        }
    }

    fn integer(&self, number: String) -> String {
        match self.column_type {
            ColumnType::YEAR => zero_filled(&number, YEAR_DIGITS),
            _ if self.flags.contains(ColumnFlags::ZEROFILL) => zero_filled(&number, self.length),
            _ => number,
        }
    }
}

/// As a text row has the value, less its length.
pub(crate) fn written(value: &Value<'_>, decimals: u8) -> String {
    let text = value.to_text(decimals).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

/// Whether its cells are in the column's character set.
fn is_text(column_type: ColumnType) -> bool {
    let is_blob = matches!(
        column_type,
        ColumnType::TINY_BLOB | ColumnType::MEDIUM_BLOB | ColumnType::LONG_BLOB | ColumnType::BLOB
    );
    is_blob || column_type.is_string()
}

const YEAR_DIGITS: u32 = 4;
