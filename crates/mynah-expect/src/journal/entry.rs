use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::call::Call;
use crate::choose::ExpectationId;

/// The number of a statement in its test, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryNumber(pub u64);

/// A statement in the journal.
#[derive(Clone, Debug)]
pub struct JournalEntry {
    /// Its number.
    pub number: EntryNumber,
    /// When it came.
    pub time: Timestamp,
    /// The statement, with its parameters and its connection.
    pub call: Arc<Call>,
    /// What answered it.
    pub answered_by: AnsweredBy,
    /// What came of it; absent while it is pending.
    pub outcome: Option<Outcome>,
    /// How long it took; absent while it is pending.
    pub latency: Option<Duration>,
}

/// What answered a statement.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnsweredBy {
    /// Nothing has yet.
    Pending,
    /// An expectation.
    Expectation {
        /// Its number.
        id: ExpectationId,
        /// Its name and place.
        label: Arc<str>,
    },
    /// An expectation that forbids it.
    Forbidden {
        /// Its number.
        id: ExpectationId,
        /// Its name and place.
        label: Arc<str>,
    },
    /// An entry or a function of the script: where.
    Script(Arc<str>),
    /// The statements that the mock knows by itself.
    Prelude,
    /// The session, which does what a server does that keeps nothing: commands about a connection.
    Session,
    /// Nothing: it was unexpected.
    Nothing,
}

impl AnsweredBy {
    /// Whether the statement was unexpected.
    #[must_use]
    pub fn is_unexpected(&self) -> bool {
        matches!(self, Self::Nothing | Self::Forbidden { .. })
    }
}

/// The outcome of a statement.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It succeeded, and changed so many rows.
    Ok {
        /// How many.
        affected_rows: u64,
    },
    /// It gave rows.
    Rows {
        /// How many.
        rows: u64,
    },
    /// It failed.
    Error {
        /// The error's number.
        code: u16,
        /// Its state of standard SQL.
        sql_state: String,
        /// The message that the client got.
        message: String,
    },
    /// The connection ended before the answer did.
    Aborted,
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
        map.serialize_entry("statement", call.statement.text())?;
        map.serialize_entry("digest", call.statement.digest())?;
        map.serialize_entry("params", &call.params)?;
        map.serialize_entry("query_attributes", &call.query_attributes)?;
        map.serialize_entry("connection_attributes", &connection.attributes)?;
        map.serialize_entry("answered_by", &self.answered_by)?;
        map.serialize_entry(
            "state",
            if self.outcome.is_some() {
                "done"
            } else {
                "pending"
            },
        )?;
        map.serialize_entry("outcome", &self.outcome)?;
        map.serialize_entry(
            "latency",
            &self.latency.map(|latency| latency.as_secs_f64()),
        )?;
        map.end()
    }
}
