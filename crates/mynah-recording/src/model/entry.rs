use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Answer, Column, Param, Text};

/// A statement, and what the server answered to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its text, without a comment that names a test.
    pub stmt: Text,
    /// Of a prepared one, the values of its placeholders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Param>>,
    /// The names of their types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub param_types: Vec<String>,
    /// Of a bulk execution, the values of each row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub param_rows: Vec<Vec<Param>>,
    /// The protocol it came by.
    #[serde(default, skip_serializing_if = "is_classic")]
    pub protocol: Protocol,
    /// The command, where it isn't one that runs a statement in SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Query attributes; no part of the key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Param>,
    /// What the server said when it prepared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepared: Option<Prepared>,
    /// The answers, in order; the last one stays.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

impl Entry {
    /// The command of entries that say what a server answered to a PREPARE.
    pub const PREPARE: &str = "prepare";
    /// The command of bulk executions.
    pub const BULK_EXECUTE: &str = "bulk_execute";
}

/// What the server said of a prepared statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// How many placeholders it has.
    pub params: u16,
    /// The columns of its rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

/// A protocol.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// The classic protocol.
    #[default]
    Classic,
    /// The X Protocol.
    X,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_classic(protocol: &Protocol) -> bool {
    *protocol == Protocol::Classic
}
