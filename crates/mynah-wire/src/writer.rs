use bytes::{BufMut, BytesMut};

use crate::{EncodeError, EncodeErrorKind};

/// Writes the protocol's basic types; fixed-width integers are [`BufMut`]'s own.
///
/// Documentation page: Protocol::Integer, Protocol::String.
pub trait Writer {
    /// Writes an integer in 1, 3, 4 or 9 bytes.
    fn put_lenenc_int(&mut self, value: u64);

    /// Writes a string behind its length.
    fn put_lenenc_string(&mut self, string: &[u8]);

    /// Writes the byte that stands for NULL where a length-encoded string could be.
    fn put_null(&mut self);

    /// Writes a string and the NUL that ends it.
    ///
    /// # Errors
    /// [`EncodeErrorKind::InnerNul`], under the name `field`.
    fn put_nul_string(&mut self, field: &'static str, string: &[u8]) -> Result<(), EncodeError>;

    /// Writes a string behind a length of one byte.
    ///
    /// # Errors
    /// [`EncodeErrorKind::TooLong`] over 255 bytes, under the name `field`.
    fn put_u8_string(&mut self, field: &'static str, string: &[u8]) -> Result<(), EncodeError>;
}

impl Writer for BytesMut {
    fn put_lenenc_int(&mut self, value: u64) {
        let [a, b, c, ..] = value.to_le_bytes();
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

    fn put_lenenc_string(&mut self, string: &[u8]) {
        self.reserve(9 + string.len());
        self.put_lenenc_int(string.len() as u64);
        self.put_slice(string);
    }

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
#[must_use]
pub fn lenenc_int_len(value: u64) -> usize {
    match value {
        0..=0xfa => 1,
        0xfb..=0xffff => 3,
        0x1_0000..=0xff_ffff => 4,
        _ => 9,
    }
}
