use bitflags::bitflags;

bitflags! {
    /// The features that a server or a client supports. From the login on, a feature can be in use only
    /// if both the server and the client have its flag.
    ///
    /// The lower 32 bits are the capability flags of MySQL's documentation. The upper 32 are
    /// MariaDB's extended capabilities, which travel in bytes that MySQL leaves unused.
    /// Bits that have no constant are kept.
    ///
    /// Documentation page: Capabilities Flags.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct Capabilities: u64 {
        /// Passwords longer than those before 4.1. MariaDB's servers and clients leave it unset to
        /// announce extended capabilities.
        const LONG_PASSWORD = 1 << 0;
        /// `affected_rows` of an UPDATE counts the rows found, not the rows changed.
        const FOUND_ROWS = 1 << 1;
        /// Column definitions without PROTOCOL_41 have flags of two bytes; otherwise of one.
        const LONG_FLAG = 1 << 2;
        /// The handshake response has a field for the name of a schema.
        const CONNECT_WITH_DB = 1 << 3;
        /// Documented as forbidding `schema.table.column` in statements; servers ignore the schema there instead.
        const NO_SCHEMA = 1 << 4;
        /// After the login, server and client send frames of the compressed protocol, with zlib.
        const COMPRESS = 1 << 5;
        /// Unused since 3.22.
        const ODBC = 1 << 6;
        /// The client can send files for `LOAD DATA LOCAL`.
        const LOCAL_FILES = 1 << 7;
        /// The server's parser ignores spaces between a function's name and its `(`.
        const IGNORE_SPACE = 1 << 8;
        /// Packets have the form of MySQL 4.1 and later.
        const PROTOCOL_41 = 1 << 9;
        /// For the session, `interactive_timeout` applies in place of `wait_timeout`.
        const INTERACTIVE = 1 << 10;
        /// The client may switch to TLS, by an SSL request.
        const SSL = 1 << 11;
        /// The client ignores SIGPIPE; no effect on servers.
        const IGNORE_SIGPIPE = 1 << 12;
        /// OK packets have status flags, also without PROTOCOL_41.
        const TRANSACTIONS = 1 << 13;
        /// Unused.
        const RESERVED = 1 << 14;
        /// Authentication responses of 4.1: the greeting's nonce has 20 bytes or more, and a length of one byte (in a
        /// handshake response with PLUGIN_AUTH_LENENC_CLIENT_DATA a length-encoded one) precedes the response.
        const SECURE_CONNECTION = 1 << 15;
        /// One COM_QUERY may have several statements.
        const MULTI_STATEMENTS = 1 << 16;
        /// One COM_QUERY may get several results.
        const MULTI_RESULTS = 1 << 17;
        /// One COM_STMT_EXECUTE may get several results.
        const PS_MULTI_RESULTS = 1 << 18;
        /// Greeting and handshake response name authentication methods.
        const PLUGIN_AUTH = 1 << 19;
        /// The handshake response may carry connection attributes.
        const CONNECT_ATTRS = 1 << 20;
        /// In the handshake response, a length-encoded length precedes the authentication response.
        const PLUGIN_AUTH_LENENC_CLIENT_DATA = 1 << 21;
        /// The client can handle an error that its password has expired.
        const CAN_HANDLE_EXPIRED_PASSWORDS = 1 << 22;
        /// OK packets may carry changes of session state.
        const SESSION_TRACK = 1 << 23;
        /// An OK packet replaces the EOF packet at the end of rows, and no EOF follows column definitions.
        const DEPRECATE_EOF = 1 << 24;
        /// Result sets may come without column definitions.
        const OPTIONAL_RESULTSET_METADATA = 1 << 25;
        /// After the login, server and client send frames of the compressed protocol, with zstd; with zlib if COMPRESS
        /// is shared, too.
        const ZSTD_COMPRESSION_ALGORITHM = 1 << 26;
        /// COM_QUERY and COM_STMT_EXECUTE may have query attributes.
        const QUERY_ATTRIBUTES = 1 << 27;
        /// A login may need up to three authentication methods, one after the other.
        const MULTI_FACTOR_AUTHENTICATION = 1 << 28;
        /// Reserved for the case that there are more than 32 flags.
        const CAPABILITY_EXTENSION = 1 << 29;
        /// The client verifies the server's certificate; no effect on the wire.
        const SSL_VERIFY_SERVER_CERT = 1 << 30;
        /// The client keeps its options after a failed login; no effect on the wire.
        const REMEMBER_OPTIONS = 1 << 31;
        /// MariaDB: the server may send progress reports, as error packets with number 0xffff.
        const MARIADB_PROGRESS = 1 << 32;
        /// MariaDB: the server has COM_MULTI, which was removed again.
        const MARIADB_COM_MULTI = 1 << 33;
        /// MariaDB: the server has COM_STMT_BULK_EXECUTE.
        const MARIADB_STMT_BULK_OPERATIONS = 1 << 34;
        /// MariaDB: column definitions carry extended type names and formats.
        const MARIADB_EXTENDED_METADATA = 1 << 35;
        /// MariaDB: executions of a prepared statement don't send its column definitions again if they
        /// haven't changed.
        const MARIADB_CACHE_METADATA = 1 << 36;
        /// MariaDB: a bulk execution may get a result set with one row for each of its rows of
        /// parameters.
        const MARIADB_BULK_UNIT_RESULTS = 1 << 37;

        const _ = !0;
    }
}

impl Capabilities {
    /// Joins the 32 bits of MySQL's documentation (`standard`) and MariaDB's 32 extended ones (`mariadb`).
    #[must_use]
    pub fn from_halves(standard: u32, mariadb: u32) -> Self {
        Self::from_bits_retain(u64::from(standard) | (u64::from(mariadb) << 32))
    }

    /// The lower 32 bits: the capability flags of MySQL's documentation.
    #[must_use]
    pub fn standard(self) -> u32 {
        let [a, b, c, d, ..] = self.bits().to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    /// The upper 32 bits: MariaDB's extended capabilities.
    #[must_use]
    pub fn mariadb(self) -> u32 {
        let [.., a, b, c, d] = self.bits().to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }
}
