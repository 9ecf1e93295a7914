use std::{
    fs, io,
    net::SocketAddr,
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use super::{
    RealServer, Root,
    borrowed::{Folder, Process, free_addresses},
    program::{end_of, run_with_input},
    unavailable::{Reason, Unavailable, io_at},
};

/// MySQL Router 9.7, which is in the packages of [`RealServer::MySql97`]; not started yet.
#[derive(Clone, Debug)]
pub struct RouterProgram {
    root: Root,
}

impl RouterProgram {
    /// Downloads MySQL Router, unless that was done before.
    ///
    /// # Errors
    /// [`Unavailable`] states what is missing: a reason to skip.
    pub fn fetch() -> Result<Self, Unavailable> {
        let root = RealServer::MySql97.fetch()?;
        Ok(Self { root })
    }

    /// The folder with the programs of the router and of the server, and `usr/bin/mysql`.
    #[must_use]
    pub const fn root(&self) -> &Root {
        &self.root
    }

    /// Runs `mysqlrouter --bootstrap` against a server with the metadata of a cluster, as `root`
    /// with this password. Other options, such as `--conf-set-option=…`, come last.
    ///
    /// # Errors
    /// [`Reason::Failed`] with its error output, if it rejects the server's answers.
    pub fn bootstrap(
        &self,
        server: SocketAddr,
        password: &str,
        options: &[&str],
    ) -> Result<Bootstrapped, Reason> {
        let folder = Folder::new("router")?;
        let mut command = self.command();
        command
            .arg(format!("--bootstrap=root@{server}"))
            .arg(format!("--directory={}", folder.path().display()))
            .args(["--force", "--disable-rest", "--report-host=localhost"])
            .arg("--conf-bind-address=127.0.0.1");
        // As root it demands an explicit user; as another user it can't change to one.
        let owner = fs::metadata(folder.path()).map_err(io_at(folder.path()))?;
        if owner.uid() == 0 {
            command.arg("--user=root");
        }
        set(&mut command, "DEFAULT.plugin_folder", &self.plugins());
        let [rw, ro, x_rw, x_ro, rw_split] = free_addresses().map_err(io_at("a free port"))?;
        for (name, address) in [
            ("rw", rw),
            ("ro", ro),
            ("x_rw", x_rw),
            ("x_ro", x_ro),
            ("rw_split", rw_split),
        ] {
            let option = format!("routing:bootstrap_{name}.bind_port");
            set(&mut command, &option, &address.port().to_string());
        }
        command.args(options);
        let said = run_with_input(&mut command, &format!("{password}\n"))?;
        Ok(Bootstrapped {
            program: self.clone(),
            folder,
            said,
            rw,
            ro,
            rw_split,
        })
    }

    /// Starts the router with these sections of a configuration, and waits until each `[routing…]` listens. The
    /// sections need no settings of folders, plugins and the log, which are added to them.
    ///
    /// # Errors
    /// [`Reason::NotReady`] with the end of its log, if it rejects them.
    pub fn start(&self, sections: &str) -> Result<Router, Reason> {
        let folder = Folder::new("router")?;
        let path = folder.path().display();
        let plugins = self.plugins();
        let config = format!(
            "[DEFAULT]\nlogging_folder={path}/log\nruntime_folder={path}/run\ndata_folder={path}/data\n\
             plugin_folder={plugins}\n[logger]\nlevel=info\n{sections}\n"
        );
        for name in ["log", "run", "data"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).map_err(io_at(path))?;
        }
        let file = folder.path().join(CONFIG);
        fs::write(&file, config).map_err(io_at(file))?;
        self.start_in(folder)
    }

    fn start_in(&self, folder: Folder) -> Result<Router, Reason> {
        let config = folder.path().join(CONFIG);
        let text = fs::read_to_string(&config).map_err(io_at(&config))?;
        let routes = text.lines().filter(|line| line.starts_with("[routing"));
        let mut command = self.command();
        command.arg("--config").arg(&config);
        let mut router = Router {
            process: Process::start(&mut command)?,
            folder,
        };
        router.wait(routes.count(), text.contains("[metadata_cache"))?;
        Ok(router)
    }

    fn command(&self) -> Command {
        self.root.command(&self.root.path("usr/bin/mysqlrouter"))
    }

    fn plugins(&self) -> String {
        let plugins = self.root.path("usr/lib/mysqlrouter/plugin");
        plugins.display().to_string()
    }
}

