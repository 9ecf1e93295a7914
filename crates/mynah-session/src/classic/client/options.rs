use bytes::Bytes;
use mynah_auth::client;
use mynah_classic::Capabilities;
use mynah_classic::connection::ConnectAttributes;

/// The options of a client: user, passwords, capabilities, TLS.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the user to log in as.
    pub username: Bytes,
    /// The user's passwords, and the channel that they are sent over, which counts as secure once TLS has started.
    pub auth: client::Credentials,
    /// The schema to use; empty for none.
    pub database: Bytes,
    /// The client's capability flags, besides those that the session needs. A flag is sent only if the server has
    /// it, too.
    pub capabilities: Capabilities,
    /// The id of the collation of the client's statements, whose character set they are in.
    pub character_set: u8,
    /// The longest message to accept from the server, in bytes; it is also sent to the server.
    pub max_packet_size: u32,
    /// The connection attributes; sent only with CONNECT_ATTRS.
    pub attributes: ConnectAttributes,
    /// Whether to use TLS: never, if the server offers it, or always.
    pub tls: TlsMode,
    /// The level of zstd compression, from 1 to 22; sent only with ZSTD_COMPRESSION_ALGORITHM.
    pub zstd_compression_level: u8,
}

/// Whether a client uses TLS, like `--ssl-mode` of MySQL's programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// No TLS, even if the server offers it.
    #[default]
    Disabled,
    /// TLS if the server offers it, else none.
    Preferred,
    /// TLS; it is an error if the server doesn't offer it.
    Required,
}

impl Options {
    /// Options for a user, with these defaults: no schema, no TLS, utf8mb4, and the capability flags that clients
    /// usually have.
    #[must_use]
    pub fn new(username: impl Into<Bytes>, auth: client::Credentials) -> Self {
        Self {
            username: username.into(),
            auth,
            database: Bytes::new(),
            capabilities: DEFAULT,
            character_set: UTF8MB4_GENERAL_CI,
            max_packet_size: 64 * 1024 * 1024,
            attributes: ConnectAttributes::default(),
            tls: TlsMode::default(),
            zstd_compression_level: 3,
        }
    }
}

const UTF8MB4_GENERAL_CI: u8 = 45;

const DEFAULT: Capabilities = Capabilities::LONG_PASSWORD
    .union(Capabilities::LONG_FLAG)
    .union(Capabilities::LOCAL_FILES)
    .union(Capabilities::TRANSACTIONS)
    .union(Capabilities::MULTI_STATEMENTS)
    .union(Capabilities::MULTI_RESULTS)
    .union(Capabilities::PS_MULTI_RESULTS)
    .union(Capabilities::CAN_HANDLE_EXPIRED_PASSWORDS)
    .union(Capabilities::SESSION_TRACK)
    .union(Capabilities::MULTI_FACTOR_AUTHENTICATION)
    .union(Capabilities::DEPRECATE_EOF);
