use bytes::Bytes;
use mynah_auth::client;
use mynah_classic::Capabilities;
use mynah_classic::connection::ConnectAttributes;

/// A client's user and capabilities.
#[derive(Clone, Debug)]
pub struct Options {
    /// The user's name.
    pub username: Bytes,
    /// The user's passwords, and what they may be sent over. Once TLS is there, the channel
    /// counts as secure.
    pub auth: client::Credentials,
    /// The schema to start in; empty for none.
    pub database: Bytes,
    /// What the client can do. Of capabilities that change how packets look, those that the
    /// server doesn't offer are left out.
    pub capabilities: Capabilities,
    /// Id of the collation that statements are in.
    pub character_set: u8,
    /// The longest message that the client takes, in bytes.
    pub max_packet_size: u32,
    /// Connection attributes; sent only with CONNECT_ATTRS.
    pub attributes: ConnectAttributes,
    /// Whether to go on under TLS.
    pub tls: TlsMode,
    /// Level of zstd compression, from 1 to 22; sent only with ZSTD_COMPRESSION_ALGORITHM.
    pub zstd_compression_level: u8,
}

/// Whether a client goes on under TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// It doesn't.
    #[default]
    Disabled,
    /// It does if the server offers it.
    Preferred,
    /// It does, or gives up.
    Required,
}

impl Options {
    /// A user, and the defaults for the rest: no schema, no TLS, utf8mb4, and the capabilities
    /// that need nothing more of the caller.
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