fn set(command: &mut Command, option: &str, value: &str) {
    command.arg(format!("--conf-set-option={option}={value}"));
}

/// A router that knows its cluster, and isn't started yet.
#[derive(Debug)]
pub struct Bootstrapped {
    program: RouterProgram,
    folder: Folder,
    said: String,
    rw: SocketAddr,
    ro: SocketAddr,
    rw_split: SocketAddr,
}

impl Bootstrapped {
    /// The output of the bootstrap: warnings, and how to reach the cluster.
    #[must_use]
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Sets the servers that the router asks for the metadata, in place of those found by the bootstrap.
    ///
    /// # Errors
    /// [`Reason::Io`] if its state file can't be read or rewritten; [`Reason::Missing`] if the file has no list of
    /// servers.
    pub fn ask_for_metadata(&self, servers: &[SocketAddr]) -> Result<(), Reason> {
        let file = self.folder.path().join(STATE);
        let text = fs::read_to_string(&file).map_err(io_at(&file))?;
        let Some((before, rest)) = text.split_once(METADATA_SERVERS) else {
            return Err(Reason::Missing(file));
        };
        let (_, after) = rest.split_once(']').unwrap_or_default();
        let servers: Vec<_> = servers
            .iter()
            .map(|server| format!("\"mysql://{server}\""))
            .collect();
        let text = format!("{before}{METADATA_SERVERS}{}]{after}", servers.join(", "));
        fs::write(&file, text).map_err(io_at(file))
    }

    /// The address whose connections the router, once it is started, forwards to the primary.
    #[must_use]
    pub const fn rw(&self) -> SocketAddr {
        self.rw
    }

    /// The address whose connections the router, once it is started, forwards to the secondaries in turn.
    #[must_use]
    pub const fn ro(&self) -> SocketAddr {
        self.ro
    }

    /// The address whose statements the router, once it is started, forwards by their kind.
    #[must_use]
    pub const fn rw_split(&self) -> SocketAddr {
        self.rw_split
    }

    /// Starts the router, and waits until it has read the metadata of the cluster.
    ///
    /// # Errors
    /// [`Reason::NotReady`] with the end of its log, if it can't read the metadata.
    pub fn start(self) -> Result<Router, Reason> {
        self.program.start_in(self.folder)
    }
}

/// A router that runs until this is dropped, with a temporary folder of its own.
#[derive(Debug)]
pub struct Router {
    /// Declared first, so that it is dropped before the folder it writes to.
    process: Process,
    folder: Folder,
}

impl Router {
    /// The router's folder with its configuration, state and log, which is removed with the router.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The text of the router's log so far.
    ///
    /// # Errors
    /// The error of reading the file, which doesn't exist before the first line.
    pub fn log(&self) -> io::Result<String> {
        fs::read_to_string(self.folder.path().join(LOG))
    }

    fn wait(&mut self, routes: usize, with_metadata: bool) -> Result<(), Reason> {
        let start = Instant::now();
        loop {
            let log = self.log().unwrap_or_default();
            let listening = log.matches(LISTENING).count() >= routes;
            let seen = METADATA_SEEN.iter().any(|seen| log.contains(seen));
            if listening && (!with_metadata || seen) {
                return Ok(());
            }
            if self.process.has_ended() || start.elapsed() > START_TIMEOUT {
                return Err(Reason::NotReady {
                    waited: start.elapsed(),
                    log: end_of(&log),
                });
            }
            thread::sleep(PAUSE);
        }
    }
}

/// The configuration file, named as by a bootstrap.
const CONFIG: &str = "mysqlrouter.conf";
/// The log file, unless it is configured otherwise.
const LOG: &str = "log/mysqlrouter.log";
/// The file with its knowledge of the cluster.
const STATE: &str = "data/state.json";
/// The text in that file before the list of servers.
const METADATA_SERVERS: &str = "\"cluster-metadata-servers\": [";
/// The text in the log for each route.
const LISTENING: &str = "Start accepting connections for routing";
/// The texts in the log after it has read the cluster's members; the second one without Group
/// Replication.
const METADATA_SEEN: [&str; 2] = ["Metadata for cluster", " members)"];
/// How long the start may take.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// The time between two checks whether it is ready.
const PAUSE: Duration = Duration::from_millis(20);
