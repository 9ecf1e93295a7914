use std::path::PathBuf;
use std::time::Duration;

use mynah_net::{Limits, SelfSigned, TlsMode, TlsOptions};
use mynah_script::{Isolation, PreludeKind, Progress, ScriptOptions};

/// The script of a [`MockServer`](crate::MockServer), its listeners and its limits.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The script's file: JavaScript, or JSON if its name ends in `.json`. Without one the mock begins with
    /// nothing to answer, and gets expectations over HTTP.
    pub filename: Option<PathBuf>,
    /// Whether sessions are closed when there is another script; by default they keep theirs.
    pub close_on_reload: bool,
    /// How many statements the journal keeps, 0 for no journal; by default 10,000 where there is HTTP to read it
    /// by, else none.
    pub journal: Option<usize>,
    /// Whether the server imitates the original mock where that behaves unusually: it starts with a
    /// script that doesn't load, and sends each client the error in place of a greeting. By
    /// default, [`MockServer::start`](crate::MockServer::start) fails instead.
    pub compatible: bool,
    /// The name or address on which the TCP ports of both protocols are opened; all of IPv4 by
    /// default.
    pub bind_address: String,
    /// The TCP port of the classic protocol; 0 chooses a free one. Without a port and a
    /// [`socket`](Self::socket), it is 3306.
    pub port: Option<u16>,
    /// The Unix socket of the classic protocol; none by default.
    pub socket: Option<PathBuf>,
    /// The TCP port of the X Protocol, 0 for a free one; none by default.
    pub xport: Option<u16>,
    /// The Unix socket of the X Protocol; none by default.
    pub xsocket: Option<PathBuf>,
    /// The permissions of Unix sockets, as `chmod` takes them; 0777 by default, as with MySQL's
    /// servers.
    pub socket_mode: u32,
    /// The TCP port on which HTTP clients may read and change globals and connections, 0 for a free
    /// one; none by default.
    pub http_port: Option<u16>,
    /// The name or address that HTTP clients connect to; the loopback interface by default.
    pub http_bind: String,
    /// The token that HTTP clients must send, as `Authorization: Bearer` and the token; none by
    /// default.
    pub http_token: Option<String>,
    /// The folder of modules that scripts name without a path; the current directory by default.
    pub module_prefix: PathBuf,
    /// TLS, for clients of both protocols; disabled by default.
    pub tls: TlsOptions,
    /// How much state the sessions of a script may share; as much as is safe by default.
    pub isolation: Isolation,
    /// How long a script may run for one statement before it is stopped; 5 s by default.
    pub statement_budget: Duration,
    /// How many bytes a script may hold for one statement before it is stopped; 256 MiB by default.
    /// At twice that, its thread is lost. This needs `mynah_guard::Guarded` as the program's
    /// allocator.
    pub script_memory: usize,
    /// Whether statements are compared with the entries of an array of statements, whatever the
    /// script sets; not by default.
    pub strict: bool,
    /// The answers to statements that the script doesn't answer; by default those to statements that
    /// drivers send on connect.
    pub prelude: PreludeKind,
    /// Whether statements are counted for [`MockServer::reports`](crate::MockServer::reports) even if the script
    /// expects nothing; not by default.
    pub has_report: bool,
    /// How clients may compress their connections, unless the script sets it; not at all by default.
    pub compression: Compression,
    /// How many threads serve clients; by default as many as there are processors.
    pub workers: Option<usize>,
    /// Where to read how far the start has come, while it lasts.
    pub progress: Progress,
    /// Bounds on the resources that clients use.
    pub limits: Limits,
    /// How many bytes the keys and values of `mysqld.global` may take; 64 MiB by default.
    pub max_globals: usize,
}

/// How clients may compress their connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compression {
    /// By zlib.
    pub zlib: bool,
    /// By zstd.
    pub zstd: bool,
}

