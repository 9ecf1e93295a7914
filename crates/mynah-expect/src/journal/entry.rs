use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::call::Call;
use crate::choose::ExpectationId;
use crate::redact;

/// The number of a statement in the journal of its test, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryNumber(pub u64);

/// A statement in a journal: what was sent, what answered it, and how it ended. Preparing a statement has no entry,
/// unless it was unexpected.
#[derive(Clone, Debug)]
pub struct JournalEntry {
    /// The number of the statement in its test.
    pub number: EntryNumber,
    /// When the statement was received.
    pub time: Timestamp,
    /// The statement, with its parameters and its connection. Passwords are hidden, and long texts are cut.
    pub call: Arc<Call>,
    /// The length of the whole statement's text in bytes, if `call` has only its beginning; otherwise `None`.
    pub cut_from: Option<usize>,
    /// Whether `call` has stars (`***`) in place of passwords.
    pub has_secrets: bool,
    /// The part of the mock that answered the statement.
    pub answered_by: AnsweredBy,
    /// The names of the parts of the fault that was played on the answer: `latency, reset_peer`; `None` if there
    /// was none.
    pub fault: Option<String>,
    /// How the statement ended; `None` until its answer is sent or its connection ends.
    pub outcome: Option<Outcome>,
    /// The time from receiving the statement to sending the answer, or to the end of the connection; `None` until
    /// then.
    pub latency: Option<Duration>,
}

/// The part of the mock that answered a statement.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnsweredBy {
    /// No part has answered the statement yet.
    Pending,
    /// An expectation, which doesn't forbid the statement.
    Expectation {
        /// The id of the expectation.
        id: ExpectationId,
        /// The name and the place of the expectation.
        label: Arc<str>,
    },
    /// An expectation with `times` 0, which forbids the statement: the client got an error.
    Forbidden {
        /// The id of the expectation.
        id: ExpectationId,
        /// The name and the place of the expectation.
        label: Arc<str>,
    },
    /// The script; the text is the entry, `entry 3`, or `script` for a function.
    Script(Cow<'static, str>),
    /// The prelude: built-in answers, such as to statements that drivers send on connect.
    Prelude,
    /// The session: the statement is about the connection (such as COM_INIT_DB), and got the answer of a server
    /// that keeps no data.
    Session,
    /// No part: the statement was unexpected, or its answer in a recording can't be played; the client got an error.
    Nothing,
}

impl AnsweredBy {
    /// Whether the statement was unexpected: nothing answered it, or an expectation forbids it.
    #[must_use]
    pub fn is_unexpected(&self) -> bool {
        matches!(self, Self::Nothing | Self::Forbidden { .. })
    }
}

/// How a statement ended. Of several results, the first counts unless one is an error.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The statement ended with OK.
    Ok {
        /// The number of affected rows in the answer.
        affected_rows: u64,
    },
    /// The statement ended with rows.
    Rows {
        /// How many rows were made for the result; fewer than it has if a cursor was closed before its end.
        rows: u64,
    },
    /// The statement ended with an error.
    Error {
        /// The error number, such as 1064.
        code: u16,
        /// The SQL state of the error, five characters.
        sql_state: String,
        /// The message of the error that the client got; passwords in it are hidden.
        message: String,
    },
    /// The connection ended before the whole answer was sent.
    Aborted,
}

impl JournalEntry {
    /// The statement's text, with a note of its whole length if only the beginning is kept.
    #[must_use]
    pub fn statement(&self) -> Cow<'_, str> {
        let text = self.call.statement.text();
        match self.cut_from {
            Some(len) => Cow::Owned(redact::noted(text, len)),
            None => Cow::Borrowed(text),
        }
    }

    /// About how many bytes it takes, besides those of its outcome.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>() + self.call.size()
    }

    /// About how many bytes its outcome takes.
    pub(super) fn outcome_size(&self) -> usize {
        match &self.outcome {
            Some(Outcome::Error { message, .. }) => message.len(),
            _ => 0,
        }
    }
}

impl Serialize for JournalEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (call, connection) = (&self.call, &self.call.connection);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("number", &self.number.0)?;
        map.serialize_entry("time", &self.time.to_string())?;
        map.serialize_entry("connection", &connection.id)?;
        map.serialize_entry("user", &connection.user)?;
        map.serialize_entry("schema", &call.schema)?;
        map.serialize_entry("protocol", &connection.protocol)?;
        map.serialize_entry("command", &call.command)?;
        map.serialize_entry("statement", &self.statement())?;
        map.serialize_entry("digest", call.statement.digest())?;
        map.serialize_entry("params", &call.params)?;
        map.serialize_entry("query_attributes", &call.query_attributes)?;
        let attributes = redact::attributes(&connection.attributes);
        map.serialize_entry("connection_attributes", &attributes)?;
        map.serialize_entry("answered_by", &self.answered_by)?;
        map.serialize_entry(
            "state",
            if self.outcome.is_some() {
                "done"
            } else {
                "pending"
            },
        )?;
        map.serialize_entry("fault", &self.fault)?;
        map.serialize_entry("outcome", &self.outcome)?;
        map.serialize_entry(
            "latency",
            &self.latency.map(|latency| latency.as_secs_f64()),
        )?;
        map.end()
    }
}
