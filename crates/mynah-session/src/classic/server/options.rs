use std::net::SocketAddr;

use bytes::Bytes;
use mynah_auth::rsa::PrivateKey;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;

/// What a session can't know by itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version the greeting claims unless the handler says another.
    pub server_version: Bytes,
    /// The connection's number unless the handler says another.
    pub connection_id: u32,
    /// Where the client comes from; absent for a Unix socket.
    pub peer: Option<SocketAddr>,
    /// The nonce of the greeting unless the handler says another.
    pub nonce: Nonce,
    /// The nonce of a switch to another authentication method.
    pub switch_nonce: LongNonce,
    /// How many bytes a command may have. 64 MiB is a server's default.
    pub max_allowed_packet: usize,
    /// Whether anybody may be listening. Once the client has TLS, nobody is.
    pub channel: Channel,
    /// What is offered unless the handler says otherwise, besides what always is.
    pub capabilities: Capabilities,
    /// Whether TLS is offered.
    pub offer_tls: bool,
    /// Whether nobody may log in where others may be listening.
    pub require_secure_transport: bool,
    /// The key that clients encrypt passwords for. Without one it is asked for when a client has
    /// to.
    pub rsa_key: Option<PrivateKey>,
    /// The passwords that clients of the server have sent in full so far.
    pub passwords: PasswordCache,
}
