use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::error_code;
use mynah_classic::response::{SessionStateChanges, SqlState};
use mynah_classic::resultset::ColumnDefinition41;
use mynah_fault::Fault;

use crate::{Encodings, Kill, Rows, SessionState};

/// The answer to a [`Statement`](crate::Statement): a result, or several, after a delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// How long to wait before the answer is sent.
    pub exec_time: Duration,
    /// The first result of the statement.
    pub outcome: Outcome,
    /// Further results, in order, if the text has several statements or calls a procedure. The first error among them
    /// is the last that is sent. A client of the classic protocol that takes only one result (without MULTI_RESULTS
    /// and PS_MULTI_RESULTS) gets an error in place of all; one without PS_MULTI_RESULTS gets no OUT parameters.
    pub more: Vec<Outcome>,
    /// A cache of the encoded packets, for a reply that is given more than once; `None` for no cache.
    pub encodings: Option<Encodings>,
    /// The fault that is played on the answer, if [`Handler::draw`](crate::Handler::draw) draws it. The session's
    /// caller plays it; sessions ignore it.
    pub fault: Option<Arc<Fault>>,
}

impl From<Outcome> for Reply {
    /// A reply of one result, without a delay.
    fn from(outcome: Outcome) -> Self {
        Self {
            exec_time: Duration::ZERO,
            outcome,
            more: Vec::new(),
            encodings: None,
            fault: None,
        }
    }
}

/// One result of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Success, without rows: an OK packet, or its counterpart in the X Protocol.
    Ok(Completion),
    /// A result set: columns, then rows.
    Rows(ResultSet),
    /// An error, which ends the answer.
    Error(Failure),
    /// A request to a client of the classic protocol for a file (LOAD DATA LOCAL INFILE). Once the client has sent it,
    /// [`Handler::file`](crate::Handler::file) gives the result. A client without LOCAL_FILES gets an error instead,
    /// and so does one of the X Protocol.
    LocalInfile(LocalInfile),
    /// A binary log, as a list of events, each in the form that it has in the log. Meant for the answer of
    /// [`Handler::replicate`](crate::Handler::replicate); a client of the X Protocol gets an error instead.
    Binlog(Vec<Bytes>),
    /// Ends another connection or its statement, then OK; error 1094 if there is no such connection, and 1317 for
    /// the client's own.
    Kill(Kill),
    /// Packets or messages that are sent as they are, whatever they mean. The session adds no end of the answer
    /// after them.
    Packets(Arc<[RawPacket]>),
}

/// A packet of the classic protocol, a message of the X Protocol or bytes, to be sent whatever they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawPacket {
    /// A packet of the classic protocol, for a session of that protocol.
    Packet {
        /// The packet's sequence id; `None` for the next one of the answer.
        sequence_id: Option<u8>,
        /// The packet's payload, to which the session adds the header.
        payload: Bytes,
    },
    /// A message of the X Protocol, for a session of that protocol.
    Message {
        /// The message's type: a number of [`ServerMessageType`](mynah_x::ServerMessageType), or any other.
        message_type: u8,
        /// The message's payload, to which the session adds the length and the type.
        payload: Bytes,
    },
    /// Bytes that are sent without a header before them.
    Bytes(Bytes),
}

impl Outcome {
    /// Whether it is the OUT parameters of a procedure.
    pub(crate) fn is_out_parameters(&self) -> bool {
        matches!(self, Self::Rows(result) if result.is_out_parameters)
    }
}

/// A request to the client for a file, for LOAD DATA LOCAL INFILE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalInfile {
    /// The file's name on the client's side.
    pub filename: Bytes,
    /// The most bytes that are accepted; the statement fails if the file is longer.
    pub limit: usize,
}

/// A file that a client sent for LOAD DATA LOCAL INFILE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The name that the file was asked for by.
    pub filename: Bytes,
    /// The file's bytes; empty also if the client sends none, for instance because it has no such file.
    pub content: Bytes,
}

