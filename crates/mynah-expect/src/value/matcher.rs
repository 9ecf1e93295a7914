use std::cmp::Ordering;
use std::fmt;

use serde_json::{Value as Json, json};

use super::{Pattern, Value};

/// A condition on a value. The examples are its forms in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// The value must be the same as this one: `7`, `"ada"`, `null`.
    Is(Value),
    /// Any value, also NULL: `{any: true}`.
    Any,
    /// Any value of a type: `{type: "number"}`.
    Type(ValueKind),
    /// A text in which a regular expression is found: `{matches: "^a"}`. Numbers are compared in their text
    /// form.
    Matches(Pattern),
    /// A value between two others, both included: `{between: [1, 10]}`.
    Between(Value, Value),
    /// A value that one of these conditions accepts: `{one_of: [1, 2, {matches: "^a"}]}`.
    OneOf(Vec<Self>),
}

/// The types of values that [`Matcher::Type`] knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// The value NULL.
    Null,
    /// A number, or a text in the form of one.
    Number,
    /// A number without a fraction, or a text in the form of one.
    Integer,
    /// A text. A number counts only if it was sent as a text.
    String,
    /// Bytes, which include all texts.
    Bytes,
}

impl ValueKind {
    /// All types, in the order of their declaration.
    pub const ALL: [Self; 5] = [
        Self::Null,
        Self::Number,
        Self::Integer,
        Self::String,
        Self::Bytes,
    ];

    /// The type's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::String => "string",
            Self::Bytes => "bytes",
        }
    }

    fn has(self, value: &Value) -> bool {
        match self {
            Self::Null => *value == Value::Null,
            Self::Number => value.number().is_some(),
            Self::Integer => value.number().is_some_and(|number| number.is_integer()),
            Self::String => matches!(value, Value::Text(_)),
            Self::Bytes => matches!(value, Value::Text(_) | Value::Bytes(_)),
        }
    }
}

impl Matcher {
    /// Whether a value fulfils the condition.
    #[must_use]
    pub fn matches(&self, value: &Value) -> bool {
        match self {
            Self::Is(expected) => expected.is_same(value),
            Self::Any => true,
            Self::Type(kind) => kind.has(value),
            Self::Matches(pattern) => value.to_text().is_some_and(|text| pattern.is_in(&text)),
            Self::Between(low, high) => {
                low.compare(value).is_some_and(Ordering::is_le)
                    && value.compare(high).is_some_and(Ordering::is_le)
            }
            Self::OneOf(several) => several.iter().any(|matcher| matcher.matches(value)),
        }
    }

    /// The condition as JSON that can be read again.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Is(value) => value.to_json(),
            Self::Any => json!({"any": true}),
            Self::Type(kind) => json!({"type": kind.name()}),
            Self::Matches(pattern) => json!({"matches": pattern.as_str()}),
            Self::Between(low, high) => json!({"between": [low.to_json(), high.to_json()]}),
            Self::OneOf(several) => {
                json!({"one_of": several.iter().map(Self::to_json).collect::<Vec<_>>()})
            }
        }
    }
}

macro_rules! matcher_from {
    ($($value:ty),*) => {
        $(impl From<$value> for Matcher {
            /// The same value.
            fn from(value: $value) -> Self {
                Self::Is(Value::from(value))
            }
        })*
    };
}

matcher_from!(Value, &str, String, bool, i32, i64, u32, u64);

impl fmt::Display for Matcher {
    /// Writes the condition so that it can follow the words "should be".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => value.fmt(f),
            Self::Any => f.write_str("anything"),
            Self::Type(kind) => write!(f, "of type {}", kind.name()),
            Self::Matches(pattern) => write!(f, "a match of {}", quoted(pattern.as_str())),
            Self::Between(low, high) => write!(f, "between {low} and {high}"),
            Self::OneOf(several) => {
                f.write_str("one of ")?;
                for (index, matcher) in several.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{matcher}")?;
                }
                Ok(())
            }
        }
    }
}

/// In quotes, for messages.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
