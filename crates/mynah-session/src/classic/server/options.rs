use std::net::SocketAddr;

use bytes::Bytes;
use mynah_auth::rsa::PrivateKey;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;

/// What a session needs from its caller: parts of the greeting, the connection's id and address, nonces, limits,
/// whether TLS is offered or needed, the RSA key, the cache of passwords.
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
    /// The nonce of an AuthSwitchRequest at the first login. It must be random.
    pub switch_nonce: LongNonce,
    /// The longest message to accept after the login, in bytes. The default of MySQL's servers is 64 MiB.
    pub max_allowed_packet: usize,
    /// Whether others may read the traffic (plain TCP) or not (a Unix socket). With TLS, the channel becomes
    /// secure.
    pub channel: Channel,
    /// Capability flags that the greeting offers besides the session's own; neither are offered if the handler's
    /// greeting has flags in their place.
    pub capabilities: Capabilities,
    /// Whether clients may use TLS. If not, the greeting has no flag SSL, even if the handler gives one; if so, it has
    /// SSL, unless the handler gives flags without SSL.
    pub offer_tls: bool,
    /// Whether logins over an insecure channel are refused, as with the server variable of this name.
    pub require_secure_transport: bool,
    /// Whether the session asks its handler about commands that concern only the connection or the server, by
    /// [`Question::Administration`](crate::Question::Administration), before it answers them itself.
    pub asks_administration: bool,
    /// Whether the session asks its handler about a bulk execution (MariaDB) as a whole, by
    /// [`Question::Bulk`](crate::Question::Bulk), before it asks about each row.
    pub asks_bulk: bool,
    /// The RSA key that clients encrypt passwords for. If `None`, the session asks for one when a client
    /// needs it.
    pub rsa_key: Option<PrivateKey>,
    /// The cache of `caching_sha2_password`: hashes of the passwords that clients of this server have sent in full and
    /// that were right.
    pub passwords: PasswordCache,
}
