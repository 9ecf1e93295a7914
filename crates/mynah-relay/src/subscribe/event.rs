use std::sync::Arc;
use std::time::Duration;

use mynah_net::ConnectionTls;
use mynah_session::observe::{self, Direction, ServerError};

use crate::PlayedFault;

/// An event on a connection through the proxy. Events come in the order in which they happen, but
/// [`Tls`](Self::Tls) only when the proxy's part in the login is over.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The client has connected; the server isn't connected yet. The first event of each connection. If the connection's
    /// route has several upstreams, the event comes when one of them has been chosen and has greeted, or when none can be
    /// used.
    Connected,
    /// The connection's route has several upstreams, and this one couldn't be used, so that another was tried.
    PassedOver {
        /// The address of the upstream.
        server: Arc<str>,
        /// Why it couldn't be used.
        why: String,
    },
    /// TLS is established between the proxy and a side.
    Tls {
        /// The side with which TLS is established: the client or the server.
        side: Direction,
        /// The version and cipher of TLS.
        tls: ConnectionTls,
    },
    /// An event of the protocol: a login, a command, an answer and the like.
    Observed(observe::Event),
    /// The proxy has sent the client this error of its own.
    ProxyError(ServerError),
    /// The proxy plays a fault at a command, by one of its [rules](crate::FaultRules).
    Fault(PlayedFault),
    /// A side has closed the connection or was lost, before the client had ended it by a command such as
    /// COM_QUIT.
    SideEnded {
        /// The side that has closed the connection, or was lost.
        side: Direction,
        /// The error by which the connection was lost; `None` if the side has closed it.
        lost: Option<String>,
    },
    /// The connection is closed. The last event of each connection.
    Closed(Closed),
}

/// How a connection has ended, and how much was sent on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closed {
    /// The side that ended the connection; `None` if the client did so by a command such as COM_QUIT.
    pub by: Option<ClosedBy>,
    /// The reason as text; empty for a regular end.
    pub why: String,
    /// How long the connection was open, and counts of its bytes and of the commands, errors and rows that the proxy
    /// could read.
    pub tally: Tally,
}

/// The side that ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The client ended the connection, without a command such as COM_QUIT.
    Client,
    /// The server ended the connection.
    Server,
    /// The proxy ended the connection, for instance because it was idle for too long, or because the program closed
    /// it.
    Proxy,
}

impl ClosedBy {
    /// The side as text: `client`, `server` or `proxy`.
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

/// Counts of one connection over its whole life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// The time from accepting the connection to its close.
    pub lasted: Duration,
    /// How many commands of the client the proxy could read; none under TLS that passes through.
    pub commands: u64,
    /// How many of the client's commands failed, of those that the proxy could read.
    pub errors: u64,
    /// How many rows were in the answers that the proxy could read.
    pub rows: u64,
    /// How many bytes the client sent; without those that TLS adds, unless TLS isn't terminated.
    pub sent: u64,
    /// How many bytes the server sent; without those that TLS adds, unless TLS isn't terminated.
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
