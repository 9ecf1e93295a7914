use std::net::SocketAddr;

use bytes::Bytes;
use mynah_auth::rsa::PrivateKey;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;

/// What a session needs from its caller: limits, nonces, TLS, keys.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server version of the greeting, unless the handler gives another.
    pub server_version: Bytes,
    /// The connection's id, unless the handler gives another.
    pub connection_id: u32,
    /// The client's address; `None` for a Unix socket.
    pub peer: Option<SocketAddr>,
    /// The nonce of the greeting, unless the handler gives another. It must be random.
    pub nonce: Nonce,
    /// The nonce of an AuthSwitchRequest. It must be random.
    pub switch_nonce: LongNonce,
    /// The longest command to accept, in bytes. The default of MySQL's servers is 64 MiB.
    pub max_allowed_packet: usize,
    /// Whether others may read the traffic (plain TCP) or not (a Unix socket). With TLS, the channel becomes
    /// secure.
    pub channel: Channel,
    /// Capability flags that the greeting offers besides those that a session always has, unless the handler
    /// sets them.
    pub capabilities: Capabilities,
    /// Whether the greeting offers TLS to clients.
    pub offer_tls: bool,
    /// Whether logins over an insecure channel are refused, as with the server variable of this name.
    pub require_secure_transport: bool,
    /// The RSA key that clients encrypt passwords for. If `None`, the session asks for one when a client
    /// needs it.
    pub rsa_key: Option<PrivateKey>,
    /// The cache of `caching_sha2_password`: hashes of the passwords that clients of this server have sent in full.
    pub passwords: PasswordCache,
}
