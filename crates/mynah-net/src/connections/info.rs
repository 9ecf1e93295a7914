use std::time::SystemTime;

use crate::{ListenAddress, Protocol};

/// The facts about a connection at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionInfo {
    /// The connection's id. No other open connection of the server has the same one.
    pub id: u32,
    /// The address of the listener that accepted the connection.
    pub listener: ListenAddress,
    /// The protocol of the connection: classic or X.
    pub protocol: Protocol,
    /// The client's address and port, or those of a load balancer that hasn't stated the client's; `localhost` for a
    /// Unix socket.
    pub peer: String,
    /// The address of the load balancer from whose PROXY protocol header the client's address was read; `None` if none
    /// was read.
    pub via: Option<String>,
    /// The name of the logged-in user; `None` before the login.
    pub username: Option<String>,
    /// The schema in use; `None` if there is none.
    pub schema: Option<String>,
    /// In a proxy, the address of the server that the connection was made to; otherwise, and before that, `None`.
    pub server: Option<String>,
    /// How the connection is encrypted; `None` without TLS.
    pub tls: Option<ConnectionTls>,
    /// Which side has closed the connection, in words, while the other side is still open; otherwise `None`.
    pub ended: Option<String>,
    /// How many statements the client has sent. In a server, these are the SQL and CRUD statements, preparations,
    /// executions, commands of the X Plugin and COM_INIT_DBs that its handler was asked about (a COM_PING isn't); in a
    /// proxy, all commands.
    pub statements: u64,
    /// When the connection was accepted.
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
