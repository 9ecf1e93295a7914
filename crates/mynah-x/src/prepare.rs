//! `Mysqlx.Prepare`: prepared statements.

use prost::{Enumeration, Message};

use crate::crud::{Delete, Find, Insert, Update};
use crate::datatypes::Any;
use crate::sql::StmtExecute;

/// Prepares a statement, under an id that the client chooses. Sent by a client.
///
/// Documentation page: Mysqlx::Prepare::Prepare.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Prepare {
    /// The statement's id. An earlier statement with the same id is freed.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
    /// The statement to prepare.
    #[prost(message, required, tag = "2")]
    pub stmt: OneOfMessage,
}

/// A statement that can be prepared: a [`OneOfMessageType`] and the field that belongs to it.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OneOfMessage {
    /// Says which of the other fields has the statement: a [`OneOfMessageType`].
    #[prost(enumeration = "OneOfMessageType", required, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<OneOfMessageType>")
    )]
    pub r#type: i32,
    /// The statement to prepare, if the type is `FIND`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "2")]
    pub find: Option<Box<Find>>,
    /// The statement to prepare, if the type is `INSERT`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "3")]
    pub insert: Option<Box<Insert>>,
    /// The statement to prepare, if the type is `UPDATE`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "4")]
    pub update: Option<Box<Update>>,
    /// The statement to prepare, if the type is `DELETE`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "5")]
    pub delete: Option<Box<Delete>>,
    /// The SQL statement to prepare, if the type is `STMT`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "6")]
    pub stmt_execute: Option<Box<StmtExecute>>,
}

/// The types of statements that can be prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum OneOfMessageType {
    /// A [`Find`], in `find`.
    Find = 0,
    /// An [`Insert`], in `insert`.
    Insert = 1,
    /// An [`Update`], in `update`.
    Update = 2,
    /// A [`Delete`], in `delete`.
    Delete = 4,
    /// A [`StmtExecute`], in `stmt_execute`.
    Stmt = 5,
}

/// Runs a prepared statement. Sent by a client.
///
/// Documentation page: Mysqlx::Prepare::Execute.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Execute {
    /// The id of the prepared statement.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
    /// The values of the statement's placeholders, in order.
    #[prost(message, repeated, tag = "2")]
    pub args: Vec<Any>,
    /// Whether the server may leave out the names in column definitions, and send only the types; absent for no.
    #[prost(bool, optional, tag = "3")]
    pub compact_metadata: Option<bool>,
}

/// Frees a prepared statement. Sent by a client.
///
/// Documentation page: Mysqlx::Prepare::Deallocate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Deallocate {
    /// The id of the prepared statement to free.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
}
