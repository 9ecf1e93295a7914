use std::path::PathBuf;
use std::time::Duration;

use mynah_net::{Limits, SelfSigned, TlsMode, TlsOptions};
use mynah_script::{Isolation, PreludeKind, Progress, TraceOptions};

/// What a [`MockServer`](crate::MockServer) answers from, and where.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The trace file: JavaScript, or JSON if its name ends in `.json`.
    pub filename: PathBuf,
    /// Whether the server behaves as the original mock where it differs from what is usual: a script that doesn't
    /// load is served all the same, and each client is told why in place of a greeting. Not by default:
    /// [`MockServer::start`](crate::MockServer::start) fails then.
    pub compatible: bool,
    /// The name or address that the TCP ports of both protocols are opened on; all of IPv4 by default.
    pub bind_address: String,
    /// The TCP port of the classic protocol, 0 for one that is free. If there is neither a port nor
    /// a [`socket`](Self::socket), it is 3306.
    pub port: Option<u16>,
    /// The Unix socket of the classic protocol; none by default.
    pub socket: Option<PathBuf>,
    /// The TCP port of the X Protocol, 0 for one that is free; none by default.
    pub xport: Option<u16>,
    /// The Unix socket of the X Protocol; none by default.
    pub xsocket: Option<PathBuf>,
    /// The permissions of Unix sockets, as `chmod` takes them; 0777 by default, as servers have it.
    pub socket_mode: u32,
    /// The TCP port that HTTP clients may see and change globals and connections on, 0 for one that
    /// is free; none by default.
    pub http_port: Option<u16>,
    /// The name or address that HTTP clients connect to; of this machine alone by default.
    pub http_bind: String,
    /// What HTTP clients have to know: they send `Authorization: Bearer` and it; nothing by default.
    pub http_token: Option<String>,
    /// Where scripts find modules that are named without a path; the current directory by
    /// default.
    pub module_prefix: PathBuf,
    /// TLS, for clients of both protocols; disabled by default.
    pub tls: TlsOptions,
    /// What the sessions of a script may have in common; as much as is safe by default.
    pub isolation: Isolation,
    /// How long a script may run for one statement before it is ended; 5 s by default.
    pub statement_budget: Duration,
    /// How many bytes a script may hold for one statement before it is ended; 256 MiB by default. At
    /// twice as many its thread is lost. Counted if the program's allocator is `mynah_guard::Guarded`.
    pub script_memory: usize,
    /// Whether the entries of an array of statements are compared with the statements, whatever the
    /// trace says; not by default.
    pub strict: bool,
    /// What is answered where the trace doesn't; what clients ask by themselves by default.
    pub prelude: PreludeKind,
    /// How clients may compress what they send and get, unless the trace says what is offered; not at
    /// all by default.
    pub compression: Compression,
    /// How many threads serve clients; as many as there are processors by default.
    pub workers: Option<usize>,
    /// Where to look how far the start has come, while it lasts.
    pub progress: Progress,
    /// How much clients may take.
    pub limits: Limits,
    /// How many bytes the keys and values of `mysqld.global` may take; 64 MiB by default.
    pub max_globals: usize,
}

/// How clients may compress what they send and get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compression {
    /// By zlib.
    pub zlib: bool,
    /// By zstd.
    pub zstd: bool,
}

impl Options {
    /// Answers from `filename`, and the defaults for the rest.
    #[must_use]
    pub fn new(filename: impl Into<PathBuf>) -> Self {
        let trace = TraceOptions::default();
        Self {
            filename: filename.into(),
            compatible: false,
            bind_address: "0.0.0.0".to_owned(),
            port: None,
            socket: None,
            xport: None,
            xsocket: None,
            socket_mode: 0o777,
            http_port: None,
            http_bind: "127.0.0.1".to_owned(),
            http_token: None,
            module_prefix: trace.module_prefix,
            tls: TlsOptions::default(),
            isolation: trace.isolation,
            statement_budget: trace.budget,
            script_memory: trace.memory,
            strict: trace.strict,
            prelude: trace.prelude,
            compression: Compression::default(),
            workers: None,
            progress: trace.progress,
            limits: Limits::default(),
            max_globals: 64 << 20,
        }
    }

    /// Behaves as the original mock where it differs from what is usual.
    #[must_use]
    pub fn compatible(mut self) -> Self {
        self.compatible = true;
        self
    }

    /// Listens on another name or address.
    #[must_use]
    pub fn bind_address(mut self, bind_address: impl Into<String>) -> Self {
        self.bind_address = bind_address.into();
        self
    }

    /// Listens on this port, 0 for one that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Listens on a Unix socket; on no port, unless that is set, too.
    #[must_use]
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.socket = Some(path.into());
        self
    }

    /// Lets HTTP clients see and change globals and connections on this port, 0 for one that is
    /// free.
    #[must_use]
    pub fn http_port(mut self, port: u16) -> Self {
        self.http_port = Some(port);
        self
    }

    /// Finds modules in another folder.
    #[must_use]
    pub fn module_prefix(mut self, module_prefix: impl Into<PathBuf>) -> Self {
        self.module_prefix = module_prefix.into();
        self
    }

    /// Lets clients encrypt their connections, by this certificate and key.
    #[must_use]
    pub fn tls(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.mode = TlsMode::Preferred;
        self.tls.cert = Some(cert.into());
        self.tls.key = Some(key.into());
        self
    }

    /// Lets clients encrypt their connections, by a certificate that is made in this folder, unless
    /// it is there already. Clients verify the server with its `server-cert.pem`.
    #[must_use]
    pub fn self_signed(mut self, folder: impl Into<PathBuf>) -> Self {
        self.tls.mode = TlsMode::Preferred;
        self.tls.self_signed = SelfSigned::KeptIn(folder.into());
        self
    }

    /// Keeps sessions apart otherwise than is found to be safe.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// Ends a script that runs longer than this for one statement.
    #[must_use]
    pub fn statement_budget(mut self, budget: Duration) -> Self {
        self.statement_budget = budget;
        self
    }

    /// Compares the entries of an array of statements with the statements.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Answers more, or less, that the trace doesn't.
    #[must_use]
    pub fn prelude(mut self, prelude: PreludeKind) -> Self {
        self.prelude = prelude;
        self
    }

    /// Answers nothing that the trace doesn't.
    #[must_use]
    pub fn without_prelude(self) -> Self {
        self.prelude(PreludeKind::None)
    }

    /// Lets clients compress what they send and get.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Limits how much clients may take.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Limits how many bytes a script may hold for one statement.
    #[must_use]
    pub fn script_memory(mut self, bytes: usize) -> Self {
        self.script_memory = bytes;
        self
    }

    /// Limits how many bytes the keys and values of `mysqld.global` may take.
    #[must_use]
    pub fn max_globals(mut self, bytes: usize) -> Self {
        self.max_globals = bytes;
        self
    }

    /// Serves clients on so many threads.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }
}
