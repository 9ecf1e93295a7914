use std::path::PathBuf;
use std::time::Duration;

use mynah_net::{Limits, SelfSigned, TlsMode, TlsOptions};
use mynah_script::{Isolation, PreludeKind, Progress, ReplayOptions, ScriptOptions};

/// The options of a [`ScriptServer`](crate::ScriptServer): script, listeners, limits.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The script's file: JSON if its name ends in `.json`, else JavaScript; or a recording. Without a file and an
    /// [`inline`](Self::inline) script, statements get only the built-in answers of [`prelude`](Self::prelude), until
    /// a script comes over HTTP, or expectations over HTTP or by [`ScriptServer::tests`](crate::ScriptServer::tests).
    pub filename: Option<PathBuf>,
    /// A script's text, which is played if [`filename`](Self::filename) is `None`; none by default.
    pub inline: Option<InlineScript>,
    /// Whether open connections are closed when the script is replaced, by a reload or over HTTP. By default they
    /// continue with the old script.
    pub close_on_reload: bool,
    /// How many statements the journal of each test keeps, the latest ones; 0 for no journal. `None` means 10,000 if
    /// there is an HTTP listener to read them by, else 0.
    pub journal: Option<usize>,
    /// Whether the server behaves like the original `mysql_server_mock` even where that is inconvenient. For example,
    /// it starts with a script that can't be played, and sends clients the error in place of a greeting; by default,
    /// [`ScriptServer::start`](crate::ScriptServer::start) fails.
    pub compatible: bool,
    /// The host name or IP address that the TCP ports of both protocols listen on; all IPv4 addresses by
    /// default.
    pub bind_address: String,
    /// The TCP port of the classic protocol; 0 chooses a free one. With `None` it is 3306 or, if there is a
    /// [`socket`](Self::socket), there is no TCP port.
    pub port: Option<u16>,
    /// The path of the Unix socket of the classic protocol; none by default.
    pub socket: Option<PathBuf>,
    /// The TCP port of the X Protocol, 0 for a free one; none by default.
    pub xport: Option<u16>,
    /// The path of the Unix socket of the X Protocol; none by default.
    pub xsocket: Option<PathBuf>,
    /// Whether only the X Protocol is served, if it has a port or a socket: then [`port`](Self::port) and
    /// [`socket`](Self::socket) are ignored. By default the classic protocol is always served.
    pub only_x: bool,
    /// The permissions of Unix sockets, as `chmod` takes them; 0777 by default, as with MySQL's
    /// servers.
    pub socket_mode: u32,
    /// The TCP port of the HTTP listener, by which tests and programs can control the mock; 0 for any free port;
    /// none by default.
    pub http_port: Option<u16>,
    /// The host name or IP address that the HTTP listener uses; the loopback interface by default.
    pub http_bind: String,
    /// The token that HTTP requests must have, as `Authorization: Bearer …`; none by default. Without one, requests
    /// must have a `Host` that is `localhost`, an IP address or [`http_bind`](Self::http_bind), except those that read
    /// `/health`, `/ready` and `/metrics`; requests that would change something must not come from a web page of
    /// another site.
    pub http_token: Option<String>,
    /// The folder whose subfolders `local_modules` and `npm/node_modules` are searched for modules that scripts
    /// name without a path; the current directory by default.
    pub module_prefix: PathBuf,
    /// TLS, for clients of both protocols; disabled by default.
    pub tls: TlsOptions,
    /// Which sessions of a script in JavaScript may share a context; as many as is safe by default.
    pub isolation: Isolation,
    /// How long a script may run for one statement, or for the start of a session, before it is stopped; 5 s by
    /// default.
    pub statement_budget: Duration,
    /// The most memory in bytes that a script may hold for one statement; 256 MiB by default. A script that
    /// holds more is stopped; one that can't be stopped loses its thread at twice as much. It has an effect
    /// only if the program's global allocator is `mynah_guard::Guarded`.
    pub script_memory: usize,
    /// Whether each statement is compared with the `stmt` of the next entry of the script's array of statements, even
    /// if the script doesn't set `strict`; not by default.
    pub strict: bool,
    /// The built-in answers for statements that the script doesn't answer; by default those to statements
    /// about the session, such as drivers send on connect.
    pub prelude: PreludeKind,
    /// How a recording is played: the password that logins need, whether statements must come in the recorded order,
    /// how long answers take, values that differ from run to run. No effect on scripts.
    pub replay: ReplayOptions,
    /// The seed that random faults are drawn from: the same seed plays the same faults to the same statements of the
    /// same connections. By default it is random, and logged when a toxicity below 1 is drawn.
    pub fault_seed: Option<u64>,
    /// Whether statements are counted for [`ScriptServer::reports`](crate::ScriptServer::reports) even if there are
    /// no expectations and no journal; not by default.
    pub has_report: bool,
    /// The compression algorithms that the greeting of the classic protocol offers; none by default. A script's
    /// `greeting.capabilities` can add or replace them.
    pub compression: Compression,
    /// How many threads serve clients; by default as many as there are processors, or for a
    /// [`MockServer`](crate::MockServer) one, which it may share with others.
    pub workers: Option<usize>,
    /// A handle by which a program can show what [`ScriptServer::start`](crate::ScriptServer::start) is doing if it
    /// takes long.
    pub progress: Progress,
    /// Limits on the resources that clients use: their number, how long they may be idle or slow to read, and the
    /// memory for their input.
    pub limits: Limits,
    /// The most bytes that the keys and values of `mysqld.global` may take, those of all tests together; 64 MiB by
    /// default.
    pub max_globals: usize,
}

