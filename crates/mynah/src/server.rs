use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mynah_classic::Capabilities;
use mynah_expect::{TestOptions, Tests};
use mynah_net::{
    Connections, Containment, ListenAddress, Listener, LostWorkers, NetError, Pool, Protocol,
    Server, ServerOptions, TlsMode, TlsServer,
};
use mynah_rest::{Replaced, RestListener, RestServer, ScriptControl, Served};
use mynah_script::{Answer, Class, Globals, Identity, NeverMet, Report, STACK_SIZE, ScriptOptions};

use crate::script::{PlayedScript, Source};
use crate::service::ScriptService;
use crate::{Compression, Options, StartError};

/// A MySQL server that answers its clients from a script, until it is shut down or dropped.
#[derive(Debug)]
pub struct ScriptServer {
    rest: Option<RestServer>,
    server: Server,
    address: ListenAddress,
    num_classic: usize,
    script: Arc<PlayedScript>,
    globals: Arc<Globals>,
}

impl ScriptServer {
    /// Loads the script and starts to serve it. Clients can connect when this returns.
    ///
    /// # Errors
    /// If the script can't be read, can't be played at all or runs for too long while it is analysed, TLS can't be
    /// set up, an address can't be listened on, or a thread can't be started. In [compatible
    /// mode](Options::compatible) a script that can't be played is no error; see
    /// [`script_problem`](Self::script_problem).
    pub fn start(options: Options) -> Result<Self, StartError> {
        Self::start_with(options, false)
    }

    /// Starts a server that is one of many in its process. If it can't run code and the options don't say how many
    /// threads it has, it shares a thread with others of this kind.
    pub(crate) fn start_small(options: Options) -> Result<Self, StartError> {
        Self::start_with(options, true)
    }

    fn start_with(mut options: Options, is_small: bool) -> Result<Self, StartError> {
        let globals = Arc::new(Globals::with_limit(options.max_globals));
        let source = Source {
            file: options.filename.clone(),
            inline: options.inline.clone(),
            options: script_options(&options),
            globals: Arc::clone(&globals),
        };
        let script = Arc::new(PlayedScript::load(source, options.compatible)?);
        let may_run_code = script.may_run_code(options.http_port.is_some());
        let is_in_pool = is_small && !may_run_code && options.workers.is_none();
        if is_small {
            options.workers.get_or_insert(1);
        }
        let server_options = server_options(&options, may_run_code)?;

        // All listeners are opened before any client is served, so that an error leaves no client
        // behind.
        let mut x = x(&options)?;
        let (first, second, num_classic) = match options.only_x && !x.is_empty() {
            true => (x.remove(0), None, 0),
            false => {
                let (first, second) = classic(&options)?;
                let num_classic = 1 + usize::from(second.is_some());
                (first, second, num_classic)
            }
        };
        let rest = match options.http_port {
            Some(port) => Some(RestListener::bind(
                &options.http_bind,
                port,
                options.http_token.clone(),
            )?),
            None => None,
        };

        let classic = std::iter::once(&first).chain(&second).take(num_classic);
        let of_x = std::iter::once(&first).filter(|_| num_classic == 0);
        let identity = identity(classic, of_x.chain(&x).next());
        script.change(|script| script.with_identity(identity));
        let address = first.address().clone();
        let listeners = std::iter::once(first).chain(second).chain(x).collect();
        let service = ScriptService(Arc::clone(&script));
        let server = match is_in_pool {
            true => Server::start_in(pool(), listeners, service, server_options)?,
            false => Server::start(listeners, service, server_options)?,
        };
        if options.close_on_reload {
            script.set_to_close(server.connections());
        }
        let rest = rest.map(|rest| rest.serve(served(&script, &globals, server.connections())));
        Ok(Self {
            rest: rest.transpose()?,
            server,
            address,
            num_classic,
            script,
            globals,
        })
    }

    /// The address of the classic protocol: its TCP address, or that of the Unix socket if there is no TCP port. If only
    /// the X Protocol is served, that of the X Protocol.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }

    /// The addresses of the classic protocol: the TCP address, if there is one, then the Unix socket.
    #[must_use]
    pub fn addresses(&self) -> &[ListenAddress] {
        let all = self.server.addresses();
        all.get(..self.num_classic).unwrap_or(all)
    }

