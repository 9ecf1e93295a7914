use std::time::Duration;

use mynah_net::ConnectionTls;
use mynah_session::observe::{self, Direction, ServerError};

/// An event on a connection through the proxy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The client has connected; the server isn't connected to yet. The first event of each connection.
    Connected,
    /// The proxy has ended TLS on a side.
    Tls {
        /// The side.
        side: Direction,
        /// Its version and cipher.
        tls: ConnectionTls,
    },
    /// An event of the protocol: a login, a command, an answer.
    Observed(observe::Event),
    /// The proxy has sent the client an error of its own.
    ProxyError(ServerError),
    /// A side has closed the connection, or was lost, before the client said goodbye.
    SideEnded {
        /// The side.
        side: Direction,
        /// Why it was lost; nothing where it has closed.
        lost: Option<String>,
    },
    /// The connection is gone. The last event of each connection.
    Closed(Closed),
}

/// How a connection has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closed {
    /// What has ended it; nothing where it ended as it should.
    pub by: Option<ClosedBy>,
    /// Why; empty where it ended as it should.
    pub why: String,
    /// What there was on it.
    pub tally: Tally,
}

/// What has ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The client.
    Client,
    /// The server.
    Server,
    /// The proxy.
    Proxy,
}

impl ClosedBy {
    /// `client`, `server` or `proxy`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Proxy => "proxy",
        }
    }
}

impl From<Direction> for ClosedBy {
    fn from(side: Direction) -> Self {
        match side {
            Direction::Client => Self::Client,
            Direction::Server => Self::Server,
        }
    }
}

/// How long a connection lasted, and what there was on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// How long it lasted.
    pub lasted: Duration,
    /// How many commands there were.
    pub commands: u64,
    /// How many of them have failed.
    pub errors: u64,
    /// How many rows there were.
    pub rows: u64,
    /// How many bytes the client has sent, but for TLS.
    pub sent: u64,
    /// How many bytes the server has sent, likewise.
    pub received: u64,
}

impl Tally {
    /// Counts an event of the protocol.
    pub(crate) fn count(&mut self, event: &observe::Event) {
        match event {
            observe::Event::Started(_) => self.commands += 1,
            observe::Event::Completed(answer) => {
                self.rows += answer.rows;
                self.errors += u64::from(answer.error().is_some());
            }
            _ => {}
        }
    }

    /// Counts bytes that have passed.
    pub(crate) fn count_bytes(&mut self, from: Direction, bytes: usize) {
        let passed = match from {
            Direction::Client => &mut self.sent,
            Direction::Server => &mut self.received,
        };
        *passed += bytes as u64;
    }
}
