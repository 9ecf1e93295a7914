use std::fmt;

use bytes::Bytes;
use mynah_classic::value::Value;
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use super::bytes_json;
use crate::HIDDEN;
use crate::cells::written;
use crate::numbers::ANY_DECIMALS;

/// The value of a placeholder or of a query attribute; also all arguments of a CRUD message or of another command of
/// the X Protocol, as one text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Param {
    /// The value NULL.
    Null,
    /// A number that JSON can express exactly.
    Number(Number),
    /// A text; also a decimal, a date or a time in SQL's form, and a number that JSON can't express exactly.
    Text(String),
    /// Bytes that aren't valid UTF-8, and the values of type BIT.
    Bytes(Bytes),
    /// A keyword in place of a value: `default` or `ignore`, in MariaDB's bulk executions.
    Keyword(String),
}

impl Param {
    /// The value as a client bound it. Bytes are a text if they are UTF-8, except those of a BIT value.
    #[must_use]
    pub fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Number((*number).into()),
            Value::UInt(number) => Self::Number((*number).into()),
            Value::Float(number) => Self::number(&format!("{number:?}")),
            Value::Double(number) => Self::number(&format!("{number:?}")),
            Value::Bytes(bytes) => Self::from_bytes(bytes),
            Value::Bit(bits) => Self::Bytes(Bytes::copy_from_slice(bits.0)),
            other => Self::Text(written(other, ANY_DECIMALS)),
        }
    }

    /// Whether it is hidden, or a part of it.
    #[must_use]
    pub fn may_have_hidden(&self) -> bool {
        matches!(self, Self::Text(text) if text.contains(HIDDEN))
    }

    /// A number from its text; kept as a text if JSON can't express it exactly.
    #[must_use]
    pub fn number(text: &str) -> Self {
        let number = serde_json::from_str::<Number>(text).ok();
        // Readers round what has more digits than a `double`.
        match number.filter(|number| number.to_string() == text) {
            Some(number) => Self::Number(number),
            None => Self::Text(text.to_owned()),
        }
    }

    /// These bytes as a text if they are valid UTF-8, else as bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(Bytes::copy_from_slice(bytes)),
        }
    }

    /// The value in the form that expectations are compared with.
    #[must_use]
    pub fn value(&self) -> mynah_expect::Value {
        use mynah_expect::Value;
        match self {
            Self::Null => Value::Null,
            Self::Number(number) => match mynah_expect::Number::parse(&number.to_string()) {
                Some(number) => Value::Number(number),
                None => Value::Text(number.to_string()),
            },
            Self::Text(text) | Self::Keyword(text) => Value::Text(text.clone()),
            Self::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        }
    }

    /// The same of a placeholder whose type has this name: a text may be a number that JSON can't express exactly.
    #[must_use]
    pub fn value_of_type(&self, type_name: Option<&str>) -> mynah_expect::Value {
        let is_number = type_name.is_some_and(|name| NUMBERS.contains(&name));
        match self {
            Self::Text(text) if is_number => {
                let number = mynah_expect::Number::parse(text);
                number.map_or_else(|| self.value(), mynah_expect::Value::Number)
            }
            _ => self.value(),
        }
    }
}

/// The names of types of numbers whose values are texts in a recording where JSON can't express them.
const NUMBERS: [&str; 5] = ["DECIMAL", "NEWDECIMAL", "FLOAT", "DOUBLE", "LONGLONG"];

impl Serialize for Param {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_none(),
            Self::Number(number) => number.serialize(to),
            Self::Text(text) => to.serialize_str(text),
            Self::Bytes(bytes) => bytes_json::put(bytes, to),
            Self::Keyword(word) => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry("keyword", word)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Param {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ParamVisitor)
    }
}

struct ParamVisitor;

impl<'de> Visitor<'de> for ParamVisitor {
    type Value = Param;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number, null, {\"hex\": …} or {\"base64\": …}")
    }

    fn visit_unit<E: Error>(self) -> Result<Param, E> {
        Ok(Param::Null)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Param, E> {
        Ok(Param::Text(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Param, E> {
        Ok(Param::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Param, E> {
        Ok(Param::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Param, E> {
        let number = Number::from_f64(number);
        number
            .map(Param::Number)
            .ok_or_else(|| Error::custom("a number out of range"))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Param, E> {
        Ok(Param::Number(u8::from(truth).into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Param, A::Error> {
        let key: Option<String> = map.next_key()?;
        let key = key.ok_or_else(|| Error::missing_field("hex"))?;
        match &*key {
            "keyword" => map.next_value().map(Param::Keyword),
            _ => bytes_json::take(&key, &mut map).map(Param::Bytes),
        }
    }
}
