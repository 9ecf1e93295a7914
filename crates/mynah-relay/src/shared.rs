use std::collections::HashMap;
use std::sync::Arc;

use mynah_net::{ListenAddress, TlsClient, TlsServer};

use crate::counters::Counters;
use crate::digests::Digests;
use crate::login::{Keys, TlsUse};
use crate::mirror::MirrorTarget;
use crate::record::Recorder;
use crate::statement::Wants;
use crate::trace::{Rule, Trace};
use crate::upstreams::Upstreams;
use crate::watch::Watchers;
use crate::{Address, Mirror, RelayOptions, Route};

/// What all workers share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: RelayOptions,
    pub(crate) routes: HashMap<ListenAddress, Arc<OpenRoute>>,
    pub(crate) tls: TlsUse,
    /// Nothing where TLS passes as it is.
    pub(crate) own_tls: Option<TlsServer>,
    pub(crate) keys: Keys,
    /// What is asked for of statements, and what is hidden in it besides passwords.
    pub(crate) wants: Wants,
    pub(crate) redact: Arc<[Rule]>,
    pub(crate) counters: Option<Arc<Counters>>,
    pub(crate) digests: Option<Arc<Digests>>,
    pub(crate) trace: Option<Trace>,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) mirror: Option<Mirror>,
    /// Those that watch connections over HTTP.
    pub(crate) watchers: Option<Arc<Watchers>>,
    /// The upstreams of the routes that have several.
    pub(crate) upstreams: Option<Upstreams>,
}

/// A route that is listened on.
#[derive(Debug)]
pub(crate) struct OpenRoute {
    pub(crate) route: Route,
    /// The address that is listened on, as text.
    pub(crate) listener: Arc<str>,
    /// The address of the server, as text; of several, all of them.
    pub(crate) server: Arc<str>,
    pub(crate) target: Target,
    /// The second server, if there is one.
    pub(crate) mirror: Option<MirrorTarget>,
}

/// The servers of a route.
#[derive(Debug)]
pub(crate) enum Target {
    One(OpenUpstream),
    Several {
        upstreams: Upstreams,
        /// The route's number in them.
        route: usize,
        /// The servers in the route's order, each with its number in `upstreams`.
        members: Vec<(usize, OpenUpstream)>,
    },
}

/// A server that connections are made to.
#[derive(Clone, Debug)]
pub(crate) struct OpenUpstream {
    pub(crate) address: Address,
    /// The address as text.
    pub(crate) name: Arc<str>,
    /// Nothing where TLS passes as it is.
    pub(crate) tls: Option<TlsClient>,
}
