use super::Reader;
use crate::{DecodeError, basic};

/// Numbers. All are little-endian.
///
/// Documentation page: Integer Types.
impl Reader<'_> {
    /// Reads one byte.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        self.array(field).map(u8::from_le_bytes)
    }

    /// Reads an integer of two bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        self.array(field).map(u16::from_le_bytes)
    }

    /// Reads an integer of three bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u24(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        self.array(field)
            .map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]))
    }

    /// Reads an integer of four bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        self.array(field).map(u32::from_le_bytes)
    }

    /// Reads an integer of six bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u48(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.array(field)
            .map(|[a, b, c, d, e, f]| u64::from_le_bytes([a, b, c, d, e, f, 0, 0]))
    }

    /// Reads an integer of eight bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn u64(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.array(field).map(u64::from_le_bytes)
    }

    /// Reads a signed byte.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn i8(&mut self, field: &'static str) -> Result<i8, DecodeError> {
        self.array(field).map(i8::from_le_bytes)
    }

    /// Reads a signed integer of two bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn i16(&mut self, field: &'static str) -> Result<i16, DecodeError> {
        self.array(field).map(i16::from_le_bytes)
    }

    /// Reads a signed integer of four bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn i32(&mut self, field: &'static str) -> Result<i32, DecodeError> {
        self.array(field).map(i32::from_le_bytes)
    }

    /// Reads a signed integer of eight bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn i64(&mut self, field: &'static str) -> Result<i64, DecodeError> {
        self.array(field).map(i64::from_le_bytes)
    }

    /// Reads a floating-point number of four bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn f32(&mut self, field: &'static str) -> Result<f32, DecodeError> {
        self.array(field).map(f32::from_le_bytes)
    }

    /// Reads a floating-point number of eight bytes.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated).
    #[inline]
    pub fn f64(&mut self, field: &'static str) -> Result<f64, DecodeError> {
        self.array(field).map(f64::from_le_bytes)
    }

    /// Reads a length-encoded integer.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated);
    /// [`DecodeErrorKind::Unexpected`](crate::DecodeErrorKind::Unexpected) for the first
    /// bytes 0xfb and 0xff, which start no integer.
    #[inline]
    pub fn lenenc_int(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        // The common forms without a parser: most lengths are a single byte.
        match self.rest {
            [small @ ..=0xfa, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(*small))
            }
            [0xfc, a, b, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(u16::from_le_bytes([*a, *b])))
            }
            [0xfd, a, b, c, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(u32::from_le_bytes([*a, *b, *c, 0])))
            }
            _ => self.run(field, basic::lenenc_int),
        }
    }

    /// Reads a length-encoded integer that holds the bits of a signed integer of eight bytes. A
    /// negative one takes nine bytes.
    ///
    /// # Errors
    /// As [`lenenc_int`](Self::lenenc_int).
    #[inline]
    pub fn lenenc_signed_int(&mut self, field: &'static str) -> Result<i64, DecodeError> {
        self.lenenc_int(field).map(u64::cast_signed)
    }

    /// Reads a length-encoded integer or NULL (`None`).
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`](crate::DecodeErrorKind::Truncated);
    /// [`DecodeErrorKind::Unexpected`](crate::DecodeErrorKind::Unexpected) for the first
    /// byte 0xff.
    #[inline]
    pub fn lenenc_int_or_null(&mut self, field: &'static str) -> Result<Option<u64>, DecodeError> {
        // 0xfb in the place of a length is NULL, in rows of the text protocol.
        if let [0xfb, rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(None);
        }
        self.lenenc_int(field).map(Some)
    }
}
