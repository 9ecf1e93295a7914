use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};

/// Writes a code by its name, or as its number if it has none; in formats that aren't for people, always as its number.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_code<S: Serializer>(
    code: u8,
    name: Option<&str>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match name {
        Some(name) if to.is_human_readable() => to.serialize_str(name),
        _ => to.serialize_u8(code),
    }
}

/// Reads a code from its name, or from its number. The function says the name of a code, if it has one.
///
/// # Errors
/// A name that no code has, and those of the deserializer.
pub fn code_from<'de, D: Deserializer<'de>>(
    from: D,
    name: impl Fn(u8) -> Option<&'static str>,
) -> Result<u8, D::Error> {
    match from.is_human_readable() {
        true => from.deserialize_any(CodeVisitor(name)),
        false => from.deserialize_u8(CodeVisitor(name)),
    }
}

struct CodeVisitor<F>(F);

impl<F: Fn(u8) -> Option<&'static str>> Visitor<'_> for CodeVisitor<F> {
    type Value = u8;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or a number of one byte")
    }

    fn visit_u64<E: Error>(self, code: u64) -> Result<u8, E> {
        u8::try_from(code).map_err(|_| E::invalid_value(Unexpected::Unsigned(code), &self))
    }

    fn visit_i64<E: Error>(self, code: i64) -> Result<u8, E> {
        u8::try_from(code).map_err(|_| E::invalid_value(Unexpected::Signed(code), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u8, E> {
        (0..=u8::MAX)
            .find(|code| (self.0)(*code) == Some(text))
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Serde for newtypes of a byte that have a method `name`.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_by_name {
    ($($code:ident),* $(,)?) => {$(
        impl ::serde::Serialize for $code {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::readable::serialize_code(self.0, self.name(), to)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $code {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::readable::code_from(from, |code| Self(code).name()).map(Self)
            }
        }
    )*};
}