    /// The addresses of the X Protocol: the TCP address, if there is one, then the Unix socket. Empty by
    /// default.
    #[must_use]
    pub fn x_addresses(&self) -> &[ListenAddress] {
        let all = self.server.addresses();
        all.get(self.num_classic..).unwrap_or_default()
    }

    /// The TCP address of the HTTP listener; `None` without [`Options::http_port`].
    #[must_use]
    pub fn http_address(&self) -> Option<&ListenAddress> {
        self.rest.as_ref().map(RestServer::address)
    }

    /// The values that sessions share, `mysqld.global` in scripts. Sessions of a test that was opened have the test's
    /// own values instead.
    #[must_use]
    pub fn globals(&self) -> &Arc<Globals> {
        &self.globals
    }

    /// A handle to the open connections, which can be listed and closed.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.server.connections()
    }

    /// The worker threads that were given up since the start, because a script couldn't be stopped otherwise. Each
    /// was replaced by another thread, unless none could be started; the memory of a lost thread is never freed.
    #[must_use]
    pub fn lost_workers(&self) -> LostWorkers {
        self.server.connections().lost_workers().clone()
    }

    /// How the script that is played now is run: as data, in JavaScript contexts that the sessions of a thread share,
    /// or in a context per session.
    #[must_use]
    pub fn class(&self) -> Class {
        self.script.class()
    }

    /// The tests on this mock, by which a program adds expectations and reads the journal of statements and the
    /// reports.
    #[must_use]
    pub fn tests(&self) -> Arc<Tests<Answer>> {
        Arc::clone(self.script.now().tests())
    }

    /// Reads the script's file again (an inline script's text is loaded again). New connections get the new script;
    /// open ones keep the old one, or are closed ([`Options::close_on_reload`]). Globals, tests and their journals
    /// are kept; expectations of the old file are replaced by those of the new one. Returns the new script's
    /// [`Class`] as text.
    ///
    /// # Errors
    /// Why the new script can't be played, or that another one is being loaded; the old script is kept then.
    pub fn reload(&self) -> Result<String, String> {
        self.reloader().reload()
    }

    /// A handle by which another thread can reload the script.
    #[must_use]
    pub fn reloader(&self) -> Reloader {
        Reloader(Arc::clone(&self.script))
    }

    /// The reports of all tests: of the shared one, of the last thousand that ended, of open ones, and of the parts
    /// of a recording. Empty as long as there have been no expectations, no journal and no open test, unless
    /// [`Options::has_report`] is set.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        self.script.now().reports()
    }

    /// The entries of a recording that were never played since it was last read, under the name of their part; empty if
    /// the mock plays a script.
    #[must_use]
    pub fn never_played(&self) -> BTreeMap<String, Vec<NeverMet>> {
        self.script.now().never_played()
    }

    /// Removes from a recording's file the entries that were never played since it was last read. Entries that were
    /// added to the file, or changed in it, since then stay. Returns how many entries the file had before, and how many
    /// it has now.
    ///
    /// # Errors
    /// If the file can't be read or written, is a recording's journal, no entry would be left, or the mock plays no
    /// recording.
    pub fn prune(&self) -> Result<(usize, usize), String> {
        self.script.prune()
    }

    /// A handle by which the program gets reports, and prunes a recording, after the server was shut down: no statement
    /// comes any more then.
    #[must_use]
    pub fn results(&self) -> TestResults {
        TestResults(Arc::clone(&self.script))
    }

    /// The mistake for which the script can't be played, so that clients are refused; `None` if there is none.
    /// Outside of [compatible mode](Options::compatible) always `None`, because a server with such a script doesn't
    /// start.
    #[must_use]
    pub fn script_problem(&self) -> Option<String> {
        self.script.problem()
    }

    /// Stops accepting, ends all sessions, and waits up to `timeout` for the threads that serve clients to end.
    /// Returns whether they did: a thread that is running a script ends only when the script returns or is stopped.
    pub fn shut_down(self, timeout: Duration) -> bool {
        drop(self.rest);
        self.server.shut_down(timeout)
    }
}

