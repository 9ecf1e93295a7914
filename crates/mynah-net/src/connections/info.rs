use std::time::SystemTime;

use crate::{ListenAddress, Protocol};

/// What is known of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionInfo {
    /// Its number, which no other connection of the server has.
    pub id: u32,
    /// Where it came in.
    pub listener: ListenAddress,
    /// What is spoken on it.
    pub protocol: Protocol,
    /// Where it comes from: address and port, or `localhost` for a Unix socket.
    pub peer: String,
    /// Where the load balancer is that has brought it, if one has said where it comes from.
    pub via: Option<String>,
    /// The user's name; absent before the login.
    pub username: Option<String>,
    /// The schema in use, if there is one.
    pub schema: Option<String>,
    /// How it is encrypted, if it is.
    pub tls: Option<ConnectionTls>,
    /// Which side has ended it, in words, where the other has still to be told or to leave.
    pub ended: Option<String>,
    /// How many statements it has sent.
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
