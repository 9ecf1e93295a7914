use std::fmt;

use bytes::Bytes;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are text in general: written as a string, or as an object if they are no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text<B>(
    /// The bytes.
    pub B,
);

/// Bytes that aren't text in general: written as an object with hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hex<B>(
    /// The bytes.
    pub B,
);

impl<B: AsRef<[u8]>> Serialize for Text<B> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let bytes = self.0.as_ref();
        match str::from_utf8(bytes) {
            Ok(text) if to.is_human_readable() && !text.chars().any(is_unreadable) => {
                to.serialize_str(text)
            }
            _ => Hex(bytes).serialize(to),
        }
    }
}

impl<B: AsRef<[u8]>> Serialize for Hex<B> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let bytes = self.0.as_ref();
        if !to.is_human_readable() {
            return to.serialize_bytes(bytes);
        }
        let mut map = to.serialize_map(Some(1))?;
        map.serialize_entry(HEX, &HEXLOWER.encode(bytes))?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Text<Bytes> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.is_human_readable() {
            true => from.deserialize_any(BytesVisitor),
            false => from.deserialize_byte_buf(BytesVisitor),
        }
        .map(Self)
    }
}

impl<'de> Deserialize<'de> for Hex<Bytes> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Text::deserialize(from).map(|Text(bytes)| Self(bytes))
    }
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or {\"hex\": …}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        Ok(Bytes::copy_from_slice(text.as_bytes()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Bytes, E> {
        Ok(text.into())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes::copy_from_slice(bytes))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(bytes.into())
    }

    /// Some formats have no bytes, and write them as a list of numbers.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bytes, A::Error> {
        let Some((key, digits)) = map.next_entry::<String, String>()? else {
            return Err(Error::missing_field(HEX));
        };
        if key != HEX {
            return Err(Error::unknown_field(&key, &[HEX]));
        }
        if map.next_key::<IgnoredAny>()?.is_some() {
            return Err(Error::custom("a key behind `hex`"));
        }
        let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes());
        bytes
            .map(Bytes::from)
            .map_err(|error| Error::custom(format_args!("hex: {error}")))
    }
}

/// Whether a character says nothing to people.
fn is_unreadable(character: char) -> bool {
    character.is_control() && !['\n', '\r', '\t'].contains(&character)
}

const HEX: &str = "hex";
