//! `Mysqlx.Session`: login, reset, and the end of a session.

use std::fmt;

use bytes::Bytes;
use prost::Message;

/// Starts a login. Sent by a client.
///
/// Documentation page: Mysqlx::Session::AuthenticateStart.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[prost(skip_debug)]
pub struct AuthenticateStart {
    /// The authentication mechanism: `MYSQL41`, `SHA256_MEMORY`, `PLAIN` or `EXTERNAL`.
    #[prost(string, required, tag = "1")]
    pub mech_name: String,
    /// The first data of the mechanism; absent for mechanisms that begin with the server's challenge. With `PLAIN`
    /// it contains the password.
    #[prost(bytes = "bytes", optional, tag = "2")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex", default))]
    pub auth_data: Option<Bytes>,
    /// A response sent before any challenge; MySQL's mechanisms don't use it, so it is absent in messages of MySQL's
    /// clients.
    #[prost(bytes = "bytes", optional, tag = "3")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex", default))]
    pub initial_response: Option<Bytes>,
}

impl fmt::Debug for AuthenticateStart {
    /// Hides the fields that may contain a password.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[prost(skip_debug)]
pub struct AuthenticateContinue {
    /// The server's challenge, or the client's response to it.
    #[prost(bytes = "bytes", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub auth_data: Bytes,
}

impl fmt::Debug for AuthenticateContinue {
    /// Hides the data, from which a password could be guessed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticateContinue")
            .finish_non_exhaustive()
    }
}

/// The login has succeeded. Sent by a server.
///
/// Documentation page: Mysqlx::Session::AuthenticateOk.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthenticateOk {
    /// Further data of the mechanism; empty or absent, as MySQL's mechanisms have none.
    #[prost(bytes = "bytes", optional, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex", default))]
    pub auth_data: Option<Bytes>,
}

/// Resets the session. Sent by a client.
///
/// Documentation page: Mysqlx::Session::Reset.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reset {
    /// Whether the client stays logged in. If it is absent or false, the client has to log in again.
    #[prost(bool, optional, tag = "1")]
    pub keep_open: Option<bool>,
}

/// Ends the session. Sent by a client, which can log in again on the same connection.
///
/// Documentation page: Mysqlx::Session::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Close {}
