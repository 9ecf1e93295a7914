//! Bytes that are text in general, for `#[serde(with = "…")]`: a string, or an object if they are no text.

use serde::{Deserializer, Serializer};

use super::{FromStrings, ToStrings};

/// Writes bytes, or several strings of bytes, each as a string if it is text.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(bytes: &impl ToStrings, to: S) -> Result<S::Ok, S::Error> {
    bytes.put::<true, S>(to)
}

/// Reads bytes in either form.
///
/// # Errors
/// A value of another form, digits that aren't hexadecimal, and those of the deserializer.
pub fn deserialize<'de, T: FromStrings, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::take(from)
}
