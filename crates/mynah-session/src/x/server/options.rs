use std::net::SocketAddr;

use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, Nonce};

/// What a session can't know by itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// The connection's number unless the handler says another.
    pub connection_id: u32,
    /// Where the client comes from; absent for a Unix socket.
    pub peer: Option<SocketAddr>,
    /// The nonce of the first login unless the handler says another.
    pub nonce: Nonce,
    /// How many bytes a message may have once the client has logged in; 64 MiB is a server's
    /// default.
    pub max_allowed_packet: usize,
    /// Whether anybody may be listening. Once the client has TLS, nobody is.
    pub channel: Channel,
    /// Whether TLS is offered.
    pub offer_tls: bool,
    /// Whether nobody may log in where others may be listening.
    pub require_secure_transport: bool,
    /// The passwords that clients of the protocol have sent in full so far.
    pub passwords: PasswordCache,
}
