use std::collections::HashMap;
use std::sync::Arc;

use mynah_net::{ListenAddress, TlsClient, TlsServer};

use crate::counters::Counters;
use crate::digests::Digests;
use crate::login::{Keys, TlsUse};
use crate::record::Recorder;
use crate::statement::Wants;
use crate::trace::{Rule, Trace};
use crate::{RelayOptions, Route};

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
}

/// A route that is listened on.
#[derive(Debug)]
pub(crate) struct OpenRoute {
    pub(crate) route: Route,
    /// The address that is listened on, as text.
    pub(crate) listener: Arc<str>,
    /// The address of the server, as text.
    pub(crate) server: Arc<str>,
    pub(crate) servers_tls: Option<TlsClient>,
}
