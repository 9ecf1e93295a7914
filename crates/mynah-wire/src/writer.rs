use bytes::{BufMut, BytesMut};

use crate::{EncodeError, EncodeErrorKind};

/// Writes the protocol's basic types. Integers of 1, 2, 4 and 8 bytes and floating-point numbers
/// have methods in [`BufMut`] itself (`put_u16_le`, `put_f64_le` ...).
///
/// Documentation page: Integer Types, String Types.
pub trait Writer {
    /// Writes an integer of three bytes.
    ///
    /// # Errors
    /// [`EncodeErrorKind::OutOfRange`] for values over 2²⁴−1, under the name `field`.
    fn put_u24(&mut self, field: &'static str, value: u32) -> Result<(), EncodeError>;

    /// Writes an integer of six bytes.
    ///
    /// # Errors
    /// [`EncodeErrorKind::OutOfRange`] for values over 2⁴⁸−1, under the name `field`.
    fn put_u48(&mut self, field: &'static str, value: u64) -> Result<(), EncodeError>;

    /// Writes an integer in the length-encoded form, of 1, 3, 4 or 9 bytes.
    fn put_lenenc_int(&mut self, value: u64);

    /// Writes an integer in the length-encoded form, of 1, 3, 4 or 9 bytes, or for `None` the byte that stands for
    /// NULL.
    fn put_lenenc_int_or_null(&mut self, value: Option<u64>);

    /// Writes the bits of a signed integer in the length-encoded form, of 1, 3, 4 or 9 bytes: 9 if it is negative.
    fn put_lenenc_signed_int(&mut self, value: i64);

    /// Writes a string behind its length-encoded length.
    fn put_lenenc_string(&mut self, string: &[u8]);

    /// Writes a string behind its length-encoded length, or for `None` the byte that stands for NULL.
    fn put_lenenc_string_or_null(&mut self, string: Option<&[u8]>);

    /// Writes the bytes that `write` writes as one length-encoded string.
    ///
    /// # Errors
    /// The error of `write`; the buffer is then unchanged.
    fn put_lenenc_with<E>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E>;

    /// Writes the byte 0xfb, which stands for NULL where a length-encoded string could be.
    fn put_null(&mut self);

    /// Writes a string and the NUL that ends it.
    ///
    /// # Errors
    /// [`EncodeErrorKind::InnerNul`], under the name `field`.
    fn put_nul_string(&mut self, field: &'static str, string: &[u8]) -> Result<(), EncodeError>;

    /// Writes a string behind a length of one byte.
    ///
    /// # Errors
    /// [`EncodeErrorKind::TooLong`] for more than 255 bytes, under the name `field`.
    fn put_u8_string(&mut self, field: &'static str, string: &[u8]) -> Result<(), EncodeError>;
}

impl Writer for BytesMut {
    #[inline]
    fn put_u24(&mut self, field: &'static str, value: u32) -> Result<(), EncodeError> {
        let [a, b, c, 0] = value.to_le_bytes() else {
            return Err(out_of_range(field, value.into(), 0xff_ffff));
        };
        self.put_slice(&[a, b, c]);
        Ok(())
    }

    #[inline]
    fn put_u48(&mut self, field: &'static str, value: u64) -> Result<(), EncodeError> {
        let [a, b, c, d, e, f, 0, 0] = value.to_le_bytes() else {
            return Err(out_of_range(field, value, 0xffff_ffff_ffff));
        };
        self.put_slice(&[a, b, c, d, e, f]);
        Ok(())
    }

    #[inline]
    fn put_lenenc_int(&mut self, value: u64) {
        let [a, b, c, ..] = value.to_le_bytes();
        // 0xfb is NULL and 0xff an error's first byte, so neither is used for a number.
        match value {
            0..=0xfa => self.put_u8(a),
            0xfb..=0xffff => self.put_slice(&[0xfc, a, b]),
            0x1_0000..=0xff_ffff => self.put_slice(&[0xfd, a, b, c]),
            _ => {
                self.put_u8(0xfe);
                self.put_u64_le(value);
            }
        }
    }

    #[inline]
    fn put_lenenc_int_or_null(&mut self, value: Option<u64>) {
        match value {
            Some(value) => self.put_lenenc_int(value),
            None => self.put_null(),
        }
    }

    #[inline]
    fn put_lenenc_signed_int(&mut self, value: i64) {
        self.put_lenenc_int(value.cast_unsigned());
    }

    #[inline]
    fn put_lenenc_string(&mut self, string: &[u8]) {
        self.reserve(lenenc_string_len(string.len()));
        self.put_lenenc_int(string.len() as u64);
        self.put_slice(string);
    }

    #[inline]
    fn put_lenenc_string_or_null(&mut self, string: Option<&[u8]>) {
        match string {
            Some(string) => self.put_lenenc_string(string),
            None => self.put_null(),
        }
    }

    fn put_lenenc_with<E>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        // Most lengths take one byte, so one byte is left for the length; a longer string moves.
        let start = self.len();
        self.put_u8(0);
        if let Err(error) = write(self) {
            self.truncate(start);
            return Err(error);
        }
        let len = self.len().saturating_sub(start + 1);
        match (u8::try_from(len), self.get_mut(start)) {
            (Ok(small @ ..=0xfa), Some(place)) => *place = small,
            _ => {
                let string = self.split_off(start + 1);
                self.truncate(start);
                self.put_lenenc_string(&string);
            }
        }
        Ok(())
    }

    #[inline]
    fn put_null(&mut self) {
        self.put_u8(0xfb);
    }

    fn put_nul_string(&mut self, field: &'static str, string: &[u8]) -> Result<(), EncodeError> {
        if let Some(at) = string.iter().position(|&byte| byte == 0) {
            let kind = EncodeErrorKind::InnerNul { at };
            return Err(EncodeError { field, kind });
        }
        self.put_slice(string);
        self.put_u8(0);
        Ok(())
    }

    fn put_u8_string(&mut self, field: &'static str, string: &[u8]) -> Result<(), EncodeError> {
        let len = u8::try_from(string.len()).map_err(|_| EncodeError {
            field,
            kind: EncodeErrorKind::TooLong {
                len: string.len(),
                max: usize::from(u8::MAX),
            },
        })?;
        self.put_u8(len);
        self.put_slice(string);
        Ok(())
    }
}

/// How many bytes the length-encoded form of `value` takes: 1, 3, 4 or 9.
#[inline]
#[must_use]
pub fn lenenc_int_len(value: u64) -> usize {
    match value {
        0..=0xfa => 1,
        0xfb..=0xffff => 3,
        0x1_0000..=0xff_ffff => 4,
        _ => 9,
    }
}

/// How many bytes a string of `len` bytes takes in the length-encoded form, with its length before it.
#[inline]
#[must_use]
pub fn lenenc_string_len(len: usize) -> usize {
    lenenc_int_len(len as u64).saturating_add(len)
}

#[cold]
fn out_of_range(field: &'static str, value: u64, max: u64) -> EncodeError {
    let kind = EncodeErrorKind::OutOfRange { value, max };
    EncodeError { field, kind }
}
