use bytes::Bytes;
use mynah_auth::{LongNonce, Nonce};

/// What a session can't know by itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version the greeting claims unless the handler says another.
    pub server_version: Bytes,
    /// The connection's number unless the handler says another.
    pub connection_id: u32,
    /// The nonce of the greeting unless the handler says another.
    pub nonce: Nonce,
    /// The nonce of a switch to another authentication method.
    pub switch_nonce: LongNonce,
    /// How many bytes a command may have. 64 MiB is a server's default.
    pub max_allowed_packet: usize,
}
