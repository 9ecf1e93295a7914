use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mynah_net::{ListenAddress, Listener, Server, ServerOptions};
use mynah_script::{Globals, STACK_SIZE, Trace, TraceOptions};

use crate::StartError;
use crate::service::TraceService;

/// A MySQL server that answers from a trace file, until it is shut down or dropped.
#[derive(Debug)]
pub struct MockServer {
    server: Server,
    address: ListenAddress,
    trace: Trace,
}

/// What a [`MockServer`] answers from, and where.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The trace file: JavaScript, or JSON if its name ends in `.json`.
    pub filename: PathBuf,
    /// The name or address to listen on; all of IPv4 by default.
    pub bind_address: String,
    /// The TCP port to listen on, 0 for one that is free; 3306 by default.
    pub port: u16,
    /// Where scripts find modules that are named without a path; the current directory by
    /// default.
    pub module_prefix: PathBuf,
}

impl Options {
    /// Answers from `filename`, and the defaults for the rest.
    #[must_use]
    pub fn new(filename: impl Into<PathBuf>) -> Self {
        Self {
            filename: filename.into(),
            bind_address: "0.0.0.0".to_owned(),
            port: 3306,
            module_prefix: TraceOptions::default().module_prefix,
        }
    }

    /// Listens on another name or address.
    #[must_use]
    pub fn bind_address(mut self, bind_address: impl Into<String>) -> Self {
        self.bind_address = bind_address.into();
        self
    }

    /// Listens on another port, 0 for one that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Finds modules in another folder.
    #[must_use]
    pub fn module_prefix(mut self, module_prefix: impl Into<PathBuf>) -> Self {
        self.module_prefix = module_prefix.into();
        self
    }
}

impl MockServer {
    /// Loads the trace and starts serving it. Clients can connect when it returns.
    ///
    /// # Errors
    /// When the trace can't be read, the address not be listened on, or threads not be
    /// started. A trace that is read but makes no sense is no error here, see
    /// [`trace_problem`](Self::trace_problem).
    pub fn start(options: Options) -> Result<Self, StartError> {
        let mut trace_options = TraceOptions::default();
        trace_options.module_prefix = options.module_prefix;
        let globals = Arc::new(Globals::default());
        let trace = Trace::load(&options.filename, trace_options, globals)?;
        log::info!("{}: {}", options.filename.display(), trace.class());
        let listener = Listener::bind(&options.bind_address, options.port)?;
        let address = listener.address().clone();
        let server_options = ServerOptions {
            stack_size: STACK_SIZE,
            server_version: SERVER_VERSION.to_owned(),
            ..ServerOptions::default()
        };
        let server = Server::start(vec![listener], TraceService(trace.clone()), server_options)?;
        Ok(Self {
            server,
            address,
            trace,
        })
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }

    /// Why clients will be refused, if the trace can't be answered from.
    #[must_use]
    pub fn trace_problem(&self) -> Option<&str> {
        self.trace.problem()
    }

    /// Stops accepting, ends every session, and waits up to `patience` for the threads to end.
    /// Says whether they did: one that is inside a script ends only when that does.
    pub fn shut_down(self, patience: Duration) -> bool {
        self.server.shut_down(patience)
    }
}

/// What a greeting claims unless the trace says another: clients read from the number what a
/// server can do.
const SERVER_VERSION: &str = "9.7.4-mock";
