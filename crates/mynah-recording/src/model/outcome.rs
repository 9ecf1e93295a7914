use serde::{Deserialize, Serialize};

use super::{Cell, Column, FileAsked, Prepared};

/// A server's result of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Success without rows, such as an OK packet.
    Ok(Completion),
    /// An error that the server sent.
    Error(Failure),
    /// A result set with columns and rows.
    Result(ResultSet),
    /// The OUT parameters of a procedure, as a result set.
    OutParameters(ResultSet),
    /// A request for a file of the client.
    LocalInfile(FileAsked),
    /// Several results, in order.
    Results(Vec<Self>),
    /// The statement is prepared. Only in entries whose command is [`Entry::PREPARE`](crate::Entry::PREPARE).
    Prepared(Prepared),
}

/// The content of an OK packet, or of the end of a result set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Completion {
    /// The number of affected rows; of an UPDATE whose message has both numbers, that of the changed rows.
    #[serde(skip_serializing_if = "is_default")]
    pub affected_rows: u64,
    /// The number of rows that an UPDATE found; `None` if it isn't known, or is the number of changed rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_rows: Option<u64>,
    /// The id that the server sent as last insert id, such as the first AUTO_INCREMENT value that was generated; 0 for
    /// none.
    #[serde(skip_serializing_if = "is_default")]
    pub last_insert_id: u64,
    /// The status flags that describe the session, not the form of the answer (such as MORE_RESULTS_EXISTS); `None` in
    /// the X Protocol, which has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The number of warnings that the statement left.
    #[serde(skip_serializing_if = "is_default")]
    pub warning_count: u16,
    /// The warnings that the server sent with the answer, which only the X Protocol does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The message of an OK packet, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The changes of session state that the server sent with the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub session_trackers: Vec<SessionTracker>,
    /// The ids that the server generated for documents (X Protocol).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub generated_ids: Vec<String>,
}

/// A warning that a statement left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// The level: `NOTE`, `WARNING` or `ERROR`.
    pub level: String,
    /// The error number of the warning, such as 1265.
    pub code: u32,
    /// The warning's message, for people.
    pub message: String,
}

/// A change of session state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SessionTracker {
    /// A system variable has a new value.
    SystemVariable {
        /// The name of the variable.
        name: String,
        /// The new value of the variable, as text.
        value: String,
    },
    /// Another schema is in use.
    Schema {
        /// The name of the schema.
        schema: String,
    },
    /// The server reports whether any state has changed, without details.
    State {
        /// `1` if any state has changed, `0` if none has.
        state: String,
    },
    /// The global ids of committed transactions.
    Gtid {
        /// The ids, as the server writes them.
        gtid: String,
    },
    /// What the open transaction has done so far.
    TrxState {
        /// The state as eight characters; `_` means not done.
        state: String,
    },
    /// The statements that would start a transaction like the open one.
    TrxCharacteristics {
        /// The statements, as SQL; empty if none is needed.
        trx_stmt: String,
    },
    /// A change of a type that has no variant here.
    Other {
        /// The number of the type in the protocol.
        number: u8,
        /// The content of the change after its type and length, as the server sent it, in hex.
        hex: String,
    },
}

/// An error that the server sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The error number, such as 1064.
    pub code: u32,
    /// The SQL state, five characters; `HY000` if the server sent none.
    #[serde(default = "general_error")]
    pub sql_state: String,
    /// The error's message, for people.
    pub message: String,
}

/// A result set: columns, rows, and what follows the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenResultSet")]
pub struct ResultSet {
    /// The columns of the result, in order.
    pub columns: Vec<Column>,
    /// The rows; each has one cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// What was sent after the rows: status flags, warnings and the like.
    #[serde(flatten)]
    pub end: Completion,
}

/// All keys that a result set may have. A flattened structure would take others, too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenResultSet {
    columns: Vec<Column>,
    #[serde(default)]
    rows: Vec<Vec<Cell>>,
    #[serde(default)]
    affected_rows: u64,
    #[serde(default)]
    found_rows: Option<u64>,
    #[serde(default)]
    last_insert_id: u64,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    warning_count: u16,
    #[serde(default)]
    warnings: Vec<Warning>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    session_trackers: Vec<SessionTracker>,
    #[serde(default)]
    generated_ids: Vec<String>,
}

impl From<WrittenResultSet> for ResultSet {
    fn from(written: WrittenResultSet) -> Self {
        Self {
            columns: written.columns,
            rows: written.rows,
            end: Completion {
                affected_rows: written.affected_rows,
                found_rows: written.found_rows,
                last_insert_id: written.last_insert_id,
                status: written.status,
                warning_count: written.warning_count,
                warnings: written.warnings,
                message: written.message,
                session_trackers: written.session_trackers,
                generated_ids: written.generated_ids,
            },
        }
    }
}

fn general_error() -> String {
    "HY000".to_owned()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
