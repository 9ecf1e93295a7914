//! `Mysqlx.Cursor`: results that are fetched in parts.

use prost::{Enumeration, Message};

use crate::prepare::Execute;

/// A client runs a statement, and receives its first rows.
///
/// Documentation page: Mysqlx::Cursor::Open.
#[derive(Clone, PartialEq, Message)]
pub struct Open {
    /// A number that the client chooses; an open cursor with this number is closed.
    #[prost(uint32, required, tag = "1")]
    pub cursor_id: u32,
    /// The statement.
    #[prost(message, required, tag = "4")]
    pub stmt: OneOfMessage,
    /// How many rows to send; absent for none.
    #[prost(uint64, optional, tag = "5")]
    pub fetch_rows: Option<u64>,
}

/// A statement that a cursor can be opened for.
#[derive(Clone, PartialEq, Message)]
pub struct OneOfMessage {
    /// The field below that has the statement.
    #[prost(enumeration = "OneOfMessageType", required, tag = "1")]
    pub r#type: i32,
    /// `PREPARE_EXECUTE`.
    #[prost(message, optional, tag = "2")]
    pub prepare_execute: Option<Execute>,
}

/// The kind of statement that a cursor is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum OneOfMessageType {
    /// A prepared statement.
    PrepareExecute = 0,
}

/// A client fetches more rows.
///
/// Documentation page: Mysqlx::Cursor::Fetch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Fetch {
    /// The cursor's number.
    #[prost(uint32, required, tag = "1")]
    pub cursor_id: u32,
    /// The greatest number of rows; absent for none, as in Open.
    #[prost(uint64, optional, tag = "5")]
    pub fetch_rows: Option<u64>,
}

/// A client closes a cursor.
///
/// Documentation page: Mysqlx::Cursor::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Close {
    /// The cursor's number.
    #[prost(uint32, required, tag = "1")]
    pub cursor_id: u32,
}
