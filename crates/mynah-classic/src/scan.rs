//! Fast reading of fields from the start of a slice, and fast writing of strings, for code that
//! runs once per cell. All other code uses [`mynah_wire::Reader`] and [`mynah_wire::Writer`].
//!
//! A field that is cut short is `None`, which costs nothing; [`lenenc_error`] and [`truncated`]
//! then make the error.

use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, DecodeErrorKind, Writer};

#[inline]
pub(crate) fn array<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (array, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*array)
}

#[inline]
pub(crate) fn slice<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (slice, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(slice)
}

/// A length-encoded integer.
#[inline]
pub(crate) fn lenenc_int(rest: &mut &[u8]) -> Option<u64> {
    let (&first, after) = rest.split_first()?;
    let (value, after) = match first {
        0..0xfb => (first.into(), after),
        _ => long_len(first, after)?,
    };
    *rest = after;
    Some(value)
}

/// Reads a length-encoded string; moves on only if all of it is there.
#[inline]
pub(crate) fn lenenc_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (&first, after) = rest.split_first()?;
    if first < 0xfb {
        let (string, after) = after.split_at_checked(usize::from(first))?;
        *rest = after;
        return Some(string);
    }
    let (len, after) = long_len(first, after)?;
    let (string, after) = after.split_at_checked(usize::try_from(len).ok()?)?;
    *rest = after;
    Some(string)
}

/// Appends a length-encoded string.
#[inline]
pub(crate) fn put_lenenc_string(w: &mut BytesMut, string: &[u8]) {
    match u8::try_from(string.len()) {
        Ok(len @ 0..0xfb) => {
            w.reserve(1 + string.len());
            w.put_u8(len);
            w.put_slice(string);
        }
        _ => w.put_lenenc_string(string),
    }
}

/// The error for a length-encoded string that can't be read from the start of `rest`.
#[cold]
pub(crate) fn lenenc_error(field: &'static str, offset: usize, rest: &[u8]) -> DecodeError {
    let Some((&first, after)) = rest.split_first() else {
        return truncated(field, offset, 1, 0);
    };
    let kind = match first {
        0xfb | 0xff => DecodeErrorKind::Unexpected {
            found: first.into(),
        },
        _ => {
            let width = match first {
                0xfc => 2,
                0xfd => 3,
                0xfe => 8,
                _ => 0,
            };
            let len = match first {
                0..0xfb => u64::from(first),
                _ => long_len(first, after).map_or(0, |(len, _)| len),
            };
            let needed = usize::try_from(len).unwrap_or(usize::MAX);
            let needed = needed.saturating_add(1 + width);
            return truncated(field, offset, needed, rest.len());
        }
    };
    DecodeError {
        field,
        offset,
        kind,
    }
}

/// The error for a field of `needed` bytes of which only `left` are there.
#[cold]
pub(crate) fn truncated(
    field: &'static str,
    offset: usize,
    needed: usize,
    left: usize,
) -> DecodeError {
    DecodeError {
        field,
        offset,
        kind: DecodeErrorKind::Truncated { needed, left },
    }
}

/// The length after a first byte of 0xfc or more, and the bytes after it.
fn long_len(first: u8, mut after: &[u8]) -> Option<(u64, &[u8])> {
    let len = match first {
        0xfc => array::<2>(&mut after).map(|[a, b]| [a, b, 0, 0, 0, 0, 0, 0]),
        0xfd => array::<3>(&mut after).map(|[a, b, c]| [a, b, c, 0, 0, 0, 0, 0]),
        0xfe => array::<8>(&mut after),
        _ => None,
    };
    Some((u64::from_le_bytes(len?), after))
}
