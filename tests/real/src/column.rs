use mynah_testkit::servers::RealServer;

/// A column of the table: where clients are run, and which steps count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The mock without TLS: all steps but prepared statements.
    MockPlain,
    /// The same with a mock that requires TLS.
    MockTls,
    /// Prepared statements of the mock.
    MockPrepared,
    /// All steps against a mock that greets as MariaDB does: drivers for MariaDB then do more.
    MockMariaDb,
    /// All steps through MySQL Router in front of the mock; Router decodes every packet.
    Router,
    /// All steps, and those to browse, against the example server of `mynah-server` that serves a SQLite file.
    Sqlite,
    /// All steps against a real server, which shows what the client can do at all.
    Direct(RealServer),
    /// All steps through the proxy.
    Proxy(RealServer),
}

impl Column {
    pub(crate) const ALL: [Self; 12] = [
        Self::MockPlain,
        Self::MockTls,
        Self::MockPrepared,
        Self::MockMariaDb,
        Self::Router,
        Self::Sqlite,
        Self::Direct(RealServer::MySql97),
        Self::Direct(RealServer::MariaDb118),
        Self::Direct(RealServer::MariaDb1011),
        Self::Proxy(RealServer::MySql97),
        Self::Proxy(RealServer::MariaDb118),
        Self::Proxy(RealServer::MariaDb1011),
    ];

    /// The columns whose servers are compared with each other.
    pub(crate) const SIDE_BY_SIDE: [Self; 4] = [
        Self::MockPlain,
        Self::MockMariaDb,
        Self::Direct(RealServer::MySql97),
        Self::Direct(RealServer::MariaDb118),
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::MockPlain => "mock plain",
            Self::MockTls => "mock TLS",
            Self::MockPrepared => "mock prepared",
            Self::MockMariaDb => "mock as MariaDB",
            Self::Router => "router mock",
            Self::Sqlite => "SQLite by mynah-server",
            Self::Direct(RealServer::MySql97) => "direct MySQL 9.7",
            Self::Direct(RealServer::MariaDb118) => "direct MariaDB 11.8",
            Self::Direct(_) => "direct MariaDB 10.11",
            Self::Proxy(RealServer::MySql97) => "proxy MySQL 9.7",
            Self::Proxy(RealServer::MariaDb118) => "proxy MariaDB 11.8",
            Self::Proxy(_) => "proxy MariaDB 10.11",
        }
    }

    /// Whether a name on the command line selects this column.
    pub(crate) fn is(self, name: &str) -> bool {
        let (own, name) = (self.name().to_lowercase(), name.to_lowercase());
        own == name || own.split(' ').next() == Some(&name)
    }

    /// The place where clients are run for it; two columns may use one run.
    pub(crate) const fn place(self) -> Place {
        match self {
            Self::MockPlain | Self::MockPrepared => Place::Mock,
            Self::MockTls => Place::MockTls,
            Self::MockMariaDb => Place::MockMariaDb,
            Self::Router => Place::Router,
            Self::Sqlite => Place::Sqlite,
            Self::Direct(server) => Place::Direct(server),
            Self::Proxy(server) => Place::Proxy(server),
        }
    }
}

/// The server that a client connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A mock without TLS.
    Mock,
    /// A mock that requires TLS.
    MockTls,
    /// A mock without TLS that greets as MariaDB does.
    MockMariaDb,
    /// MySQL Router in front of a mock.
    Router,
    /// A SQLite file, served by the example of `mynah-server`.
    Sqlite,
    /// A real server.
    Direct(RealServer),
    /// The proxy in front of a real server.
    Proxy(RealServer),
}

impl Place {
    /// For clients that don't work with MySQL Router.
    pub(crate) fn is_router(self) -> bool {
        self == Self::Router
    }
}
