use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::error_code;
use mynah_classic::response::{SessionStateChanges, SqlState};
use mynah_classic::resultset::ColumnDefinition41;

use crate::{Encodings, Kill, Rows, SessionState};

/// The answer to a [`Statement`](crate::Statement).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// How long to wait before the answer is sent.
    pub exec_time: Duration,
    /// What is sent.
    pub outcome: Outcome,
    /// What is sent after it, in order: the results of several statements or of a procedure. An
    /// error ends them.
    pub more: Vec<Outcome>,
    /// Where its packets are kept, if it is given more than once.
    pub encodings: Option<Encodings>,
}

impl From<Outcome> for Reply {
    /// An answer that is sent at once.
    fn from(outcome: Outcome) -> Self {
        Self {
            exec_time: Duration::ZERO,
            outcome,
            more: Vec::new(),
            encodings: None,
        }
    }
}

/// The result of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded and has no rows to show.
    Ok(Completion),
    /// It has rows to show.
    Rows(ResultSet),
    /// It failed.
    Error(Failure),
    /// The client is asked for a file; [`Handler::file`](crate::Handler::file) answers then.
    LocalInfile(LocalInfile),
    /// A binary log: its events, each as it stands in the log. Only
    /// [`Handler::replicate`](crate::Handler::replicate) has it.
    Binlog(Vec<Bytes>),
    /// It ends another connection, or what that is doing; it succeeds if there is one.
    Kill(Kill),
}

impl Outcome {
    /// Whether it is the OUT parameters of a procedure.
    pub(crate) fn is_out_parameters(&self) -> bool {
        matches!(self, Self::Rows(result) if result.is_out_parameters)
    }
}

/// A file that a client is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalInfile {
    /// The file's name, as the client knows it.
    pub filename: Bytes,
    /// How many bytes are taken; if there are more, the statement fails.
    pub limit: usize,
}

/// A file that a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The name it was asked for by.
    pub filename: Bytes,
    /// What is in it; nothing too if the client hasn't got it or won't give it.
    pub content: Bytes,
}

/// What an OK says of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// How many rows it changed.
    pub affected_rows: u64,
    /// How many rows it found, changed or not, if that isn't how many it changed. A client that asks
    /// for it (CLIENT_FOUND_ROWS) gets this number instead.
    pub found_rows: Option<u64>,
    /// The first number AUTO_INCREMENT gave, 0 for none.
    pub last_insert_id: u64,
    /// State of the session, which is then in it; as the session has it if absent. The flag that says
    /// it changed is added where it did.
    pub status_flags: Option<StatusFlags>,
    /// How many warnings it left.
    pub warning_count: u16,
    /// A text for people; may be empty.
    pub message: Bytes,
    /// The warnings, which clients of the X Protocol get with the answer; others have to ask for them
    /// by a statement.
    pub warnings: Vec<Warning>,
    /// What changed in the session. Sent only to clients with SESSION_TRACK.
    pub session_state_changes: SessionStateChanges,
    /// The state that the session is in from then on, if it changes; the session takes it over even if the client isn't
    /// informed. Status flags and changes are applied after it.
    pub state: Option<Box<SessionState>>,
}

/// A warning that a statement left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// How grave it is.
    pub level: WarningLevel,
    /// The server's error number.
    pub code: u16,
    /// A text for people; may be empty.
    pub message: Bytes,
}

/// How grave a [`Warning`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WarningLevel {
    /// Good to know.
    Note,
    /// A warning.
    #[default]
    Warning,
    /// An error that didn't end the statement.
    Error,
}

/// Rows, what their columns are, and what is said after them. A clone shares both.
///
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSet {
    /// The columns, in order.
    pub columns: Arc<[ColumnDefinition41]>,
    /// The rows, each with a cell for each column.
    pub rows: Rows,
    /// What is said after the last row.
    pub end: Completion,
    /// Whether its only row is the OUT parameters of a procedure, which only a prepared CALL sends.
    pub is_out_parameters: bool,
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
    /// The server ends.
    #[must_use]
    pub fn shut_down() -> Self {
        Self {
            code: error_code::ER_SERVER_SHUTDOWN,
            sql_state: SqlState(*b"08S01"),
            message: "Server shutdown in progress".into(),
        }
    }

    /// The error for a client that names no schema where one is needed.
    #[must_use]
    pub fn no_schema() -> Self {
        Self {
            code: error_code::ER_NO_DB_ERROR,
            sql_state: SqlState(*b"3D000"),
            message: "No database selected".into(),
        }
    }

    /// The error for a variable that is set to a wrong value.
    #[must_use]
    pub fn wrong_value(variable: &str, value: &str) -> Self {
        Self {
            code: error_code::ER_WRONG_VALUE_FOR_VAR,
            sql_state: SqlState(*b"42000"),
            message: format!("Variable '{variable}' can't be set to the value of '{value}'").into(),
        }
    }

    /// A failure with the state HY000.
    #[must_use]
    pub fn general(code: u16, message: impl Into<Bytes>) -> Self {
        Self {
            code,
            sql_state: SqlState::GENERAL_ERROR,
            message: message.into(),
        }
    }

    /// The error for a client that has sent nothing for too long.
    #[must_use]
    pub fn idle_too_long() -> Self {
        Self::general(
            error_code::ER_CLIENT_INTERACTION_TIMEOUT,
            "The client was disconnected by the server because of inactivity. \
             See wait_timeout and interactive_timeout for configuring this behavior.",
        )
    }

    /// The error for a user without a privilege.
    #[must_use]
    pub fn access_denied(privilege: &str) -> Self {
        Self {
            code: error_code::ER_SPECIFIC_ACCESS_DENIED_ERROR,
            sql_state: SqlState(*b"42000"),
            message: format!(
                "Access denied; you need (at least one of) the {privilege} privilege(s) for this operation"
            )
            .into(),
        }
    }
}
