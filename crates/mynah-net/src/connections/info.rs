use std::time::SystemTime;

use crate::{ListenAddress, Protocol};

/// The state of a connection at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionInfo {
    /// The connection's number. No other open connection of the server has it.
    pub id: u32,
    /// The listener that accepted it.
    pub listener: ListenAddress,
    /// The protocol spoken on it.
    pub protocol: Protocol,
    /// The client's address and port, or `localhost` for a Unix socket.
    pub peer: String,
    /// The address of the load balancer in between, if one has stated the client's address.
    pub via: Option<String>,
    /// The user's name; absent before the login.
    pub username: Option<String>,
    /// The schema in use, if there is one.
    pub schema: Option<String>,
    /// How the connection is encrypted; absent if it isn't.
    pub tls: Option<ConnectionTls>,
    /// Which side has closed the connection, as a phrase, while the other side hasn't yet.
    pub ended: Option<String>,
    /// How many statements the client has sent.
    pub statements: u64,
    /// When it was accepted.
    pub since: SystemTime,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionTls {
    /// The version of the protocol, as OpenSSL names it: `TLSv1.3`.
    pub version: &'static str,
    /// The cipher, as OpenSSL names it: `TLS_AES_256_GCM_SHA384`.
    pub cipher: &'static str,
}
