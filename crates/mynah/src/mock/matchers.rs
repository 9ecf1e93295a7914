//! Conditions on statements, and on the values in them.
//!
//! What they mean is in [docs/expectations.md](https://github.com/mynah-db/mynah/blob/main/docs/expectations.md): texts
//! are compared without regard to white space, and it makes no difference whether values are bound or literals.

use std::collections::BTreeMap;

use mynah_expect::{Command, Matcher, Origin, Pattern, Protocol, TextMatch, Value, ValueKind};

use super::Condition;

/// Any statement.
pub fn any() -> Condition {
    Condition::default()
}

/// The whole text of the statement; `?` stands for a parameter.
pub fn query(text: &str) -> Condition {
    Condition::text(TextMatch::statement(text))
}

/// The beginning of the text; a blank at its end must be in the text, too.
pub fn prefix(text: &str) -> Condition {
    Condition::text(TextMatch::prefix(text))
}

/// A regular expression that is found in the text, in the syntax of the crate `regex`.
pub fn regex(pattern: &str) -> Condition {
    match Pattern::new(pattern) {
        Ok(pattern) => Condition::text(TextMatch::Regex(pattern)),
        Err(error) => Condition::wrong(error.to_string()),
    }
}

/// All statements with the same digest as this statement: they differ in their values only.
pub fn digest(text: &str) -> Condition {
    Condition::text(TextMatch::digest(text))
}

/// The parameters, all in order.
pub fn params<V: Into<Matcher>>(values: impl IntoIterator<Item = V>) -> Condition {
    Condition {
        params: Some(values.into_iter().map(Into::into).collect()),
        ..Condition::default()
    }
}

/// The user that is logged in.
pub fn user(name: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        user: Some(name.into()),
        ..Origin::default()
    })
}

/// The schema in use; [`null`] for none.
pub fn schema(name: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        schema: Some(name.into()),
        ..Origin::default()
    })
}

/// A connection attribute; [`null`] if the client doesn't send it.
pub fn connection_attribute(name: &str, value: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        connection_attributes: BTreeMap::from([(name.to_owned(), value.into())]),
        ..Origin::default()
    })
}

/// A query attribute; [`null`] if the client doesn't send it.
pub fn query_attribute(name: &str, value: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        query_attributes: BTreeMap::from([(name.to_owned(), value.into())]),
        ..Origin::default()
    })
}

/// The protocol of the connection.
pub fn protocol(protocol: Protocol) -> Condition {
    Condition::origin(Origin {
        protocol: Some(protocol),
        ..Origin::default()
    })
}

/// The command that the client sends. Some commands, such as [`Command::InitDb`], match only so.
pub fn command(command: Command) -> Condition {
    Condition::origin(Origin {
        command: Some(command),
        ..Origin::default()
    })
}

/// A value: NULL.
#[must_use]
pub fn null() -> Matcher {
    Matcher::Is(Value::Null)
}

/// A value: anything, NULL too.
#[must_use]
pub fn anything() -> Matcher {
    Matcher::Any
}

/// A value: anything of this type.
#[must_use]
pub fn of_type(kind: ValueKind) -> Matcher {
    Matcher::Type(kind)
}

/// A value: from one to the other, both included.
#[must_use]
pub fn between(low: impl Into<Value>, high: impl Into<Value>) -> Matcher {
    Matcher::Between(low.into(), high.into())
}

/// A value: one of these.
#[must_use]
pub fn one_of<V: Into<Matcher>>(values: impl IntoIterator<Item = V>) -> Matcher {
    Matcher::OneOf(values.into_iter().map(Into::into).collect())
}

/// A value: a text or number that a regular expression is found in.
///
/// # Errors
/// When the expression is wrong.
pub fn matches(pattern: &str) -> Result<Matcher, impl std::error::Error + use<>> {
    Pattern::new(pattern).map(Matcher::Matches)
}