impl Options {
    /// The given script, and defaults for all other options.
    #[must_use]
    pub fn new(filename: impl Into<PathBuf>) -> Self {
        let script = ScriptOptions::default();
        Self {
            filename: Some(filename.into()),
            close_on_reload: false,
            journal: None,
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
            module_prefix: script.module_prefix,
            tls: TlsOptions::default(),
            isolation: script.isolation,
            statement_budget: script.budget,
            script_memory: script.memory,
            strict: script.strict,
            prelude: script.prelude,
            has_report: script.tests.has_report,
            compression: Compression::default(),
            workers: None,
            progress: script.progress,
            limits: Limits::default(),
            max_globals: 64 << 20,
        }
    }

    /// No script to begin with, and defaults for all other options.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            filename: None,
            ..Self::new("")
        }
    }

    /// How many statements the journal keeps.
    pub(crate) fn journal(&self) -> usize {
        let has_reader = self.http_port.is_some();
        self.journal.unwrap_or(if has_reader { JOURNAL } else { 0 })
    }

    /// Imitates the original mock where that behaves unusually; see
    /// [`compatible`](Self#structfield.compatible).
    #[must_use]
    pub fn compatible(mut self) -> Self {
        self.compatible = true;
        self
    }

    /// Listens on this name or address.
    #[must_use]
    pub fn bind_address(mut self, bind_address: impl Into<String>) -> Self {
        self.bind_address = bind_address.into();
        self
    }

    /// Listens on this port; 0 chooses a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Listens on a Unix socket, and on no port unless that is set, too.
    #[must_use]
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.socket = Some(path.into());
        self
    }

    /// Lets HTTP clients read and change globals and connections on this port; 0 chooses a free
    /// one.
    #[must_use]
    pub fn http_port(mut self, port: u16) -> Self {
        self.http_port = Some(port);
        self
    }

    /// Looks for modules in this folder.
    #[must_use]
    pub fn module_prefix(mut self, module_prefix: impl Into<PathBuf>) -> Self {
        self.module_prefix = module_prefix.into();
        self
    }

    /// Offers TLS, with this certificate and key.
    #[must_use]
    pub fn tls(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.mode = TlsMode::Preferred;
        self.tls.cert = Some(cert.into());
        self.tls.key = Some(key.into());
        self
    }

    /// Offers TLS, with the self-signed certificate in this folder, which is made if it is missing.
    /// Clients verify the server with its `server-cert.pem`.
    #[must_use]
    pub fn self_signed(mut self, folder: impl Into<PathBuf>) -> Self {
        self.tls.mode = TlsMode::Preferred;
        self.tls.self_signed = SelfSigned::KeptIn(folder.into());
        self
    }

    /// Sets how much state sessions share, instead of as much as is safe.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// Stops a script that runs longer than this for one statement.
    #[must_use]
    pub fn statement_budget(mut self, budget: Duration) -> Self {
        self.statement_budget = budget;
        self
    }

    /// Compares statements with the entries of an array of statements.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Sets the answers to statements that the script doesn't answer.
    #[must_use]
    pub fn prelude(mut self, prelude: PreludeKind) -> Self {
        self.prelude = prelude;
        self
    }

    /// Answers only statements that the script answers.
    #[must_use]
    pub fn without_prelude(self) -> Self {
        self.prelude(PreludeKind::None)
    }

    /// Counts statements for a report even if the script expects nothing.
    #[must_use]
    pub fn with_report(mut self) -> Self {
        self.has_report = true;
        self
    }

    /// Lets clients compress their connections.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Bounds the resources that clients use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Bounds the bytes that a script may hold for one statement.
    #[must_use]
    pub fn script_memory(mut self, bytes: usize) -> Self {
        self.script_memory = bytes;
        self
    }

    /// Bounds the bytes of the keys and values of `mysqld.global`.
    #[must_use]
    pub fn max_globals(mut self, bytes: usize) -> Self {
        self.max_globals = bytes;
        self
    }

    /// Sets how many threads serve clients.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }
}

/// How many statements a journal keeps unless it is said.
const JOURNAL: usize = 10_000;
