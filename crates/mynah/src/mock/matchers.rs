//! Conditions on statements, and on the values in them.
//!
//! What the conditions mean is in
//! [docs/expectations.md](https://github.com/mynah-db/mynah/blob/main/docs/expectations.md): texts are compared
//! without regard to white space outside of quotes, and it makes no difference whether values are bound or literals.

use std::collections::BTreeMap;

use mynah_expect::{Command, Matcher, Origin, Pattern, Protocol, TextMatch, Value, ValueKind};

use super::Condition;

/// The condition that every statement fulfils that is run. (Other commands, such as [`Command::InitDb`], fulfil only
/// conditions made by [`command`].)
pub fn any() -> Condition {
    Condition::default()
}

/// Matches statements with this whole text, in which `?` stands for a value, bound or literal.
pub fn query(text: &str) -> Condition {
    Condition::text(TextMatch::statement(text))
}

/// Matches statements whose text begins with this text; with a blank at its end, its last word must end there in the
/// statement, too.
pub fn prefix(text: &str) -> Condition {
    Condition::text(TextMatch::prefix(text))
}

/// Matches statements in whose text, with one blank for each run of white space outside of quotes, this regular
/// expression is found. The syntax is that of the crate `regex`.
pub fn regex(pattern: &str) -> Condition {
    match Pattern::new(pattern) {
        Ok(pattern) => Condition::text(TextMatch::Regex(pattern)),
        Err(error) => Condition::wrong(error.to_string()),
    }
}

/// Matches statements with the same digest as this statement, such as those that differ from it only in values,
/// comments, white space, or upper and lower case of keywords.
pub fn digest(text: &str) -> Condition {
    Condition::text(TextMatch::digest(text))
}

/// Matches statements with these parameters, in this order. For a [`query`], they are the values in the places of its
/// `?`, bound or literal, and a `?` behind the last of them takes any value; for other conditions, they must be
/// either all bound values or all values of the statement.
pub fn params<V: Into<Matcher>>(values: impl IntoIterator<Item = V>) -> Condition {
    Condition {
        params: Some(values.into_iter().map(Into::into).collect()),
        ..Condition::default()
    }
}

/// Matches statements of the user with this name.
pub fn user(name: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        user: Some(name.into()),
        ..Origin::default()
    })
}

/// Matches statements with this schema in use; use [`null`] for no schema.
pub fn schema(name: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        schema: Some(name.into()),
        ..Origin::default()
    })
}

/// Matches statements of clients with this connection attribute; use [`null`] for clients that don't send it.
pub fn connection_attribute(name: &str, value: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        connection_attributes: BTreeMap::from([(name.to_owned(), value.into())]),
        ..Origin::default()
    })
}

/// Matches statements with this query attribute; use [`null`] for statements without it.
pub fn query_attribute(name: &str, value: impl Into<Matcher>) -> Condition {
    Condition::origin(Origin {
        query_attributes: BTreeMap::from([(name.to_owned(), value.into())]),
        ..Origin::default()
    })
}

/// Matches statements that are sent over this protocol.
pub fn protocol(protocol: Protocol) -> Condition {
    Condition::origin(Origin {
        protocol: Some(protocol),
        ..Origin::default()
    })
}

/// Matches statements that are sent by this command. Commands that aren't statements, such as [`Command::InitDb`],
/// match only by this condition.
pub fn command(command: Command) -> Condition {
    Condition::origin(Origin {
        command: Some(command),
        ..Origin::default()
    })
}

/// Matches the value NULL, in a parameter, a schema or an attribute.
#[must_use]
pub fn null() -> Matcher {
    Matcher::Is(Value::Null)
}

/// Matches any value, NULL included.
#[must_use]
pub fn anything() -> Matcher {
    Matcher::Any
}

/// Matches parameters, users, schemas and attributes whose value is of this type.
#[must_use]
pub fn of_type(kind: ValueKind) -> Matcher {
    Matcher::Type(kind)
}

/// Matches values from `low` to `high`, both included.
#[must_use]
pub fn between(low: impl Into<Value>, high: impl Into<Value>) -> Matcher {
    Matcher::Between(low.into(), high.into())
}

/// Matches values that one of these matches.
#[must_use]
pub fn one_of<V: Into<Matcher>>(values: impl IntoIterator<Item = V>) -> Matcher {
    Matcher::OneOf(values.into_iter().map(Into::into).collect())
}

/// Matches texts and numbers in which this regular expression is found, in the syntax of the crate `regex`.
///
/// # Errors
/// If the regular expression isn't valid.
pub fn matches(pattern: &str) -> Result<Matcher, impl std::error::Error + use<>> {
    Pattern::new(pattern).map(Matcher::Matches)
}
