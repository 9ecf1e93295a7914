//! Which commands a trace is to tell of: a small language, see `docs/tracing.md`.

mod grammar;
mod known;

use std::str::FromStr;

use mynah_session::observe::Outcome;
use thiserror::Error;

use crate::trace::Record;

/// A condition on commands: `command = query and latency > 10ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Condition);

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {expected} is expected")]
pub struct FilterError {
    /// Where, counted in characters from 1.
    pub column: usize,
    /// What has its place there.
    pub expected: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Text(TextField, Match, String),
    Number(NumberField, Order, u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextField {
    Command,
    Sql,
    User,
    Schema,
    Client,
    Listener,
    Server,
    State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberField {
    Connection,
    Error,
    Rows,
    Affected,
    Warnings,
    Sent,
    Received,
    Bytes,
    /// In microseconds, as the two below; of what has no answer no condition holds.
    Latency,
    Waited,
    FirstByte,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Is,
    IsNot,
    Contains,
    ContainsNot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        grammar::parse(text).map(Self)
    }
}

impl Filter {
    /// The first field that is one of commands, and not known of a connection as a whole.
    #[must_use]
    pub fn field_of_commands(&self) -> Option<&'static str> {
        self.0.field_of_commands()
    }

    pub(crate) fn holds(&self, record: &Record<'_>) -> bool {
        self.0.holds(record)
    }
}

impl Condition {
    fn field_of_commands(&self) -> Option<&'static str> {
        match self {
            Self::All(inner) | Self::Any(inner) => inner.iter().find_map(Self::field_of_commands),
            Self::Not(inner) => inner.field_of_commands(),
            Self::Text(field, ..) => match field {
                TextField::Command => Some("command"),
                TextField::Sql => Some("sql"),
                TextField::State => Some("state"),
                _ => None,
            },
            Self::Number(NumberField::Connection, ..) => None,
            Self::Number(field, ..) => Some(match field {
                NumberField::Error => "error",
                NumberField::Rows => "rows",
                NumberField::Affected => "affected",
                NumberField::Warnings => "warnings",
                NumberField::Sent => "sent",
                NumberField::Received => "received",
                NumberField::Bytes => "bytes",
                NumberField::Latency => "latency",
                NumberField::Waited => "waited",
                NumberField::FirstByte => "first_byte",
                NumberField::Connection => "connection",
            }),
        }
    }

    fn holds(&self, record: &Record<'_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|condition| condition.holds(record)),
            Self::Any(any) => any.iter().any(|condition| condition.holds(record)),
            Self::Not(condition) => !condition.holds(record),
            Self::Text(field, how, wanted) => {
                let state = match &record.answer.outcome {
                    Outcome::Failed(error) => error.sql_state.map(|state| state.0),
                    _ => None,
                };
                let found: &[u8] = match field {
                    TextField::Command => record.command.as_bytes(),
                    TextField::Sql => record.sql,
                    TextField::User => &record.about.user,
                    TextField::Schema => &record.about.schema,
                    TextField::Client => record.about.client.as_bytes(),
                    TextField::Listener => record.about.listener.as_bytes(),
                    TextField::Server => record.about.server.as_bytes(),
                    TextField::State => state.as_ref().map_or(b"", |state| &state[..]),
                };
                let wanted = wanted.as_bytes();
                match how {
                    Match::Is => found.eq_ignore_ascii_case(wanted),
                    Match::IsNot => !found.eq_ignore_ascii_case(wanted),
                    Match::Contains => contains(found, wanted),
                    Match::ContainsNot => !contains(found, wanted),
                }
            }
            Self::Number(field, order, wanted) => {
                let answer = record.answer;
                let found = match field {
                    NumberField::Connection => record.about.id.into(),
                    NumberField::Error => match &answer.outcome {
                        Outcome::Failed(error) => error.code.into(),
                        _ => 0,
                    },
                    NumberField::Rows => answer.rows,
                    NumberField::Affected => answer.affected_rows,
                    NumberField::Warnings => answer.warnings.into(),
                    NumberField::Sent => answer.sent,
                    NumberField::Received => answer.received,
                    NumberField::Bytes => answer.sent + answer.received,
                    NumberField::Latency | NumberField::Waited | NumberField::FirstByte => {
                        let Some(timing) = record.timing() else {
                            return false;
                        };
                        let time = match field {
                            NumberField::Waited => timing.waited,
                            NumberField::FirstByte => timing.first_byte,
                            _ => timing.latency,
                        };
                        u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
                    }
                };
                match order {
                    Order::Equal => found == *wanted,
                    Order::NotEqual => found != *wanted,
                    Order::Less => found < *wanted,
                    Order::AtMost => found <= *wanted,
                    Order::More => found > *wanted,
                    Order::AtLeast => found >= *wanted,
                }
            }
        }
    }
}

/// Whether the text has the other in it, in capitals or not.
fn contains(text: &[u8], wanted: &[u8]) -> bool {
    wanted.is_empty()
        || text
            .windows(wanted.len())
            .any(|part| part.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests;
