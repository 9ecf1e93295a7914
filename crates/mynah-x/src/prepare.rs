//! `Mysqlx.Prepare`: statements that are kept and run more than once.

use prost::{Enumeration, Message};

use crate::crud::{Delete, Find, Insert, Update};
use crate::datatypes::Any;
use crate::sql::StmtExecute;

/// A client prepares a statement, under a number of its own.
///
/// Documentation page: Mysqlx::Prepare::Prepare.
#[derive(Clone, PartialEq, Message)]
pub struct Prepare {
    /// The number; a statement that had it is given up.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
    /// The statement.
    #[prost(message, required, tag = "2")]
    pub stmt: OneOfMessage,
}

/// A statement that can be prepared.
#[derive(Clone, PartialEq, Message)]
pub struct OneOfMessage {
    /// Which of the fields below has it.
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

/// What kind of statement is prepared.
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

/// A client runs a statement that it has prepared.
///
/// Documentation page: Mysqlx::Prepare::Execute.
#[derive(Clone, PartialEq, Message)]
pub struct Execute {
    /// Its number.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
    /// What its placeholders stand for.
    #[prost(message, repeated, tag = "2")]
    pub args: Vec<Any>,
    /// Whether the client wants no more of a column than its type.
    #[prost(bool, optional, tag = "3")]
    pub compact_metadata: Option<bool>,
}

/// A client gives up a statement that it has prepared.
///
/// Documentation page: Mysqlx::Prepare::Deallocate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Deallocate {
    /// Its number.
    #[prost(uint32, required, tag = "1")]
    pub stmt_id: u32,
}
