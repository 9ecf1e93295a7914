//! `Mysqlx`: the answers to any message.

use prost::{Enumeration, Message};

/// The answer to a request that succeeded and has no data.
///
/// Documentation page: Mysqlx::Ok.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Ok {
    /// A message that the server adds, for people; absent for none.
    #[prost(string, optional, tag = "1")]
    pub msg: Option<String>,
}

/// The answer to a request that failed.
///
/// Documentation page: Mysqlx::Error.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Error {
    /// A [`Severity`], which says whether the connection stays open. If it is absent, the connection stays open.
    #[prost(enumeration = "Severity", optional, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<Severity>", default)
    )]
    pub severity: Option<i32>,
    /// The error number. The X Plugin's own numbers begin at 5000.
    #[prost(uint32, required, tag = "2")]
    pub code: u32,
    /// The error's message, for people.
    #[prost(string, required, tag = "3")]
    pub msg: String,
    /// The SQL state, five characters.
    #[prost(string, required, tag = "4")]
    pub sql_state: String,
}

/// What an [`Error`] means for the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum Severity {
    /// The request failed, and the connection stays open.
    Error = 0,
    /// The server closes the connection.
    Fatal = 1,
}
