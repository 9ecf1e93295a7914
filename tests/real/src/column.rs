use mynah_testkit::servers::RealServer;

/// What a client is run against, and what of it is looked at: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The mock without TLS: all steps but prepared statements.
    MockPlain,
    /// The same with a mock that insists on TLS.
    MockTls,
    /// Prepared statements of the mock.
    MockPrepared,
    /// All steps against a mock that greets as MariaDB does: its drivers then do more.
    MockMariaDb,
    /// All steps through MySQL Router in front of the mock, which takes every packet apart.
    Router,
    /// All steps against a real server: what the client can do at all.
    Direct(RealServer),
    /// All steps through the proxy.
    Proxy(RealServer),
}

impl Column {
    pub(crate) const ALL: [Self; 11] = [
        Self::MockPlain,
        Self::MockTls,
        Self::MockPrepared,
        Self::MockMariaDb,
        Self::Router,
        Self::Direct(RealServer::MySql97),
        Self::Direct(RealServer::MariaDb118),
        Self::Direct(RealServer::MariaDb1011),
        Self::Proxy(RealServer::MySql97),
        Self::Proxy(RealServer::MariaDb118),
        Self::Proxy(RealServer::MariaDb1011),
    ];

    /// What is started to lay one server beside the other.
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
            Self::Direct(RealServer::MySql97) => "direct MySQL 9.7",
            Self::Direct(RealServer::MariaDb118) => "direct MariaDB 11.8",
            Self::Direct(_) => "direct MariaDB 10.11",
            Self::Proxy(RealServer::MySql97) => "proxy MySQL 9.7",
            Self::Proxy(RealServer::MariaDb118) => "proxy MariaDB 11.8",
            Self::Proxy(_) => "proxy MariaDB 10.11",
        }
    }

    /// Whether a user means this column by a name.
    pub(crate) fn is(self, name: &str) -> bool {
        let (own, name) = (self.name().to_lowercase(), name.to_lowercase());
        own == name || own.split(' ').next() == Some(&name)
    }

    /// Against what a client is run for it; two columns may come from one run.
    pub(crate) const fn place(self) -> Place {
        match self {
            Self::MockPlain | Self::MockPrepared => Place::Mock,
            Self::MockTls => Place::MockTls,
            Self::MockMariaDb => Place::MockMariaDb,
            Self::Router => Place::Router,
            Self::Direct(server) => Place::Direct(server),
            Self::Proxy(server) => Place::Proxy(server),
        }
    }
}

/// Where a client connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A mock without TLS.
    Mock,
    /// A mock that insists on TLS.
    MockTls,
    /// A mock without TLS that greets as MariaDB does.
    MockMariaDb,
    /// MySQL Router in front of a mock.
    Router,
    /// A real server.
    Direct(RealServer),
    /// The proxy in front of a real server.
    Proxy(RealServer),
}

impl Place {
    /// For clients that MySQL Router doesn't get along with.
    pub(crate) fn is_router(self) -> bool {
        self == Self::Router
    }
}
