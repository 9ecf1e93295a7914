//! `Mysqlx`: the answers to any message.

use prost::{Enumeration, Message};

/// A request was successful.
///
/// Documentation page: Mysqlx::Ok.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Ok {
    /// A text for display.
    #[prost(string, optional, tag = "1")]
    pub msg: Option<String>,
}

/// A request failed.
///
/// Documentation page: Mysqlx::Error.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Error {
    /// Whether the connection continues; absent means that it does.
    #[prost(enumeration = "Severity", optional, tag = "1")]
    pub severity: Option<i32>,
    /// The server's error number; those of the X Plugin begin at 5000.
    #[prost(uint32, required, tag = "2")]
    pub code: u32,
    /// What went wrong, for display.
    #[prost(string, required, tag = "3")]
    pub msg: String,
    /// The SQLSTATE, five characters.
    #[prost(string, required, tag = "4")]
    pub sql_state: String,
}

/// The effect of an [`Error`] on the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum Severity {
    /// It continues.
    Error = 0,
    /// It is closed.
    Fatal = 1,
}
