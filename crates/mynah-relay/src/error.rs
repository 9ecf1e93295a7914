use mynah_net::{ListenAddress, NetError, TlsError};
use thiserror::Error;

use crate::{Address, RecordError, TraceError};

/// Why a relay couldn't be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RelayError {
    /// An address can't be listened on, or a thread can't be started.
    #[error(transparent)]
    Net(#[from] NetError),
    /// TLS can't be set up: a certificate or a key can't be read, or options contradict each other.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The trace's file, or its thread, can't be opened or started.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The recording's journal can't be begun, or TLS isn't terminated, so that nothing can be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The upstream of a route leads back to the route's own listener, directly or over other routes of this proxy:
    /// its connections would never reach a server.
    #[error("the upstream {upstream} of {listen} is this proxy itself")]
    Itself {
        /// The address that the route listens on.
        listen: ListenAddress,
        /// The upstream of the route.
        upstream: Address,
    },
    /// A route has no upstream.
    #[error("{listen} has no upstream")]
    NoUpstream {
        /// The address that the route listens on.
        listen: ListenAddress,
    },
    /// An upstream is there more than once in a route.
    #[error("the upstream {upstream} of {listen} is there more than once")]
    SameUpstream {
        /// The address that the route listens on.
        listen: ListenAddress,
        /// The upstream.
        upstream: Address,
    },
    /// An upstream of a route with several is one of another protocol in another such route, so one of these routes can't
    /// work.
    #[error(
        "the upstream {upstream} of {listen} has another protocol in another route (--protocol)"
    )]
    TwoProtocols {
        /// The address that the route listens on.
        listen: ListenAddress,
        /// The upstream.
        upstream: Address,
    },
    /// There are neither one second server nor one for each route.
    #[error("there are {servers} second servers for {routes} routes (--compare-with)")]
    Mirrors {
        /// The number of routes.
        routes: usize,
        /// The number of second servers.
        servers: usize,
    },
    /// The options have no route.
    #[error("there is no route: nothing to listen on")]
    NoRoute,
}
