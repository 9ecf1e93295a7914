use std::sync::Arc;
use std::time::Duration;

use mynah_classic::Capabilities;
use mynah_net::{
    Connections, Containment, ListenAddress, Listener, LostWorkers, NetError, Protocol, Server,
    ServerOptions, TlsMode, TlsServer,
};
use mynah_rest::{RestListener, RestServer};
use mynah_script::{Class, Globals, Identity, STACK_SIZE, Trace, TraceOptions};

use crate::service::TraceService;
use crate::{Compression, Options, StartError};

/// A MySQL server that answers from a trace file, until it is shut down or dropped.
#[derive(Debug)]
pub struct MockServer {
    rest: Option<RestServer>,
    server: Server,
    address: ListenAddress,
    num_classic: usize,
    trace: Trace,
    globals: Arc<Globals>,
}

impl MockServer {
    /// Loads the trace and starts serving it. Clients can connect when it returns.
    ///
    /// # Errors
    /// When the trace can't be read or doesn't load, TLS not be prepared, an address not be listened on, or
    /// threads not be started. In [compatible mode](Options::compatible) a trace that doesn't load is no error, see
    /// [`trace_problem`](Self::trace_problem).
    pub fn start(options: Options) -> Result<Self, StartError> {
        let globals = Arc::new(Globals::with_limit(options.max_globals));
        let trace = Trace::load(
            &options.filename,
            trace_options(&options),
            Arc::clone(&globals),
        )?;
        if let (Some(problem), false) = (trace.problem(), options.compatible) {
            return Err(StartError::Script {
                path: options.filename,
                problem: problem.to_owned(),
            });
        }
        log::info!("{}: {}", options.filename.display(), trace.class());
        let server_options = server_options(&options, trace.class())?;

        // All that is listened on, before anybody is served.
        let (first, second) = classic(&options)?;
        let x = x(&options)?;
        let rest = match options.http_port {
            Some(port) => Some(RestListener::bind(
                &options.http_bind,
                port,
                options.http_token.clone(),
            )?),
            None => None,
        };

        let trace = trace.with_identity(identity(&first, second.as_ref(), x.first()));
        let address = first.address().clone();
        let mut listeners: Vec<_> = std::iter::once(first).chain(second).collect();
        let num_classic = listeners.len();
        listeners.extend(x);
        let server = Server::start(listeners, TraceService(trace.clone()), server_options)?;
        let rest = rest.map(|rest| rest.serve(Arc::clone(&globals), server.connections()));
        Ok(Self {
            rest: rest.transpose()?,
            server,
            address,
            num_classic,
            trace,
            globals,
        })
    }

    /// The first address of the classic protocol.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }

    /// The addresses of the classic protocol: the port if there is one, then the Unix socket.
    #[must_use]
    pub fn addresses(&self) -> &[ListenAddress] {
        let all = self.server.addresses();
        all.get(..self.num_classic).unwrap_or(all)
    }

    /// The addresses of the X Protocol, in the same order; none unless asked for.
    #[must_use]
    pub fn x_addresses(&self) -> &[ListenAddress] {
        let all = self.server.addresses();
        all.get(self.num_classic..).unwrap_or_default()
    }

    /// The address that HTTP clients are answered on, if it was asked for.
    #[must_use]
    pub fn http_address(&self) -> Option<&ListenAddress> {
        self.rest.as_ref().map(RestServer::address)
    }

    /// What scripts share: the values of `mysqld.global`.
    #[must_use]
    pub fn globals(&self) -> &Arc<Globals> {
        &self.globals
    }

