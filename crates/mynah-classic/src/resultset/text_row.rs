use std::iter::FusedIterator;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

use crate::scan;

/// One row of a text result set: each cell a string, or NULL. The server sends the rows of a result after its
/// column definitions.
///
/// The cells are kept as bytes and read by an iterator; a row doesn't contain their number.
/// [`Value::from_text`](crate::value::Value::from_text) converts them to numbers and dates.
///
/// Documentation page: Text Resultset Row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRow {
    cells: Bytes,
}

impl TextRow {
    /// A row of these cells; `None` is NULL.
    #[must_use]
    pub fn new<'a>(cells: impl IntoIterator<Item = Option<&'a [u8]>>) -> Self {
        let mut w = BytesMut::new();
        for cell in cells {
            Self::put_cell(&mut w, cell);
        }
        Self { cells: w.freeze() }
    }

    /// A row with this payload, which isn't checked.
    #[must_use]
    pub fn from_bytes(bytes: Bytes) -> Self {
        Self { cells: bytes }
    }

    /// The payload of the row.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.cells
    }

    /// Appends one cell to the payload of a row; `None` is NULL.
    #[inline]
    pub fn put_cell(w: &mut BytesMut, cell: Option<&[u8]>) {
        match cell {
            Some(cell) => scan::put_lenenc_string(w, cell),
            None => w.put_null(),
        }
    }

    /// The cells, in the order of the columns.
    #[must_use]
    pub fn cells(&self) -> Cells<'_> {
        Cells::new(&self.cells)
    }
}

impl Message for TextRow {
    type Context = ();
    const NAME: &'static str = "Text Resultset Row";

    /// Takes the payload unchecked; an invalid cell is found when the cells are read.
    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let cells = r.rest_string();
        Ok(Self { cells })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_slice(&self.cells);
        Ok(())
    }
}

/// Iterates over the cells of a [`TextRow`]. The iterator ends after the first invalid cell.
#[derive(Clone, Debug)]
pub struct Cells<'a> {
    rest: &'a [u8],
    len: usize,
}

impl<'a> Cells<'a> {
    /// The cells of a row with this payload.
    #[must_use]
    pub const fn new(payload: &'a [u8]) -> Self {
        Self {
            rest: payload,
            len: payload.len(),
        }
    }

    #[cold]
    fn broken(&mut self) -> DecodeError {
        let offset = self.len.saturating_sub(self.rest.len());
        let error = scan::lenenc_error("cell", offset, self.rest);
        self.rest = &[];
        error
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Result<Option<&'a [u8]>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let [NULL, after @ ..] = self.rest {
            self.rest = after;
            return Some(Ok(None));
        }
        if self.rest.is_empty() {
            return None;
        }
        match scan::lenenc_string(&mut self.rest) {
            Some(cell) => Some(Ok(Some(cell))),
            None => Some(Err(self.broken())),
        }
    }
}

impl FusedIterator for Cells<'_> {}

const NULL: u8 = 0xfb;
