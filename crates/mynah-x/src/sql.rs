//! `Mysqlx.Sql`: statements as text, and commands of the X Plugin.

use bytes::Bytes;
use prost::Message;

use crate::datatypes::Any;

/// A client runs a statement, or a command.
///
/// Documentation page: Mysqlx::Sql::StmtExecute.
#[derive(Clone, PartialEq, Message)]
pub struct StmtExecute {
    /// The statement's text, or the command's name.
    #[prost(bytes = "bytes", required, tag = "1")]
    pub stmt: Bytes,
    /// What the statement's placeholders stand for, or the command's arguments.
    #[prost(message, repeated, tag = "2")]
    pub args: Vec<Any>,
    /// `sql` for a statement, which is what absent means; `mysqlx` for a command.
    #[prost(string, optional, tag = "3")]
    pub namespace: Option<String>,
    /// Whether the client wants no more of a column than its type.
    #[prost(bool, optional, tag = "4")]
    pub compact_metadata: Option<bool>,
}

/// A statement succeeded, and there is no more to come of it.
///
/// Documentation page: Mysqlx::Sql::StmtExecuteOk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct StmtExecuteOk {}

impl StmtExecute {
    /// Where the statement belongs: `sql` unless it says otherwise.
    #[must_use]
    pub fn namespace_or_default(&self) -> &str {
        self.namespace.as_deref().unwrap_or("sql")
    }
}
