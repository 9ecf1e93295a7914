use std::sync::Arc;
use std::time::{Duration, Instant};

use mynah_net::{
    Connections, HttpListener, HttpServer, ListenAddress, SelfSigned, Server, TlsOptions, TlsServer,
};

use crate::counters::Counters;
use crate::digests::Digests;
use crate::forward::ForwardService;
use crate::http;
use crate::login::{Keys, TlsUse};
use crate::routes::{Opened, open_routes};
use crate::shared::Shared;
use crate::summary::Summary;
use crate::trace::Trace;
use crate::upstreams::{CheckSettings, Checker};
use crate::watch::Watchers;
use crate::{Mirror, RecordError, Recorder, RelayError, RelayOptions};

/// The proxy as a library: accepts clients on the addresses of its [`Route`](crate::Route)s and forwards each to the
/// route's server, until it is shut down or dropped.
#[derive(Debug)]
pub struct Relay {
    http: Option<HttpServer>,
    checker: Option<Checker>,
    server: Server,
    shared: Arc<Shared>,
}

impl Relay {
    /// Listens on the addresses of all routes and starts to serve clients, which can connect when this returns. The
    /// relay connects to a server when a client connects to the server's route.
    ///
    /// # Errors
    /// If there is no route, a route has no upstream or one of them twice, a route leads back to itself, an address can't
    /// be listened on, TLS can't be set up, the trace or the recording can't be opened, TLS isn't terminated but is to be
    /// recorded, or a thread can't be started.
    pub fn start(options: RelayOptions) -> Result<Self, RelayError> {
        if options.routes.is_empty() {
            return Err(RelayError::NoRoute);
        }
        // All addresses, certificates and files are opened before a client is served, so that an error leaves
        // no client behind.
        let Opened {
            listeners,
            routes,
            upstreams,
            check_tls,
        } = open_routes(&options)?;
        let http = match &options.http {
            Some(http) => Some(HttpListener::bind(
                &http.bind,
                http.port,
                http.token.clone(),
            )?),
            None => None,
        };
        let own_tls = match options.tls.passthrough {
            true => None,
            false => {
                let server = TlsServer::new(&own(&options));
                Some(server.map_err(|error| error.with_names(of_clients))?)
            }
        };
        if options.tls.passthrough && !options.faults.is_empty() {
            log::warn!(
                "rules for faults don't see commands under TLS, which passes as it is (--tls passthrough)"
            );
        }
        let trace = options.trace.clone().map(Trace::start).transpose()?;
        let recorder = match &options.record {
            Some(_) if options.tls.passthrough => return Err(RecordError::Encrypted.into()),
            Some(record) => Some(Recorder::start(record.clone())?),
            None => None,
        };
        let mirror = match &options.mirror {
            Some(_) if options.tls.passthrough => return Err(RecordError::Encrypted.into()),
            Some(mirror) => {
                let (connect, login) = (options.connect_timeout, options.login_timeout);
                // A recording that is made meanwhile has the same parts.
                let open_part = options.record.as_ref().map(|record| &record.open_part);
                let open_part = open_part.cloned().unwrap_or_default();
                Some(Mirror::start(mirror.clone(), &open_part, connect, login)?)
            }
            None => None,
        };
        let shared = Arc::new(Shared {
            routes,
            tls: TlsUse {
                client: options.tls.client,
                server: options.tls.server,
            },
            own_tls,
            keys: Keys::default(),
            wants: options.wants(),
            watchers: http
                .is_some()
                .then(|| Arc::new(Watchers::new(options.redact_rules()))),
            redact: options.redact_rules(),
            digests: match &options.digests {
                Some(digests) if http.is_some() => Some(Arc::new(Digests::new(digests.most))),
                _ => None,
            },
            counters: match options.summary {
                true => Some(Arc::new(Counters::with_summary())),
                false => http.is_some().then(Arc::<Counters>::default),
            },
            trace,
            recorder,
            mirror,
            upstreams,
            options,
        });
        let workers = shared.options.workers;
        let service = ForwardService(Arc::clone(&shared));
        let server = Server::start_threads(listeners, service, workers, STACK_SIZE)?;
        let checker = match &shared.upstreams {
            Some(upstreams) => {
                let settings = CheckSettings::new(&shared.options, check_tls);
                let checker = Checker::start(upstreams.clone(), settings)?;
                Some(checker)
            }
            None => None,
        };
        let http = match (http, &shared.counters, &shared.watchers) {
            (Some(http), Some(counters), Some(watchers)) => Some(http.serve(http::Api {
                connections: server.connections(),
                counters: Arc::clone(counters),
                trace: shared.trace.clone(),
                faults: shared.options.faults.clone(),
                recorder: recorder_of_parts(&shared),
                digests: shared.digests.clone(),
                upstreams: shared.upstreams.clone(),
                watchers: Arc::clone(watchers),
                has_digests: shared.wants.digests,
            })?),
            _ => None,
        };
        Ok(Self {
            http,
            checker,
            server,
            shared,
        })
    }

