//! `Mysqlx.Sql`: statements as text, and commands of the X Plugin.

use bytes::Bytes;
use prost::Message;

use crate::datatypes::Any;

/// Runs an SQL statement, or a command of the X Plugin. Sent by a client.
///
/// Documentation page: Mysqlx::Sql::StmtExecute.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StmtExecute {
    /// The statement's SQL, or the command's name.
    #[prost(bytes = "bytes", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub stmt: Bytes,
    /// The values of the statement's placeholders, or the arguments of the command.
    #[prost(message, repeated, tag = "2")]
    pub args: Vec<Any>,
    /// `sql` for an SQL statement, which is the default if it is absent; `mysqlx` for a command.
    #[prost(string, optional, tag = "3")]
    pub namespace: Option<String>,
    /// Whether the server may leave out the names in column definitions, and send only the types; absent for no.
    #[prost(bool, optional, tag = "4")]
    pub compact_metadata: Option<bool>,
}

/// The end of the answer to a statement that succeeded, as SQL, a command, a CRUD message, an execution or a fetch.
/// Messages about views get an [`Ok`](crate::status::Ok) instead.
///
/// Documentation page: Mysqlx::Sql::StmtExecuteOk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StmtExecuteOk {}

impl StmtExecute {
    /// The message's namespace, `sql` if it has none.
    #[must_use]
    pub fn namespace_or_default(&self) -> &str {
        self.namespace.as_deref().unwrap_or("sql")
    }
}
