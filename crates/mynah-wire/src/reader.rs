mod integer;
mod string;

use bytes::Bytes;
use nom::{Err, Needed, Parser};

use crate::basic::Unexpected;
use crate::{DecodeError, DecodeErrorKind};

/// Reads the fields of one payload, one after the other, and can't run off its end.
///
/// Methods named `…_string` return slices that share the payload's memory and outlive the reader. Methods
/// named `…_bytes`, and `lenenc_string_or_null`, borrow the payload instead, which costs nothing. Each method that can
/// fail takes the name of the field, or of the message at its end, for the error.
///
/// After an error the reader's position is unchanged.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    payload: &'a Bytes,
    /// What is left, up to `end`.
    rest: &'a [u8],
    /// Where in the payload `rest` ends. A reader of a part ends before the payload does.
    end: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `payload`.
    #[inline]
    #[must_use]
    pub fn new(payload: &'a Bytes) -> Self {
        Self {
            payload,
            rest: payload,
            end: payload.len(),
        }
    }

    /// The reader's position, in bytes from the start of the payload.
    #[inline]
    #[must_use]
    pub fn offset(&self) -> usize {
        self.end - self.rest.len()
    }

    /// The number of bytes that this reader hasn't read yet.
    #[inline]
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Whether no bytes are left to read.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte, which stays unread; `None` if none is left.
    #[inline]
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next `N` bytes, which stay unread; `None` if fewer are left.
    #[inline]
    #[must_use]
    pub fn peek_array<const N: usize>(&self) -> Option<[u8; N]> {
        self.rest.first_chunk().copied()
    }

    /// The bytes that haven't been read yet; they stay unread.
    #[inline]
    #[must_use]
    pub fn unread(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads an array of `N` bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    #[inline]
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        let Some((bytes, rest)) = self.rest.split_first_chunk::<N>() else {
            return Err(self.truncated(field, N));
        };
        self.rest = rest;
        Ok(*bytes)
    }

    /// Skips `len` bytes, such as filler.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    #[inline]
    pub fn skip(&mut self, field: &'static str, len: usize) -> Result<(), DecodeError> {
        self.bytes(field, len).map(drop)
    }

    /// Reads `len` bytes as fields of their own: returns a reader of just them. Offsets in its
    /// errors still count from the start of the whole payload.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    #[inline]
    pub fn sub_reader(&mut self, field: &'static str, len: usize) -> Result<Self, DecodeError> {
        let rest = self.bytes(field, len)?;
        Ok(self.ending_here(rest))
    }

    /// Reads a length-encoded string and returns a reader of its content, which consists of fields; see
    /// [`sub_reader`](Self::sub_reader).
    ///
    /// # Errors
    /// As [`lenenc_int`](Self::lenenc_int).
    #[inline]
    pub fn lenenc_sub_reader(&mut self, field: &'static str) -> Result<Self, DecodeError> {
        let rest = self.lenenc_bytes(field)?;
        Ok(self.ending_here(rest))
    }

    /// Reads a byte that has only one allowed value.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`]; [`DecodeErrorKind::Unexpected`] for another value.
    #[inline]
    pub fn expect(&mut self, field: &'static str, value: u8) -> Result<(), DecodeError> {
        match self.rest {
            [found, rest @ ..] if *found == value => {
                self.rest = rest;
                Ok(())
            }
            [found, ..] => Err(self.unexpected(field, u64::from(*found))),
            [] => Err(self.truncated(field, 1)),
        }
    }

    /// Makes the error for a value (`found`) that isn't allowed in the field (`field`). Call it on a reader that is
    /// still at the start of the field, such as a clone from before the field was read: its position is that of the
    /// error.
    #[cold]
    #[must_use]
    pub fn unexpected(&self, field: &'static str, found: u64) -> DecodeError {
        self.error(field, DecodeErrorKind::Unexpected { found })
    }

    /// Ends reading; all bytes must have been read.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Trailing`], under `name`, if bytes are left.
    #[inline]
    pub fn finish(self, name: &'static str) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            left => Err(self.error(name, DecodeErrorKind::Trailing { left })),
        }
    }

    /// A reader of `rest`, which has just been read.
    fn ending_here(&self, rest: &'a [u8]) -> Self {
        Self {
            payload: self.payload,
            rest,
            end: self.offset(),
        }
    }

    /// The bytes just read, as a slice that shares the payload. The slice ends at the reader's
    /// position, or `after` bytes before it.
    fn share(&self, just_read: &[u8], after: usize) -> Bytes {
        // Offsets count from the start of the payload, so that all strings share its one buffer.
        let end = self.offset() - after;
        self.payload.slice(end - just_read.len()..end)
    }

    fn run<T>(
        &mut self,
        field: &'static str,
        mut parser: impl Parser<&'a [u8], Output = T, Error = Unexpected>,
    ) -> Result<T, DecodeError> {
        match parser.parse(self.rest) {
            Ok((rest, value)) => {
                self.rest = rest;
                Ok(value)
            }
            Err(error) => Err(self.refused(field, &error)),
        }
    }

    #[cold]
    fn refused(&self, field: &'static str, error: &Err<Unexpected>) -> DecodeError {
        let left = self.remaining();
        match error {
            Err::Incomplete(Needed::Size(missing)) => {
                self.truncated(field, left.saturating_add(missing.get()))
            }
            Err::Incomplete(Needed::Unknown) => {
                self.error(field, DecodeErrorKind::Unterminated { left })
            }
            Err::Error(Unexpected(found)) | Err::Failure(Unexpected(found)) => {
                self.unexpected(field, *found)
            }
        }
    }

    #[cold]
    fn truncated(&self, field: &'static str, needed: usize) -> DecodeError {
        let left = self.remaining();
        self.error(field, DecodeErrorKind::Truncated { needed, left })
    }

    #[cold]
    fn error(&self, field: &'static str, kind: DecodeErrorKind) -> DecodeError {
        DecodeError {
            field,
            offset: self.offset(),
            kind,
        }
    }
}