/// A script that isn't in a file, for [`Options::inline`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineScript {
    /// The name for messages. If it ends in `.json`, the script is JSON, else JavaScript. Modules that the script
    /// requires by a relative path are looked for in the folder of the name's path.
    pub name: PathBuf,
    /// The text of the script, which can't be a recording.
    pub text: String,
}

/// The compression algorithms that are offered to clients of the classic protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compression {
    /// Whether the greeting offers zlib (the capability COMPRESS); if not, a script can still offer it.
    pub zlib: bool,
    /// Whether the greeting offers zstd (the capability ZSTD_COMPRESSION_ALGORITHM); if not, a script can still offer
    /// it.
    pub zstd: bool,
}

impl Options {
    /// Options with this file as the script (see [`filename`](Self::filename)), and defaults for everything else.
    #[must_use]
    pub fn new(filename: impl Into<PathBuf>) -> Self {
        let script = ScriptOptions::default();
        Self {
            filename: Some(filename.into()),
            inline: None,
            close_on_reload: false,
            journal: None,
            compatible: false,
            bind_address: "0.0.0.0".to_owned(),
            port: None,
            socket: None,
            xport: None,
            xsocket: None,
            only_x: false,
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
            replay: script.replay,
            fault_seed: None,
            has_report: script.tests.has_report,
            compression: Compression::default(),
            workers: None,
            progress: script.progress,
            limits: Limits::default(),
            max_globals: 64 << 20,
        }
    }

