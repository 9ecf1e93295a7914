//! Reads one field of an object: its type, its range, its default.

use std::time::Duration;

use bytes::Bytes;

use super::{Document, Key, Kind, Misfit, Number};

/// An unsigned number up to `max`; `None` if it isn't set.
pub(super) fn unsigned<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
    max: u64,
) -> Result<Option<u64>, D::Error> {
    let value = doc.get(object, key)?;
    if doc.kind(&value) == Kind::Undefined {
        return Ok(None);
    }
    let number = doc.number(&value).ok_or(Misfit::NotUnsigned(key.name))?;
    let number = truncate(number).filter(|n| *n <= max);
    Ok(Some(number.ok_or(Misfit::OutOfRange(key.name))?))
}

/// An unsigned number of 32 bits, if it is set.
pub(super) fn u32<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
) -> Result<Option<u32>, D::Error> {
    let number = unsigned(doc, object, key, u32::MAX.into())?;
    Ok(number.and_then(|n| n.try_into().ok()))
}

/// An unsigned number of 16 bits, if it is set.
pub(super) fn u16<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
) -> Result<Option<u16>, D::Error> {
    let number = unsigned(doc, object, key, u16::MAX.into())?;
    Ok(number.and_then(|n| n.try_into().ok()))
}

/// An unsigned number of 8 bits, if it is set.
pub(super) fn u8<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
) -> Result<Option<u8>, D::Error> {
    let number = unsigned(doc, object, key, u8::MAX.into())?;
    Ok(number.and_then(|n| n.try_into().ok()))
}

/// A string, if it is set.
pub(super) fn string<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
) -> Result<Option<Bytes>, D::Error> {
    string_or(doc, object, key, Misfit::NotString(key.name))
}

/// A string, if it is set; what is set and isn't one is this mistake.
pub(super) fn string_or<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
    misfit: Misfit,
) -> Result<Option<Bytes>, D::Error> {
    let value = doc.get(object, key)?;
    match doc.kind(&value) {
        Kind::Undefined => Ok(None),
        Kind::String => doc.text(&value, bytes).map(Some),
        _ => Err(misfit.into()),
    }
}

/// A string that must be set.
pub(super) fn required_string<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
) -> Result<Bytes, D::Error> {
    string(doc, object, key)?.ok_or_else(|| Misfit::Missing(key.name).into())
}

/// A span of time in milliseconds, if it is set. `wrong` is the error for one that is no number.
pub(super) fn millis<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
    wrong: fn(Kind) -> Misfit,
) -> Result<Option<Duration>, D::Error> {
    let value = doc.get(object, key)?;
    let kind = doc.kind(&value);
    if kind == Kind::Undefined {
        return Ok(None);
    }
    let span = span(doc.number(&value).ok_or(wrong(kind))?);
    Ok(Some(span.ok_or(Misfit::NegativeExecTime)?))
}

/// So many milliseconds; `None` if that is negative or has no end.
pub(super) fn span(millis: Number) -> Option<Duration> {
    match millis {
        Number::Unsigned(millis) => Some(Duration::from_millis(millis)),
        Number::Float(millis) => Duration::try_from_secs_f64(millis / 1000.0).ok(),
    }
}

/// A copy of some text.
pub(super) fn bytes(text: &[u8]) -> Bytes {
    Bytes::copy_from_slice(text)
}

/// The whole part of a number; `None` if it is negative or beyond 64 bits.
fn truncate(number: Number) -> Option<u64> {
    match number {
        Number::Unsigned(n) => Some(n),
        Number::Float(n) if n.is_nan() => Some(0),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in range"
        )]
        Number::Float(n) if (0.0..TWO_TO_64).contains(&n) => Some(n as u64),
        Number::Float(_) => None,
    }
}

const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