/// A handle to reload the script of a [`ScriptServer`].
#[derive(Clone, Debug)]
pub struct Reloader(Arc<PlayedScript>);

impl Reloader {
    /// Reloads the script, as [`ScriptServer::reload`], and returns the new script's [`Class`] as text.
    ///
    /// # Errors
    /// As for [`ScriptServer::reload`]; the old script is kept then.
    pub fn reload(&self) -> Result<String, String> {
        self.0.replace(None).map(|Replaced { class }| class)
    }

    /// The files of the modules that the script that is played now has required so far, in any session.
    #[must_use]
    pub fn modules(&self) -> Vec<PathBuf> {
        self.0.now().modules()
    }
}

/// What came of the tests on a [`ScriptServer`], also after it was shut down.
#[derive(Clone, Debug)]
pub struct TestResults(Arc<PlayedScript>);

impl TestResults {
    /// The reports of all tests, as [`ScriptServer::reports`].
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        self.0.now().reports()
    }

    /// Removes entries that were never played from a recording's file, as [`ScriptServer::prune`].
    ///
    /// # Errors
    /// As for [`ScriptServer::prune`].
    pub fn prune(&self) -> Result<(usize, usize), String> {
        self.0.prune()
    }
}

/// The threads of the servers in this process that have none of their own.
fn pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| Pool::new(ServerOptions::default().workers, STACK_SIZE))
}

fn served(script: &Arc<PlayedScript>, globals: &Arc<Globals>, connections: Connections) -> Served {
    let now = script.now();
    let mut served = Served::new(Arc::clone(globals), connections);
    served.tests = Arc::clone(now.tests());
    served.positions = now.positions().clone();
    served.script = Some(Arc::clone(script) as Arc<dyn ScriptControl>);
    served
}

pub(crate) fn script_options(options: &Options) -> ScriptOptions {
    let mut script = ScriptOptions::default();
    script.module_prefix = options.module_prefix.clone();
    script.compatible = options.compatible;
    script.isolation = options.isolation;
    script.budget = options.statement_budget;
    script.memory = options.script_memory;
    script.strict = options.strict;
    script.prelude = options.prelude;
    script.replay = options.replay.clone();
    script.server_version = SERVER_VERSION.to_owned();
    script.fault_seed = options.fault_seed;
    script.progress = options.progress.clone();
    script.tests = TestOptions {
        journal_limit: options.journal(),
        has_report: options.has_report,
        ..TestOptions::default()
    };
    script
}

fn server_options(options: &Options, may_run_code: bool) -> Result<ServerOptions, StartError> {
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
        containment: containment(options, may_run_code),
        ..defaults
    })
}

/// Limits for code of a script that can't be interrupted; data needs none. Memory that is
/// counted between instructions ends the session, and twice as much ends the thread.
fn containment(options: &Options, may_run_code: bool) -> Option<Containment> {
    let memory = options.script_memory.saturating_mul(2);
    may_run_code.then_some(Containment { memory })
}

/// Capabilities that are offered in addition to those that every session has.
fn capabilities(compression: Compression) -> Capabilities {
    let mut capabilities = Capabilities::empty();
    capabilities.set(Capabilities::COMPRESS, compression.zlib);
    capabilities.set(Capabilities::ZSTD_COMPRESSION_ALGORITHM, compression.zstd);
    capabilities
}

/// The ports and the socket that the server reports of itself, as in `@@port`.
fn identity<'l>(classic: impl Iterator<Item = &'l Listener>, x: Option<&Listener>) -> Identity {
    let mut identity = Identity::default();
    for listener in classic {
        match listener.address() {
            ListenAddress::Tcp(address) => identity.port = address.port(),
            ListenAddress::Unix(path) => identity.socket = Some(path.clone()),
            _ => {}
        }
    }
    if let Some(ListenAddress::Tcp(address)) = x.map(Listener::address) {
        identity.x_port = Some(address.port());
    }
    identity
}

/// The listeners of the classic protocol, at least one.
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

/// The version in the greeting unless the script has another. Clients derive the server's features
/// from the number.
const SERVER_VERSION: &str = "9.7.4-mock";
