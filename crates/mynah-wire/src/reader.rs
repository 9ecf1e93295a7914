use std::ops::Range;

use bytes::Bytes;
use nom::{Err, Needed, Parser};

use crate::basic::{self, Unexpected};
use crate::{DecodeError, DecodeErrorKind};

/// Reads the fields of one payload, one after the other, and can't run off its end.
///
/// Strings are slices of the payload, shared and not copied. Each method takes the name
/// of the field, for the error.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    payload: &'a Bytes,
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `payload`.
    #[must_use]
    pub fn new(payload: &'a Bytes) -> Self {
        Self { payload, at: 0 }
    }

    /// How many bytes have been read.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.payload.len() - self.at
    }

    /// The next byte, without reading it.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.payload.get(self.at).copied()
    }

    /// Reads one byte.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    /// Reads an integer of two bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn u16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        self.array(field).map(u16::from_le_bytes)
    }

    /// Reads an integer of four bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        self.array(field).map(u32::from_le_bytes)
    }

    /// Reads an integer of eight bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn u64(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.array(field).map(u64::from_le_bytes)
    }

    /// Reads `N` bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        let Some(bytes) = self.rest().first_chunk::<N>() else {
            return Err(self.truncated(field, N));
        };
        self.at += N;
        Ok(*bytes)
    }

    /// Reads a length-encoded integer.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`]; [`DecodeErrorKind::Unexpected`] for the first bytes
    /// 0xfb and 0xff, which start no integer.
    pub fn lenenc_int(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.run(field, basic::lenenc_int)
    }

    /// Reads a length-encoded string.
    ///
    /// # Errors
    /// As [`lenenc_int`](Self::lenenc_int).
    pub fn lenenc_string(&mut self, field: &'static str) -> Result<Bytes, DecodeError> {
        let string = self.run(field, basic::lenenc_string)?;
        Ok(self.payload.slice_ref(string))
    }

    /// Reads a length-encoded string or NULL, as the cells of a text row are.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`]; [`DecodeErrorKind::Unexpected`] for the first byte 0xff.
    pub fn lenenc_string_or_null(
        &mut self,
        field: &'static str,
    ) -> Result<Option<&'a [u8]>, DecodeError> {
        self.run(field, basic::lenenc_string_or_null)
    }

    /// Reads a NUL-terminated string, without its NUL.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Unterminated`].
    pub fn nul_string(&mut self, field: &'static str) -> Result<Bytes, DecodeError> {
        let string = self.run(field, basic::nul_string)?;
        Ok(self.payload.slice_ref(string))
    }

    /// Reads a string of `len` bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn string(&mut self, field: &'static str, len: usize) -> Result<Bytes, DecodeError> {
        let range = self.advance(field, len)?;
        Ok(self.payload.slice(range))
    }

    /// Skips `len` bytes that carry nothing.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`].
    pub fn skip(&mut self, field: &'static str, len: usize) -> Result<(), DecodeError> {
        self.advance(field, len).map(drop)
    }

    /// Reads all that is left.
    #[must_use]
    pub fn rest_string(&mut self) -> Bytes {
        let rest = self.payload.slice(self.at..);
        self.at = self.payload.len();
        rest
    }

    /// Reads a byte that has only one allowed value.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`]; [`DecodeErrorKind::Unexpected`] for another value.
    pub fn expect(&mut self, field: &'static str, value: u8) -> Result<(), DecodeError> {
        let found = self.u8(field)?;
        if found == value {
            return Ok(());
        }
        self.at -= 1;
        Err(self.unexpected(field, u64::from(found)))
    }

    /// The error for a value that must not stand where the reader is.
    #[must_use]
    pub fn unexpected(&self, field: &'static str, found: u64) -> DecodeError {
        self.error(field, DecodeErrorKind::Unexpected { found })
    }

    /// Ends reading.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Trailing`], under `name`, if anything is left.
    pub fn finish(self, name: &'static str) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            left => Err(self.error(name, DecodeErrorKind::Trailing { left })),
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.payload.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, field: &'static str, len: usize) -> Result<Range<usize>, DecodeError> {
        if len > self.remaining() {
            return Err(self.truncated(field, len));
        }
        let start = self.at;
        self.at += len;
        Ok(start..self.at)
    }

    fn run<T>(
        &mut self,
        field: &'static str,
        mut parser: impl Parser<&'a [u8], Output = T, Error = Unexpected>,
    ) -> Result<T, DecodeError> {
        let rest = self.rest();
        match parser.parse(rest) {
            Ok((after, value)) => {
                self.at += rest.len() - after.len();
                Ok(value)
            }
            Err(Err::Incomplete(Needed::Size(missing))) => {
                Err(self.truncated(field, rest.len().saturating_add(missing.get())))
            }
            Err(Err::Incomplete(Needed::Unknown)) => {
                Err(self.error(field, DecodeErrorKind::Unterminated { left: rest.len() }))
            }
            Err(Err::Error(Unexpected(found)) | Err::Failure(Unexpected(found))) => {
                Err(self.unexpected(field, found))
            }
        }
    }

    fn truncated(&self, field: &'static str, needed: usize) -> DecodeError {
        let left = self.remaining();
        self.error(field, DecodeErrorKind::Truncated { needed, left })
    }

    fn error(&self, field: &'static str, kind: DecodeErrorKind) -> DecodeError {
        DecodeError {
            field,
            offset: self.at,
            kind,
        }
    }
}
