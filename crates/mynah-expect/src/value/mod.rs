//! Values of parameters and literals, and conditions on them.

mod matcher;
mod number;
mod pattern;

use std::cmp::Ordering;
use std::fmt;

use mynah_sql::literal;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};

pub(crate) use matcher::quoted;
pub use matcher::{Matcher, ValueKind};
pub use number::{NotFinite, Number};
pub use pattern::Pattern;

/// A value in a statement: a parameter, a query attribute, or a literal in the text. Dates and times are
/// texts in SQL's form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// The value NULL.
    Null,
    /// A number, whatever its type on the wire.
    Number(Number),
    /// A text (valid UTF-8).
    Text(String),
    /// Bytes that aren't valid UTF-8, or that were written in hex or as bits, such as `x'61'`.
    Bytes(Vec<u8>),
}

impl Value {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let bytes = match self {
            Self::Null | Self::Number(_) => 0,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        };
        size_of::<Self>() + bytes
    }

    /// These bytes as a text if they are valid UTF-8, else as bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(bytes.to_vec()),
        }
    }

    /// A value from JSON: numbers, texts and `null`; `true` and `false` are 1 and 0, as in SQL; `{"hex":
    /// "…"}` stands for bytes. `None` for anything else.
    #[must_use]
    pub fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Null => Some(Self::Null),
            Json::Bool(bool) => Some(Self::from(i64::from(*bool))),
            Json::Number(number) => Number::parse(&number.to_string()).map(Self::Number),
            Json::String(text) => Some(Self::Text(text.clone())),
            Json::Object(object) if object.len() == 1 => match object.get("hex") {
                Some(Json::String(digits)) => literal::hex(digits.as_bytes()).map(Self::Bytes),
                _ => None,
            },
            Json::Object(_) | Json::Array(_) => None,
        }
    }

    /// The value as JSON, which [`from_json`](Self::from_json) reads as the same. A number that JSON parsers would
    /// round is written as a text.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => Json::String(text.clone()),
            Self::Bytes(bytes) => {
                let hex = Json::String(to_hex(bytes));
                Json::Object(Map::from_iter([("hex".to_owned(), hex)]))
            }
            Self::Number(number) => {
                let text = number.to_string();
                let json = serde_json::from_str::<serde_json::Number>(&text).ok();
                let exact = |json: &serde_json::Number| {
                    Number::parse(&json.to_string()).as_ref() == Some(number)
                };
                json.filter(exact).map_or(Json::String(text), Json::Number)
            }
        }
    }

    /// Whether two values are the same for a test: numbers by their value, even if one was sent as a text, unless that
    /// has a plus sign or zeros in front (`'007'`), which drivers don't write in numbers; texts by their bytes.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(number), text @ Self::Text(_))
            | (text @ Self::Text(_), Self::Number(number)) => {
                text.sent_number().as_ref() == Some(number)
            }
            (Self::Text(text), Self::Bytes(bytes)) | (Self::Bytes(bytes), Self::Text(text)) => {
                text.as_bytes() == bytes
            }
            _ => self == other,
        }
    }

    /// The order of two values: by value if one is a number, otherwise by bytes, even if both are texts in the form of
    /// numbers. `None` if one is NULL, or if one is a number and the other is neither a number nor a text in the form
    /// of one.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => None,
            (Self::Number(_), _) | (_, Self::Number(_)) => {
                Some(self.number()?.cmp(&other.number()?))
            }
            _ => Some(self.bytes().cmp(other.bytes())),
        }
    }

    /// The value as a whole number; `None` if it is neither a whole number that fits nor a text in the form of one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.number()?.to_string().parse().ok()
    }

    /// The value as a text; `None` for other values, also for numbers.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a number; `None` if it is neither a number nor a text in the form of one.
    #[must_use]
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(number.clone()),
            Self::Text(text) => Number::parse(text),
            Self::Null | Self::Bytes(_) => None,
        }
    }

    /// The number that the value [is the same](Self::is_same) as, if there is one.
    #[must_use]
    pub fn sent_number(&self) -> Option<Number> {
        let is_sent = self.as_str().is_none_or(|text| {
            let unsigned = text.strip_prefix('-').unwrap_or(text);
            !unsigned.starts_with('+') && !matches!(unsigned.as_bytes(), [b'0', b'0'..=b'9', ..])
        });
        self.number().filter(|_| is_sent)
    }

    /// A form of the value that is equal for all values that are [the same](Self::is_same), and for texts in the form of
    /// the same number.
    #[must_use]
    pub fn normal(&self) -> Self {
        let value = match self {
            Self::Bytes(bytes) => Self::from_bytes(bytes),
            value => value.clone(),
        };
        value.sent_number().map_or(value, Self::Number)
    }

    /// The number that it is, or that its bytes are.
    pub(crate) fn written_number(&self) -> Option<Number> {
        match self {
            Self::Bytes(bytes) => Number::parse(str::from_utf8(bytes).ok()?),
            _ => self.number(),
        }
    }

    /// The value as a text: numbers in digits, without zeros at the end of a fraction; bytes that aren't UTF-8 as
    /// U+FFFD. `None` for NULL.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::Null | Self::Number(_) => &[],
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

macro_rules! value_from {
    ($($value:ty => $as:ty),*) => {
        $(impl From<$value> for Value {
            fn from(value: $value) -> Self {
                Self::from(<$as>::from(value))
            }
        })*
    };
}

// `true` and `false` are 1 and 0, as in SQL.
value_from!(bool => i64, i32 => i64, u32 => u64);

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl fmt::Display for Value {
    /// As SQL writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
            Self::Bytes(bytes) => write!(f, "x'{}'", to_hex(bytes)),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("hex", &to_hex(bytes))?;
                map.end()
            }
            Self::Null | Self::Number(_) => self.to_json().serialize(serializer),
        }
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        Value::from_json(&serde_json::from_str(json).unwrap_or_default()).unwrap_or(Value::Null)
    }

    #[test]
    fn values_are_the_same_whatever_they_are_sent_as() {
        for (one, other) in [
            ("1", "1.0"),
            ("1", r#""1""#),
            ("-0.5", r#""-0.50""#),
            ("0", r#""0""#),
            ("true", "1"),
            (r#""a""#, r#"{"hex": "61"}"#),
            ("null", "null"),
        ] {
            assert!(value(one).is_same(&value(other)), "{one} {other}");
        }
        for (one, other) in [
            ("1", r#""x""#),
            ("0", "null"),
            (r#""""#, "null"),
            (r#""1""#, r#""1.0""#),
            ("7", r#""007""#),
            ("7", r#""+7""#),
            ("-7", r#""-07""#),
        ] {
            assert!(!value(one).is_same(&value(other)), "{one} {other}");
        }
    }

    #[test]
    fn what_json_would_round_is_a_text_in_json() {
        let large = Number::parse("0.1234567890123456789012").map(Value::Number);
        let json = large.map(|value| value.to_json());
        assert_eq!(json, Some(Json::from("0.1234567890123456789012")));
        assert_eq!(
            value("18446744073709551615").to_json(),
            Json::from(u64::MAX)
        );
        assert_eq!(value(r#"{"hex": "ff00"}"#).to_string(), "x'ff00'");
    }
}
