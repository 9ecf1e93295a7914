use std::fmt;
use std::time::Duration;

/// The options of routes with several upstreams: limits, checks, and how an upstream that comes back is loaded. They
/// have no effect on routes with one upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamOptions {
    /// The most connections at a time to each upstream, those of all routes with several upstreams together. No limit
    /// by default.
    pub max_connections: Option<usize>,
    /// How long the share of new connections grows for an upstream that is up again, or isn't drained any more; 30
    /// seconds by default. With zero, such an upstream has its full share at once.
    pub slow_start: Duration,
    /// The time between two checks of an upstream; 2 seconds by default.
    pub check_interval: Duration,
    /// How long a check may take before it counts as failed, and again each time this is over; 5 seconds by default.
    pub check_timeout: Duration,
    /// How many checks in a row an upstream that is down must pass to be up again; 2 by default.
    pub check_rise: u32,
    /// How many checks in a row an upstream that is up must fail to be down; 3 by default. A check after a lost
    /// connection or because clients wait for a greeting, and a client's connection that can't be made, need fail only
    /// once.
    pub check_fall: u32,
    /// The account by which checks log in over the classic protocol. Without one, these checks log in as `mynah-proxy`
    /// without a password, which servers may refuse, and are only made of upstreams that are down, have lost a
    /// connection, or let clients wait for a greeting.
    pub check_account: Option<CheckAccount>,
}

/// The account by which upstreams are checked.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckAccount {
    /// The name of the user.
    pub user: String,
    /// The user's password; empty for none.
    pub password: String,
}

/// Which of a route's upstreams gets a new connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpstreamPolicy {
    /// The first in the order of the route that is up, isn't drained and has fewer connections than its limit.
    #[default]
    FirstAvailable,
    /// Each in turn of those that are up, aren't drained and have fewer connections than their limit.
    RoundRobin,
}

impl Default for UpstreamOptions {
    fn default() -> Self {
        Self {
            max_connections: None,
            slow_start: Duration::from_secs(30),
            check_interval: Duration::from_secs(2),
            check_timeout: Duration::from_secs(5),
            check_rise: 2,
            check_fall: 3,
            check_account: None,
        }
    }
}

impl fmt::Debug for CheckAccount {
    /// Hides the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckAccount")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
