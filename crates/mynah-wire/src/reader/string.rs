use bytes::Bytes;

use super::Reader;
use crate::{DecodeError, basic};

/// Strings, which to the protocol are any bytes.
///
/// Documentation page: String Types.
impl<'a> Reader<'a> {
    /// Reads a string of `len` bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn string(&mut self, field: &'static str, len: usize) -> Result<Bytes, DecodeError> {
        let string = self.bytes(field, len)?;
        Ok(self.share(string, 0))
    }

    /// Reads a string of `len` bytes, and borrows it instead of sharing the payload.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn bytes(&mut self, field: &'static str, len: usize) -> Result<&'a [u8], DecodeError> {
        let Some((bytes, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.truncated(field, len));
        };
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads a length-encoded string, which shares the payload's memory.
    ///
    /// # Errors
    /// As [`lenenc_int`](Self::lenenc_int).
    #[inline]
    pub fn lenenc_string(&mut self, field: &'static str) -> Result<Bytes, DecodeError> {
        let string = self.lenenc_bytes(field)?;
        Ok(self.share(string, 0))
    }

    /// Reads a length-encoded string, and borrows it instead of sharing the payload.
    ///
    /// # Errors
    /// As [`lenenc_int`](Self::lenenc_int).
    #[inline]
    pub fn lenenc_bytes(&mut self, field: &'static str) -> Result<&'a [u8], DecodeError> {
        if let [len @ ..=0xfa, rest @ ..] = self.rest
            && let Some((string, rest)) = rest.split_at_checked(usize::from(*len))
        {
            self.rest = rest;
            return Ok(string);
        }
        self.run(field, basic::lenenc_string)
    }

    /// Reads a length-encoded string or NULL, and borrows it: a cell of a text row. `None` is NULL.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated);
    /// [`DecodeErrorKind::Unexpected`](crate::DecodeErrorKind::Unexpected) for the first
    /// byte 0xff.
    #[inline]
    pub fn lenenc_string_or_null(
        &mut self,
        field: &'static str,
    ) -> Result<Option<&'a [u8]>, DecodeError> {
        if let [0xfb, rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(None);
        }
        self.lenenc_bytes(field).map(Some)
    }

    /// Reads a string behind a length of one byte.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u8_string(&mut self, field: &'static str) -> Result<Bytes, DecodeError> {
        let string = self.u8_bytes(field)?;
        Ok(self.share(string, 0))
    }

    /// Reads a string behind a length of one byte, borrowed.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u8_bytes(&mut self, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let Some((&len, rest)) = self.rest.split_first() else {
            return Err(self.truncated(field, 1));
        };
        let Some((string, rest)) = rest.split_at_checked(usize::from(len)) else {
            return Err(self.truncated(field, 1 + usize::from(len)));
        };
        self.rest = rest;
        Ok(string)
    }

    /// Reads a NUL-terminated string, without its NUL.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Unterminated`](crate::DecodeErrorKind::Unterminated).
    #[inline]
    pub fn nul_string(&mut self, field: &'static str) -> Result<Bytes, DecodeError> {
        let string = self.nul_bytes(field)?;
        Ok(self.share(string, 1))
    }

    /// Reads a NUL-terminated string, without its NUL; borrowed.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Unterminated`](crate::DecodeErrorKind::Unterminated).
    #[inline]
    pub fn nul_bytes(&mut self, field: &'static str) -> Result<&'a [u8], DecodeError> {
        self.run(field, basic::nul_string)
    }

    /// Reads a string up to a NUL, which is read but not returned, or if there is none, up to the end of the
    /// payload. Some peers omit the NUL where the documentation has a NUL-terminated string as the last field.
    #[inline]
    #[must_use]
    pub fn nul_or_rest_string(&mut self) -> Bytes {
        match basic::nul_string(self.rest) {
            Ok((rest, string)) => {
                self.rest = rest;
                self.share(string, 1)
            }
            Err(_) => self.rest_string(),
        }
    }

    /// Reads the rest of the payload, which shares the payload's memory.
    #[inline]
    #[must_use]
    pub fn rest_string(&mut self) -> Bytes {
        let rest = self.rest_bytes();
        self.share(rest, 0)
    }

    /// Reads the rest of the payload, and borrows it instead of sharing it.
    #[inline]
    #[must_use]
    pub fn rest_bytes(&mut self) -> &'a [u8] {
        let (rest, end) = self.rest.split_at(self.rest.len());
        self.rest = end;
        rest
    }
}
