use std::fmt;

use bytes::Bytes;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bytes_json;

/// A cell of a recorded row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// The value NULL.
    Null,
    /// A text, or a value of another type in SQL's text form.
    Text(String),
    /// Bytes that aren't readable text, or of a type such as BIT, as the server sent them.
    Bytes(Bytes),
}

impl Cell {
    /// These bytes as a text if they are UTF-8 without control characters (other than line breaks and tabs), else as
    /// bytes.
    #[must_use]
    pub fn readable(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) if !text.chars().any(is_unreadable) => Self::Text(text.to_owned()),
            _ => Self::Bytes(Bytes::copy_from_slice(bytes)),
        }
    }

    /// The bytes of the cell, those of a text in UTF-8; `None` for NULL.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.as_bytes()),
            Self::Bytes(bytes) => Some(bytes),
        }
    }
}

/// Whether it says nothing to people.
fn is_unreadable(character: char) -> bool {
    character.is_control() && !['\n', '\r', '\t'].contains(&character)
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_none(),
            Self::Text(text) => to.serialize_str(text),
            Self::Bytes(bytes) => bytes_json::put(bytes, to),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, null, {\"hex\": …} or {\"base64\": …}")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Text(text))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Text(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Text(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell::Text(number.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let key: Option<String> = map.next_key()?;
        let key = key.ok_or_else(|| Error::missing_field("hex"))?;
        bytes_json::take(&key, &mut map).map(Cell::Bytes)
    }
}
