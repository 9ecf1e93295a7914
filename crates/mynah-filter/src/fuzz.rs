//! What the fuzz target does with bytes, so that an ordinary test can replay its corpus.

use crate::{Field, Filter, Kind, Record, Value};

/// A field of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Any {
    Command,
    Sql,
    State,
    Error,
    Bytes,
    Latency,
}

impl Field for Any {
    const ALL: &'static [Self] = &[
        Self::Command,
        Self::Sql,
        Self::State,
        Self::Error,
        Self::Bytes,
        Self::Latency,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Sql => "sql",
            Self::State => "state",
            Self::Error => "error",
            Self::Bytes => "bytes",
            Self::Latency => "latency",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Command => Kind::OneOf {
                what: "a command",
                names: &["QUERY", "QUIT"],
            },
            Self::Sql => Kind::Text,
            Self::State => Kind::SqlState,
            Self::Error => Kind::Number { most: 65_535 },
            Self::Bytes => Kind::Size,
            Self::Latency => Kind::Time,
        }
    }
}

struct Of<'a>(&'a [u8]);

impl Record<Any> for Of<'_> {
    fn value(&self, field: Any) -> Value<'_> {
        match field.kind() {
            Kind::Text | Kind::OneOf { .. } | Kind::SqlState => Value::Text(self.0),
            Kind::Number { .. } | Kind::Size => Value::Number(self.0.len() as u64),
            Kind::Time => Value::Absent,
        }
    }
}

/// Fuzz target: reads a text as a filter, and applies it to the value after a NUL. Panics if an error doesn't point
/// into the text, or if the filter in `not (…)` doesn't hold where the filter itself doesn't, and the other way
/// round.
pub fn grammar(data: &[u8]) {
    let (text, value) = match data.iter().position(|&byte| byte == 0) {
        Some(end) => data.split_at(end),
        None => (data, &b""[..]),
    };
    let text = String::from_utf8_lossy(text);
    match text.parse::<Filter<Any>>() {
        Ok(filter) => {
            let record = Of(value);
            // One that is nested as deep as may be can't be nested more.
            if let Ok(opposite) = format!("not ({text})").parse::<Filter<Any>>() {
                assert_ne!(filter.holds(&record), opposite.holds(&record), "{text}");
            }
        }
        Err(error) => {
            let end = text.chars().count() + 1;
            assert!((1..=end).contains(&error.column), "{error}");
        }
    }
}