    /// The addresses on which the relay listens, in the order of the routes, with the ports that were chosen for
    /// port 0.
    #[must_use]
    pub fn addresses(&self) -> &[ListenAddress] {
        self.server.addresses()
    }

    /// The address of the HTTP listener; `None` without [`RelayOptions::http`].
    #[must_use]
    pub fn http_address(&self) -> Option<&ListenAddress> {
        self.http.as_ref().map(HttpServer::address)
    }

    /// A handle to the open connections, which can be listed and closed.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.server.connections()
    }

    /// A function that closes and reopens the trace's file, for a program that rotates it (on SIGHUP, say). It does
    /// nothing if there is no trace, or none in a file; the files of the hex form stay open.
    pub fn reopener(&self) -> impl Fn() + Send + 'static {
        let trace = self.shared.trace.clone();
        move || {
            if let Some(trace) = &trace {
                trace.sink.reopen();
            }
        }
    }

    /// The recorder of the recording that is being made; `None` without [`RelayOptions::record`]. The caller must get
    /// it before [`shut_down`](Self::shut_down) and [finish](Recorder::finish) it afterwards, which writes the
    /// recording's file.
    #[must_use]
    pub fn recorder(&self) -> Option<Recorder> {
        self.shared.recorder.clone()
    }

    /// The comparison with second servers; `None` without [`RelayOptions::mirror`]. The caller must get it before
    /// [`shut_down`](Self::shut_down) and [finish](Mirror::finish) it afterwards.
    #[must_use]
    pub fn mirror(&self) -> Option<Mirror> {
        self.shared.mirror.clone()
    }

    /// A function that returns the summary of all connections so far; `None` without
    /// [`RelayOptions::summary`].
    pub fn summary(&self) -> impl Fn() -> Option<Summary> + Send + 'static {
        let counters = self.shared.counters.clone();
        move || counters.as_ref()?.summary()
    }

    /// Stops accepting, waits up to `timeout` for open connections to end, and closes those that are left.
    /// Returns `true` if all had ended by themselves.
    pub fn shut_down(self, timeout: Duration) -> bool {
        self.server.stop_accepting();
        let trace = self.shared.trace.clone();
        if let Some(trace) = &trace {
            // From here on no client waits for the trace.
            trace.sink.stop_blocking();
        }
        let deadline = Instant::now() + timeout;
        let connections = self.server.connections();
        let mut left = connections.count();
        // Connections end on many threads; at the end of a program, a look now and then costs less than
        // notifying.
        while left > 0 && Instant::now() < deadline {
            std::thread::sleep(LOOK);
            left = connections.count();
        }
        drop(self.http);
        drop(self.checker);
        self.server.shut_down(END);
        drop(self.shared);
        if let Some(trace) = trace {
            // Threads that have not ended may hold it, too.
            trace.sink.close();
        }
        left == 0
    }
}

/// The recorder that parts are begun with.
fn recorder_of_parts(shared: &Shared) -> Option<Recorder> {
    let of_mirror = shared.mirror.as_ref().map(Mirror::recorder);
    shared.recorder.as_ref().or(of_mirror).cloned()
}

fn own(options: &RelayOptions) -> TlsOptions {
    let tls = &options.tls;
    let self_signed = match &tls.own.self_signed {
        SelfSigned::Never => SelfSigned::InMemory,
        wanted => wanted.clone(),
    };
    TlsOptions {
        self_signed,
        key_log: tls.key_log.clone(),
        ..tls.own.clone()
    }
}

/// The proxy's name of an option, for errors about TLS that have another name for it.
fn of_clients(option: &'static str) -> &'static str {
    match option {
        "ssl_cert" => "--client-tls-cert",
        "ssl_key" => "--client-tls-key",
        "ssl_ca" => "--client-tls-ca",
        other => other,
    }
}

const STACK_SIZE: usize = 1024 * 1024;

/// How often it is looked whether clients have left.
const LOOK: Duration = Duration::from_millis(10);

/// How long threads have to end, once their connections are closed.
const END: Duration = Duration::from_secs(1);
