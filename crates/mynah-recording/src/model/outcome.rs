use serde::{Deserialize, Serialize};

use super::{Cell, Column, FileAsked};

/// What a server answered to a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done.
    Ok(Completion),
    /// It failed.
    Error(Failure),
    /// Rows.
    Result(ResultSet),
    /// The OUT parameters of a procedure.
    OutParameters(ResultSet),
    /// A file of the client's is asked for.
    LocalInfile(FileAsked),
    /// Several results, one after the other.
    Results(Vec<Self>),
}

/// What an OK says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Completion {
    /// How many rows were changed.
    #[serde(skip_serializing_if = "is_default")]
    pub affected_rows: u64,
    /// How many rows were found, where they aren't as many as were changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_rows: Option<u64>,
    /// The first number that was given to a row.
    #[serde(skip_serializing_if = "is_default")]
    pub last_insert_id: u64,
    /// Status flags; the X Protocol has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How many warnings there are.
    #[serde(skip_serializing_if = "is_default")]
    pub warning_count: u16,
    /// The warnings; only the X Protocol sends them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// A text for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What changed in the session.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub session_trackers: Vec<SessionTracker>,
    /// The ids that documents were given (X Protocol).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub generated_ids: Vec<String>,
}

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// `NOTE`, `WARNING` or `ERROR`.
    pub level: String,
    /// Its number.
    pub code: u32,
    /// What it says.
    pub message: String,
}

/// Something that changed in the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SessionTracker {
    /// A system variable has a new value.
    SystemVariable {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Another schema is in use.
    Schema {
        /// Its name.
        schema: String,
    },
    /// Whether the state has changed.
    State {
        /// `1`, or `0`.
        state: String,
    },
    /// The transaction's id.
    Gtid {
        /// The ids.
        gtid: String,
    },
    /// The state of the transaction.
    TrxState {
        /// Eight characters.
        state: String,
    },
    /// What would begin the transaction anew.
    TrxCharacteristics {
        /// Statements.
        trx_stmt: String,
    },
}

/// An error of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Its number.
    pub code: u32,
    /// Its SQLSTATE.
    #[serde(default = "general_error")]
    pub sql_state: String,
    /// What it says.
    pub message: String,
}

/// Rows, and what is said after them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResultSet {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    #[serde(default)]
    pub rows: Vec<Vec<Cell>>,
    /// What is said after them.
    #[serde(flatten)]
    pub end: Completion,
}

fn general_error() -> String {
    "HY000".to_owned()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
