//! `Mysqlx.Prepare`: prepared statements.

use prost::{Enumeration, Message};

use crate::crud::{Delete, Find, Insert, Update};
use crate::datatypes::Any;
use crate::sql::StmtExecute;

/// A client prepares a statement, under a number that it chooses.
///
/// Documentation page: Mysqlx::Prepare::Prepare.
#[derive(Clone, PartialEq, Message)]
pub struct Prepare {
    /// The number; an earlier statement with this number is freed.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
    /// The statement.
    #[prost(message, required, tag = "2")]
    pub stmt: OneOfMessage,
}

/// A statement that can be prepared.
#[derive(Clone, PartialEq, Message)]
pub struct OneOfMessage {
    /// The field below that has the statement.
    #[prost(enumeration = "OneOfMessageType", required, tag = "1")]
    pub r#type: i32,
    /// `FIND`.
    #[prost(message, optional, boxed, tag = "2")]
    pub find: Option<Box<Find>>,
    /// `INSERT`.
    #[prost(message, optional, boxed, tag = "3")]
    pub insert: Option<Box<Insert>>,
    /// `UPDATE`.
    #[prost(message, optional, boxed, tag = "4")]
    pub update: Option<Box<Update>>,
    /// `DELETE`.
    #[prost(message, optional, boxed, tag = "5")]
    pub delete: Option<Box<Delete>>,
    /// `STMT`.
    #[prost(message, optional, boxed, tag = "6")]
    pub stmt_execute: Option<Box<StmtExecute>>,
}

/// The kind of statement to prepare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum OneOfMessageType {
    /// A [`Find`].
    Find = 0,
    /// An [`Insert`].
    Insert = 1,
    /// An [`Update`].
    Update = 2,
    /// A [`Delete`].
    Delete = 4,
    /// A [`StmtExecute`].
    Stmt = 5,
}

/// A client runs a prepared statement.
///
/// Documentation page: Mysqlx::Prepare::Execute.
#[derive(Clone, PartialEq, Message)]
pub struct Execute {
    /// Its number.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
    /// The values of its placeholders.
    #[prost(message, repeated, tag = "2")]
    pub args: Vec<Any>,
    /// Whether the client needs only the type of each column.
    #[prost(bool, optional, tag = "3")]
    pub compact_metadata: Option<bool>,
}

/// A client frees a prepared statement.
///
/// Documentation page: Mysqlx::Prepare::Deallocate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Deallocate {
    /// Its number.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
}
