//! `Mysqlx.Session`: logging in, beginning anew, leaving.

use std::fmt;

use bytes::Bytes;
use prost::Message;

/// A client begins to log in.
///
/// Documentation page: Mysqlx::Session::AuthenticateStart.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[prost(skip_debug)]
pub struct AuthenticateStart {
    /// The mechanism: `MYSQL41`, `SHA256_MEMORY`, `PLAIN`, `EXTERNAL`.
    #[prost(string, required, tag = "1")]
    pub mech_name: String,
    /// What the mechanism sends first; a password, with `PLAIN`.
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub auth_data: Option<Bytes>,
    /// A response to a challenge that nobody has sent.
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub initial_response: Option<Bytes>,
}

impl fmt::Debug for AuthenticateStart {
    /// Without what may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticateStart")
            .field("mech_name", &self.mech_name)
            .finish_non_exhaustive()
    }
}

/// A challenge of the server, or a client's response to it.
///
/// Documentation page: Mysqlx::Session::AuthenticateContinue.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[prost(skip_debug)]
pub struct AuthenticateContinue {
    /// The challenge, or the response.
    #[prost(bytes = "bytes", required, tag = "1")]
    pub auth_data: Bytes,
}

impl fmt::Debug for AuthenticateContinue {
    /// Without what a password could be guessed from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticateContinue")
            .finish_non_exhaustive()
    }
}

/// The client has logged in.
///
/// Documentation page: Mysqlx::Session::AuthenticateOk.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct AuthenticateOk {
    /// More for the mechanism; none of those there are has any.
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub auth_data: Option<Bytes>,
}

/// A client begins anew on its connection.
///
/// Documentation page: Mysqlx::Session::Reset.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Reset {
    /// Whether it stays logged in; if not, it logs in again.
    #[prost(bool, optional, tag = "1")]
    pub keep_open: Option<bool>,
}

/// A client ends its session; it may log in again.
///
/// Documentation page: Mysqlx::Session::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Close {}
