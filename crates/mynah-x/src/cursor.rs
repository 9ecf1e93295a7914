//! `Mysqlx.Cursor`: results that are fetched in parts.

use prost::{Enumeration, Message};

use crate::prepare::Execute;

/// Runs a prepared statement and opens a cursor on its result; the answer has the first `fetch_rows` rows. Sent
/// by a client.
///
/// Documentation page: Mysqlx::Cursor::Open.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Open {
    /// The cursor's id, which the client chooses. An open cursor with the same id is closed.
    #[prost(uint32, required, tag = "1")]
    pub cursor_id: u32,
    /// The statement to open a cursor on.
    #[prost(message, required, tag = "4")]
    pub stmt: OneOfMessage,
    /// The greatest number of rows to send in the answer; if absent, none are sent.
    #[prost(uint64, optional, tag = "5")]
    pub fetch_rows: Option<u64>,
}

/// The statement that a cursor is opened on: a [`OneOfMessageType`] and the field that belongs to it.
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
    /// The execution of a prepared statement, if the type is `PREPARE_EXECUTE`; with other types it has no meaning, and
    /// is usually absent.
    #[prost(message, optional, tag = "2")]
    pub prepare_execute: Option<Execute>,
}

/// The types of statements that a cursor can be opened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum OneOfMessageType {
    /// The execution of a prepared statement, in `prepare_execute`.
    PrepareExecute = 0,
}

/// Asks for more rows of a cursor. Sent by a client.
///
/// Documentation page: Mysqlx::Cursor::Fetch.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fetch {
    /// The id of the cursor to read from.
    #[prost(uint32, required, tag = "1")]
    pub cursor_id: u32,
    /// The greatest number of rows to send; if absent, none are sent.
    #[prost(uint64, optional, tag = "5")]
    pub fetch_rows: Option<u64>,
}

/// Closes a cursor. Sent by a client.
///
/// Documentation page: Mysqlx::Cursor::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Close {
    /// The id of the cursor to close.
    #[prost(uint32, required, tag = "1")]
    pub cursor_id: u32,
}