/// What an OK packet, or the end of a result set, says of a statement that succeeded; in the X Protocol, notices say
/// some of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The affected rows: how many rows the statement inserted, changed or deleted. Clients of the classic protocol
    /// with CLIENT_FOUND_ROWS get `found_rows` instead, if that is set.
    pub affected_rows: u64,
    /// How many rows the statement found, changed or not, if that differs from `affected_rows`. Clients with
    /// CLIENT_FOUND_ROWS get this number as affected rows.
    pub found_rows: Option<u64>,
    /// The first AUTO_INCREMENT value that the statement generated; 0 for none.
    pub last_insert_id: u64,
    /// The status flags that a client of the classic protocol gets, of which the [lasting](SessionState::LASTING)
    /// ones hold for the session from here on; `None` stands for those of the session. SERVER_SESSION_STATE_CHANGED
    /// is added for clients with SESSION_TRACK if `session_state_changes` isn't empty.
    pub status_flags: Option<StatusFlags>,
    /// How many warnings the statement left. The answer of the classic protocol has this number.
    pub warning_count: u16,
    /// The info text, such as `Rows matched: 1  Changed: 1  Warnings: 0`; may be empty.
    pub message: Bytes,
    /// The warnings themselves. Only clients of the X Protocol get them with the answer, unless they have disabled
    /// that; others have to send SHOW WARNINGS.
    pub warnings: Vec<Warning>,
    /// Ids that the session sends in place of those that it has made, to a client of the X Protocol that inserted
    /// documents without ids; empty to send those that it has made. Answers to other statements don't contain them.
    pub document_ids: Vec<Bytes>,
    /// The session state that the statement changed (schema, variables, transaction). Sent only in OK packets, to
    /// clients with SESSION_TRACK; the session applies a change of its schema, or of a variable that it follows, for
    /// every client.
    pub session_state_changes: SessionStateChanges,
    /// The whole state of the session after the statement, if the statement changes it; it isn't sent to the client.
    /// `status_flags` and `session_state_changes` are applied on top of it.
    pub state: Option<Box<SessionState>>,
}

/// A warning that a statement left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The level, as SHOW WARNINGS has it.
    pub level: WarningLevel,
    /// The number of the warning's error, such as 1265.
    pub code: u16,
    /// The warning's message; may be empty.
    pub message: Bytes,
}

/// The level of a [`Warning`], as SHOW WARNINGS has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WarningLevel {
    /// `Note`: information.
    Note,
    /// `Warning`: something the client should know, such as a value that was cut.
    #[default]
    Warning,
    /// `Error`: an error that didn't end the statement.
    Error,
}

/// A result set: columns, rows, and what follows the rows. A clone shares the columns and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSet {
    /// The columns of the result, in order.
    pub columns: Arc<[ColumnDefinition41]>,
    /// The rows; each has one cell per column.
    pub rows: Rows,
    /// What is sent at the end of the rows: warnings, status flags and the like.
    pub end: Completion,
    /// Whether the only row holds the OUT parameters of a procedure. Such a result is sent only in answer to an
    /// execution of a prepared statement.
    pub is_out_parameters: bool,
}

/// An error as clients get it, for a statement, a login or a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The error number, such as 1064.
    pub code: u16,
    /// The SQL state, five characters, such as `42000`.
    pub sql_state: SqlState,
    /// The error's message, for people.
    pub message: Bytes,
}

impl Failure {
    /// Error 1053: the server shuts down.
    #[must_use]
    pub fn shut_down() -> Self {
        Self {
            code: error_code::ER_SERVER_SHUTDOWN,
            sql_state: SqlState(*b"08S01"),
            message: "Server shutdown in progress".into(),
        }
    }

    /// Error 1046: a schema is needed, and none is in use.
    #[must_use]
    pub fn no_schema() -> Self {
        Self {
            code: error_code::ER_NO_DB_ERROR,
            sql_state: SqlState(*b"3D000"),
            message: "No database selected".into(),
        }
    }

    /// Error 1231: a variable can't be set to this value.
    #[must_use]
    pub fn wrong_value(variable: &str, value: &str) -> Self {
        Self {
            code: error_code::ER_WRONG_VALUE_FOR_VAR,
            sql_state: SqlState(*b"42000"),
            message: format!("Variable '{variable}' can't be set to the value of '{value}'").into(),
        }
    }

    /// An error with this number and message, and the general SQL state `HY000`.
    #[must_use]
    pub fn general(code: u16, message: impl Into<Bytes>) -> Self {
        Self {
            code,
            sql_state: SqlState::GENERAL_ERROR,
            message: message.into(),
        }
    }

    /// Error 4031: the client was idle for longer than `wait_timeout`.
    #[must_use]
    pub fn idle_too_long() -> Self {
        Self::general(
            error_code::ER_CLIENT_INTERACTION_TIMEOUT,
            "The client was disconnected by the server because of inactivity. \
             See wait_timeout and interactive_timeout for configuring this behavior.",
        )
    }

    /// Error 1227: the user lacks this privilege.
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
