use bytes::{BufMut, BytesMut};

use crate::scan;

/// A destination of written values.
pub(crate) trait Sink {
    fn put<const N: usize>(&mut self, bytes: [u8; N]);

    fn put_bytes(&mut self, bytes: &[u8]);

    /// Writes a length-encoded string.
    fn put_string(&mut self, string: &[u8]);
}

impl Sink for BytesMut {
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        self.put_slice(&bytes);
    }

    fn put_bytes(&mut self, bytes: &[u8]) {
        self.put_slice(bytes);
    }

    fn put_string(&mut self, string: &[u8]) {
        scan::put_lenenc_string(self, string);
    }
}

/// Collects short values on the stack: growing a buffer for each number costs more than writing the
/// number.
pub(crate) struct Stage<'a> {
    out: &'a mut BytesMut,
    staged: [u8; STAGE_LEN],
    len: usize,
}

impl<'a> Stage<'a> {
    pub(crate) const fn new(out: &'a mut BytesMut) -> Self {
        Self {
            out,
            staged: [0; STAGE_LEN],
            len: 0,
        }
    }

    /// The destination. Collected bytes may be missing in it.
    pub(crate) const fn out(&mut self) -> &mut BytesMut {
        self.out
    }

    /// Writes the collected bytes to the destination, and returns it.
    pub(crate) fn flush(&mut self) -> &mut BytesMut {
        self.out
            .put_slice(self.staged.get(..self.len).unwrap_or_default());
        self.len = 0;
        self.out
    }

    #[inline]
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        let end = self.len + len;
        let room = self.staged.get_mut(self.len..end)?;
        self.len = end;
        Some(room)
    }
}

impl Sink for Stage<'_> {
    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        match self.room(N) {
            Some(room) => room.copy_from_slice(&bytes),
            None => self.flush().put_slice(&bytes),
        }
    }

    #[inline]
    fn put_bytes(&mut self, bytes: &[u8]) {
        match self.room(bytes.len()) {
            Some(room) => room.copy_from_slice(bytes),
            None => self.flush().put_slice(bytes),
        }
    }

    #[inline]
    fn put_string(&mut self, string: &[u8]) {
        if let Ok(len @ 0..0xfb) = u8::try_from(string.len())
            && let Some([first, room @ ..]) = self.room(1 + string.len())
        {
            *first = len;
            room.copy_from_slice(string);
            return;
        }
        scan::put_lenenc_string(self.flush(), string);
    }
}

const STAGE_LEN: usize = 256;
