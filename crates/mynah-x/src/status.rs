//! `Mysqlx`: the answers that any message may get.

use prost::{Enumeration, Message};

/// What was asked is done.
///
/// Documentation page: Mysqlx::Ok.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Ok {
    /// Something to say, for people.
    #[prost(string, optional, tag = "1")]
    pub msg: Option<String>,
}

/// What was asked failed.
///
/// Documentation page: Mysqlx::Error.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Error {
    /// Whether the connection goes on; absent means that it does.
    #[prost(enumeration = "Severity", optional, tag = "1")]
    pub severity: Option<i32>,
    /// The server's error number; those of the X Plugin begin at 5000.
    #[prost(uint32, required, tag = "2")]
    pub code: u32,
    /// What went wrong, for people.
    #[prost(string, required, tag = "3")]
    pub msg: String,
    /// The state of standard SQL, five characters.
    #[prost(string, required, tag = "4")]
    pub sql_state: String,
}

/// What an [`Error`] means for the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum Severity {
    /// It goes on.
    Error = 0,
    /// It ends.
    Fatal = 1,
}
