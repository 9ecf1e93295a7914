use bytes::{BufMut, BytesMut};
use prost::encoding::{decode_varint, encode_varint};

use super::FieldErrorKind;

/// Reads a number from the start.
pub(super) fn number(bytes: &mut &[u8]) -> Result<u64, FieldErrorKind> {
    // Ten bytes without an end count as cut short.
    decode_varint(bytes).map_err(|_| FieldErrorKind::Truncated)
}

/// Reads a number of a narrower type from the start.
pub(super) fn narrow<T: TryFrom<u64>>(bytes: &mut &[u8]) -> Result<T, FieldErrorKind> {
    T::try_from(number(bytes)?).map_err(|_| FieldErrorKind::OutOfRange)
}

/// Writes numbers without trailing zeros, except that the first `needed` are always written.
pub(super) fn put_numbers(w: &mut BytesMut, numbers: &[u64], needed: usize) {
    let last = numbers.iter().rposition(|number| *number != 0);
    let len = last.map_or(0, |last| last + 1).max(needed);
    for number in numbers.iter().take(len) {
        encode_varint(*number, w);
    }
}

pub(super) fn put_sint(w: &mut BytesMut, value: i64) {
    // Zigzag: the sign is the lowest bit.
    let bits = (value << 1) ^ (value >> 63);
    encode_varint(u64::from_ne_bytes(bits.to_ne_bytes()), w);
}

pub(super) fn sint(bytes: &mut &[u8]) -> Result<i64, FieldErrorKind> {
    let bits = number(bytes)?;
    let magnitude = i64::from_ne_bytes((bits >> 1).to_ne_bytes());
    Ok(if bits & 1 == 0 { magnitude } else { !magnitude })
}

pub(super) fn put_uint(w: &mut BytesMut, value: u64) {
    encode_varint(value, w);
}

pub(super) fn put_terminated(w: &mut BytesMut, text: &[u8]) {
    w.reserve(text.len() + 1);
    w.put_slice(text);
    w.put_u8(0);
}
