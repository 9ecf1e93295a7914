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
    /// The values of the statement's placeholders, or the command's arguments.
    #[prost(message, repeated, tag = "2")]
    pub args: Vec<Any>,
    /// `sql` for a statement, which is the default; `mysqlx` for a command.
    #[prost(string, optional, tag = "3")]
    pub namespace: Option<String>,
    /// Whether the client needs only the type of each column.
    #[prost(bool, optional, tag = "4")]
    pub compact_metadata: Option<bool>,
}

/// A statement has succeeded and is complete.
///
/// Documentation page: Mysqlx::Sql::StmtExecuteOk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct StmtExecuteOk {}

impl StmtExecute {
    /// The namespace; `sql` by default.
    #[must_use]
    pub fn namespace_or_default(&self) -> &str {
        self.namespace.as_deref().unwrap_or("sql")
    }
}
