use std::net::SocketAddr;

use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, Nonce};

/// What a session needs from its caller: the connection's id and address, the nonce, limits, whether TLS is offered or
/// needed, the cache of passwords.
#[derive(Clone, Debug)]
pub struct Options {
    /// The connection's id, unless the handler gives another.
    pub connection_id: u32,
    /// The client's address; `None` for a Unix socket.
    pub peer: Option<SocketAddr>,
    /// The nonce of the first login, unless the handler gives another. It must be random.
    pub nonce: Nonce,
    /// The longest message to accept after the login, in bytes. The default of MySQL's servers is 64 MiB.
    pub max_allowed_packet: usize,
    /// Whether others may read the traffic (plain TCP) or not (a Unix socket). With TLS, the channel becomes
    /// secure.
    pub channel: Channel,
    /// Whether clients may switch to TLS, by the capability `tls`.
    pub offer_tls: bool,
    /// Whether logins over an insecure channel are refused, as with the server variable of this name.
    pub require_secure_transport: bool,
    /// The cache of `caching_sha2_password`: hashes of the passwords that clients of this server have sent in full over
    /// the X Protocol and that were right.
    pub passwords: PasswordCache,
}
