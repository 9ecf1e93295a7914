use std::net::SocketAddr;

use bytes::Bytes;
use mynah_auth::rsa::PrivateKey;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;

/// What a session needs from its caller.
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
    /// Whether others may read the traffic. With TLS, the channel becomes secure.
    pub channel: Channel,
    /// What is offered unless the handler says otherwise, besides what always is.
    pub capabilities: Capabilities,
    /// Whether TLS is offered.
    pub offer_tls: bool,
    /// Whether logins over a channel that others may read are refused.
    pub require_secure_transport: bool,
    /// The key that clients encrypt passwords for. If absent, the session asks for it when a client needs it.
    /// to.
    pub rsa_key: Option<PrivateKey>,
    /// The passwords that clients of the server have sent in full so far.
    pub passwords: PasswordCache,
}
