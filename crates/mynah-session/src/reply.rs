use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::response::{SessionStateChanges, SqlState};
use mynah_classic::resultset::ColumnDefinition41;

use crate::{Encodings, Rows};

/// The answer to a [`Statement`](crate::Statement).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// How long to wait before the answer is sent.
    pub exec_time: Duration,
    /// What is sent.
    pub outcome: Outcome,
    /// Where its packets are kept, if it is given more than once.
    pub encodings: Option<Encodings>,
}

impl From<Outcome> for Reply {
    /// An answer that is sent at once.
    fn from(outcome: Outcome) -> Self {
        Self {
            exec_time: Duration::ZERO,
            outcome,
            encodings: None,
        }
    }
}

/// How a statement ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded and has no rows to show.
    Ok(Completion),
    /// It has rows to show.
    Rows(ResultSet),
    /// It failed.
    Error(Failure),
}

/// What is said of a statement that succeeded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// How many rows it changed.
    pub affected_rows: u64,
    /// The first number AUTO_INCREMENT gave, 0 for none.
    pub last_insert_id: u64,
    /// State of the session; the flag that says it changed is added where it did.
    pub status_flags: StatusFlags,
    /// How many warnings it left.
    pub warning_count: u16,
    /// What there is to say, for people.
    pub message: Bytes,
    /// What changed in the session. Not sent to a client that can't be told.
    pub session_state_changes: SessionStateChanges,
}

/// Rows, what their columns are, and what is said after them. A clone shares both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSet {
    /// The columns, in order.
    pub columns: Arc<[ColumnDefinition41]>,
    /// The rows, each with a cell for each column.
    pub rows: Rows,
    /// What is said after the last row.
    pub end: Completion,
}

/// Why a statement, a login or a connection failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The server's error number.
    pub code: u16,
    /// The state of standard SQL.
    pub sql_state: SqlState,
    /// What went wrong, for people.
    pub message: Bytes,
}

impl Failure {
    /// A failure with the state HY000.
    #[must_use]
    pub fn general(code: u16, message: impl Into<Bytes>) -> Self {
        Self {
            code,
            sql_state: SqlState::GENERAL_ERROR,
            message: message.into(),
        }
    }
}
