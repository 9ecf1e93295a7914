use std::net::SocketAddr;

use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, Nonce};

/// What a session needs from its caller.
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
    /// Whether others may read the traffic. With TLS, the channel becomes secure.
    pub channel: Channel,
    /// Whether TLS is offered.
    pub offer_tls: bool,
    /// Whether logins over a channel that others may read are refused.
    pub require_secure_transport: bool,
    /// The passwords that clients of the protocol have sent in full so far.
    pub passwords: PasswordCache,
}
