use bytes::Bytes;
use mynah_classic::resultset::{BinaryRow, TextRow};
use mynah_classic::value::{Value, ValueType};
use mynah_wire::Message;

use crate::{ColumnDefinition41, Error};

/// One row of a result. Each cell has its value in the form of the text protocol, also if the row was sent in binary
/// form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(Vec<Option<Bytes>>);

impl Row {
    pub(crate) fn text_row(payload: &Bytes) -> Result<Self, Error> {
        let row = TextRow::from_bytes(payload.clone());
        let cells = row
            .cells()
            .map(|cell| Ok(cell?.map(|cell| payload.slice_ref(cell))));
        cells.collect::<Result<_, Error>>().map(Self)
    }

    pub(crate) fn binary_row(
        payload: &Bytes,
        columns: &[ColumnDefinition41],
    ) -> Result<Self, Error> {
        let types: Vec<_> = columns.iter().map(ValueType::from).collect();
        let row = BinaryRow::from_payload(payload, ())?;
        let mut cells = Vec::new();
        for (value, column) in row.values(&types)?.zip(columns) {
            cells.push(match value? {
                Value::Null => None,
                Value::Bytes(bytes) => Some(Bytes::copy_from_slice(bytes)),
                value => value.to_text(column.decimals),
            });
        }
        Ok(Self(cells))
    }

    /// The bytes of the cell in this column (from 0); `None` for NULL, or if there is no such column.
    #[must_use]
    pub fn bytes(&self, index: usize) -> Option<&Bytes> {
        self.0.get(index)?.as_ref()
    }

    /// The text of the cell in this column (from 0); `None` for NULL, for bytes that aren't UTF-8, or if there is
    /// no such column.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<&str> {
        str::from_utf8(self.bytes(index)?).ok()
    }

    /// All cells of the row; `None` is NULL.
    #[must_use]
    pub fn cells(&self) -> &[Option<Bytes>] {
        &self.0
    }
}
