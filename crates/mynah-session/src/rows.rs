use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use mynah_classic::resultset::TextRow;

/// The rows of a result set, in one buffer that clones share. They can be the first part of a longer result:
/// then they name a [`RowSource`], from which the session asks for more once these are sent.
///
/// Each cell is a string or NULL, stored as the text protocol sends it. Sending a row in the text format to a
/// classic client is therefore one copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    cells: Bytes,
    ends: Arc<[usize]>,
    source: Option<RowSource>,
}

/// Names the place where the rest of a result's rows comes from. The number is the handler's own choice: the session
/// only passes it back to [`Handler::rows`](crate::Handler::rows) and
/// [`Handler::drop_rows`](crate::Handler::drop_rows).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowSource(pub u64);

impl Rows {
    /// Marks these rows as followed by more, which the session then asks for by this source.
    #[must_use]
    pub fn continued(self, source: RowSource) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }

    /// The source of the rows that follow these; `None` if these are the last.
    #[must_use]
    pub fn source(&self) -> Option<RowSource> {
        self.source
    }

    /// The number of rows in the buffer.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the buffer has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes all cells together take, with their lengths before them.
    #[must_use]
    pub fn size(&self) -> usize {
        self.cells.len()
    }

    /// The row at `index`, counted from 0; `None` if there are fewer rows.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<TextRow> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let end = *self.ends.get(index)?;
        Some(TextRow::from_bytes(self.cells.slice(start..end)))
    }
}

impl<'a, R> FromIterator<R> for Rows
where
    R: IntoIterator<Item = Option<&'a [u8]>>,
{
    fn from_iter<T: IntoIterator<Item = R>>(rows: T) -> Self {
        let mut builder = RowsBuilder::default();
        for row in rows {
            for cell in row {
                builder.cell(cell);
            }
            builder.end_row();
        }
        builder.finish()
    }
}

/// Builds [`Rows`] cell by cell: call [`cell`](Self::cell) for each cell, then [`end_row`](Self::end_row),
/// and [`finish`](Self::finish) after the last row.
#[derive(Debug, Default)]
pub struct RowsBuilder {
    cells: BytesMut,
    ends: Vec<usize>,
}

impl RowsBuilder {
    /// Appends a cell to the current row; `None` is NULL.
    pub fn cell(&mut self, cell: Option<&[u8]>) {
        TextRow::put_cell(&mut self.cells, cell);
    }

    /// Ends the current row; later cells belong to the next row.
    pub fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// Drops the cells of the current row, which wasn't ended.
    pub fn drop_row(&mut self) {
        self.cells.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Returns the rows. Cells of a row that wasn't ended are dropped.
    #[must_use]
    pub fn finish(mut self) -> Rows {
        self.drop_row();
        Rows {
            cells: self.cells.freeze(),
            ends: self.ends.into(),
            source: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_cell_by_cell() {
        let given: [&[Option<&[u8]>]; 3] = [&[Some(b"1"), None], &[], &[Some(b"")]];
        let rows: Rows = given.iter().map(|row| row.iter().copied()).collect();
        assert_eq!(rows.len(), 3);
        for (index, row) in given.iter().enumerate() {
            let read = rows.get(index).unwrap();
            let cells: Result<Vec<_>, _> = read.cells().collect();
            assert_eq!(cells.unwrap(), *row);
        }
        assert_eq!(rows.get(3), None);
    }

    #[test]
    fn a_row_that_was_not_ended_is_left_out() {
        let mut builder = RowsBuilder::default();
        builder.cell(Some(b"half"));
        builder.drop_row();
        builder.cell(Some(b"whole"));
        builder.end_row();
        builder.cell(Some(b"half"));
        let rows: Vec<_> = [[Some(&b"whole"[..])]].into();
        let rows: Rows = rows.into_iter().collect();
        assert_eq!(builder.finish(), rows);
    }
}