    /// Options without a script, and with defaults for everything else. Statements then get only built-in answers
    /// (see [`prelude`](Self#structfield.prelude)), until expectations are added, or a script comes over HTTP.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            filename: None,
            ..Self::new("")
        }
    }

    /// Plays this text in place of a file, which is then not used; `name` is as in [`InlineScript::name`].
    #[must_use]
    pub fn inline(mut self, name: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        (self.filename, self.inline) = (
            None,
            Some(InlineScript {
                name: name.into(),
                text: text.into(),
            }),
        );
        self
    }

    /// How many statements the journal keeps.
    pub(crate) fn journal(&self) -> usize {
        let has_reader = self.http_port.is_some();
        self.journal.unwrap_or(if has_reader { JOURNAL } else { 0 })
    }

    /// Makes the server behave like the original `mysql_server_mock`; see
    /// [`compatible`](Self#structfield.compatible).
    #[must_use]
    pub fn compatible(mut self) -> Self {
        self.compatible = true;
        self
    }

    /// Sets the host name or IP address that the TCP ports of both protocols listen on. The HTTP listener has
    /// [`http_bind`](Self::http_bind).
    #[must_use]
    pub fn bind_address(mut self, bind_address: impl Into<String>) -> Self {
        self.bind_address = bind_address.into();
        self
    }

    /// Sets the TCP port of the classic protocol; 0 for any free port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Sets the Unix socket of the classic protocol. With a Unix socket, the classic protocol has a TCP port only if
    /// [`port`](Self::port) is called, too.
    #[must_use]
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.socket = Some(path.into());
        self
    }

    /// Opens an HTTP listener on this port, by which tests and programs can control the mock; 0 for any free port.
    #[must_use]
    pub fn http_port(mut self, port: u16) -> Self {
        self.http_port = Some(port);
        self
    }

    /// Sets the folder whose subfolders `local_modules` and `npm/node_modules` are searched for modules that
    /// scripts name without a path.
    #[must_use]
    pub fn module_prefix(mut self, module_prefix: impl Into<PathBuf>) -> Self {
        self.module_prefix = module_prefix.into();
        self
    }

    /// Offers TLS with the certificate and the private key in these PEM files. Clients may also connect without
    /// TLS.
    #[must_use]
    pub fn tls(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.mode = TlsMode::Preferred;
        self.tls.cert = Some(cert.into());
        self.tls.key = Some(key.into());
        self
    }

    /// Offers TLS with the self-signed certificate in this folder, which is made if it is missing. Clients verify
    /// the server with `server-cert.pem` in it, and may also connect without TLS.
    #[must_use]
    pub fn self_signed(mut self, folder: impl Into<PathBuf>) -> Self {
        self.tls.mode = TlsMode::Preferred;
        self.tls.self_signed = SelfSigned::KeptIn(folder.into());
        self
    }

    /// Sets which sessions of a script may share a JavaScript context.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// Sets how long a script may run for one statement, or for the start of a session, before it is stopped; 5 s by
    /// default.
    #[must_use]
    pub fn statement_budget(mut self, budget: Duration) -> Self {
        self.statement_budget = budget;
        self
    }

    /// Compares each statement with the `stmt` of the next entry of the script's array of statements, whatever the
    /// script sets.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Sets which statements get built-in answers if the script doesn't answer them.
    #[must_use]
    pub fn prelude(mut self, prelude: PreludeKind) -> Self {
        self.prelude = prelude;
        self
    }

    /// Turns the built-in answers off: statements are answered only by the script and by expectations.
    #[must_use]
    pub fn without_prelude(self) -> Self {
        self.prelude(PreludeKind::None)
    }

    /// Sets how a recording is played; no effect on scripts.
    #[must_use]
    pub fn replay(mut self, replay: ReplayOptions) -> Self {
        self.replay = replay;
        self
    }

    /// Counts statements for [`ScriptServer::reports`](crate::ScriptServer::reports) even if there are no
    /// expectations and no journal.
    #[must_use]
    pub fn with_report(mut self) -> Self {
        self.has_report = true;
        self
    }

    /// Sets the compression algorithms that the greeting of the classic protocol offers.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Sets the limits on the resources that clients use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the most memory in bytes that a script may hold for one statement; see
    /// [`script_memory`](Self#structfield.script_memory).
    #[must_use]
    pub fn script_memory(mut self, bytes: usize) -> Self {
        self.script_memory = bytes;
        self
    }

    /// Sets the most bytes that the keys and values of `mysqld.global` may take, those of all tests together.
    #[must_use]
    pub fn max_globals(mut self, bytes: usize) -> Self {
        self.max_globals = bytes;
        self
    }

    /// Sets how many threads serve clients; by default as many as there are processors.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }
}

/// How many statements a journal keeps unless it is said.
const JOURNAL: usize = 10_000;