    /// The connections there are, to look at and to close.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.server.connections()
    }

    /// The workers that were lost to scripts that could not be stopped otherwise. Each has been replaced, but
    /// what it held isn't given back.
    #[must_use]
    pub fn lost_workers(&self) -> LostWorkers {
        self.server.connections().lost_workers().clone()
    }

    /// How the trace is run.
    #[must_use]
    pub fn class(&self) -> &Class {
        self.trace.class()
    }

    /// Why clients will be refused, if the trace doesn't load. Only in [compatible mode](Options::compatible).
    #[must_use]
    pub fn trace_problem(&self) -> Option<&str> {
        self.trace.problem()
    }

    /// Stops accepting, ends every session, and waits up to `patience` for the threads to end.
    /// Says whether they did: one that is inside a script ends only when that does.
    pub fn shut_down(self, patience: Duration) -> bool {
        drop(self.rest);
        self.server.shut_down(patience)
    }
}

fn trace_options(options: &Options) -> TraceOptions {
    let mut trace = TraceOptions::default();
    trace.module_prefix = options.module_prefix.clone();
    trace.isolation = options.isolation;
    trace.budget = options.statement_budget;
    trace.memory = options.script_memory;
    trace.strict = options.strict;
    trace.prelude = options.prelude;
    trace.server_version = SERVER_VERSION.to_owned();
    trace.progress = options.progress.clone();
    trace
}

fn server_options(options: &Options, class: &Class) -> Result<ServerOptions, StartError> {
    let defaults = ServerOptions::default();
    let tls = match options.tls.mode {
        TlsMode::Disabled => None,
        _ => Some(TlsServer::new(&options.tls)?),
    };
    Ok(ServerOptions {
        workers: options.workers.unwrap_or(defaults.workers),
        stack_size: STACK_SIZE,
        server_version: SERVER_VERSION.to_owned(),
        capabilities: capabilities(options.compression),
        limits: options.limits,
        tls,
        containment: containment(options, class),
        ..defaults
    })
}

/// Bounds for what a script can't be interrupted in; there is none in a static trace. What is counted
/// between instructions ends the session, and at twice as much the thread.
fn containment(options: &Options, class: &Class) -> Option<Containment> {
    let memory = options.script_memory.saturating_mul(2);
    (*class != Class::Static).then_some(Containment { memory })
}

/// What is offered besides what always is.
fn capabilities(compression: Compression) -> Capabilities {
    let mut capabilities = Capabilities::empty();
    capabilities.set(Capabilities::COMPRESS, compression.zlib);
    capabilities.set(Capabilities::ZSTD_COMPRESSION_ALGORITHM, compression.zstd);
    capabilities
}

/// Who clients are told that the server is.
fn identity(first: &Listener, second: Option<&Listener>, x: Option<&Listener>) -> Identity {
    let mut identity = Identity::default();
    for listener in std::iter::once(first).chain(second) {
        match listener.address() {
            ListenAddress::Tcp(address) => identity.port = address.port(),
            ListenAddress::Unix(path) => identity.socket = Some(path.clone()),
        }
    }
    if let Some(ListenAddress::Tcp(address)) = x.map(Listener::address) {
        identity.x_port = Some(address.port());
    }
    identity
}

/// One listener for the classic protocol at least.
fn classic(options: &Options) -> Result<(Listener, Option<Listener>), NetError> {
    let bind = |port| Listener::bind(&options.bind_address, port);
    let bind_unix = |path| Listener::bind_unix_with(path, options.socket_mode);
    Ok(match (options.port, &options.socket) {
        (port, None) => (bind(port.unwrap_or(DEFAULT_PORT))?, None),
        (None, Some(path)) => (bind_unix(path)?, None),
        (Some(port), Some(path)) => (bind(port)?, Some(bind_unix(path)?)),
    })
}

fn x(options: &Options) -> Result<Vec<Listener>, NetError> {
    let port = options.xport.into_iter();
    let port = port.map(|port| Listener::bind(&options.bind_address, port));
    let bind_unix = |path| Listener::bind_unix_with(path, options.socket_mode);
    port.chain(options.xsocket.iter().map(bind_unix))
        .map(|listener| Ok(listener?.speaking(Protocol::X)))
        .collect()
}

const DEFAULT_PORT: u16 = 3306;

/// What a greeting claims unless the trace says another: clients read from the number what a
/// server can do.
const SERVER_VERSION: &str = "9.7.4-mock";
