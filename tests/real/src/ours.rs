//! Our own programs, as a user starts them.

use std::{
    env,
    io::{self, BufRead as _, BufReader},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::client::Protocol;

use mynah_testkit::{
    fixtures_folder,
    servers::{Process, RealServer, free_addresses},
};

/// Why one of our programs doesn't run: a failure, never a reason to skip.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OursError {
    #[error("{program} cannot be run: {source}")]
    CannotRun { program: PathBuf, source: io::Error },
    #[error("{program} said '{said}' instead of where it listens")]
    NotListening { program: &'static str, said: String },
    #[error("{0} has no standard output")]
    Silent(&'static str),
    #[error("starting {0} panicked")]
    Panicked(RealServer),
}

/// A mock with answers to the clients' statements.
#[derive(Debug)]
pub(crate) struct Mock {
    address: SocketAddr,
    x_address: SocketAddr,
    _process: Process,
}

/// The kind of a mock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Like MySQL, without TLS, with `mysql_native_password`.
    Plain,
    /// Like MySQL, requires TLS, with `caching_sha2_password`.
    Tls,
    /// Like MariaDB, without TLS, with `mysql_native_password`.
    MariaDb,
}

impl Mock {
    const NAME: &str = "mynah-mock";

    pub(crate) fn start(kind: Kind) -> Result<Self, OursError> {
        let tls = kind == Kind::Tls;
        let is = |kind_asked| if kind == kind_asked { "1" } else { "0" };
        let tls_files = fixtures_folder("tls");
        let mut command = Self::playing("real.js");
        command
            .env("TLS", is(Kind::Tls))
            .env("MARIADB", is(Kind::MariaDb))
            .arg(format!(
                "--ssl-mode={}",
                if tls { "REQUIRED" } else { "DISABLED" }
            ));
        if tls {
            let file = |name| tls_files.join(name).display().to_string();
            command
                .arg(format!("--ssl-cert={}", file("server.pem")))
                .arg(format!("--ssl-key={}", file("server-key.pem")));
        }
        Self::run(command)
    }

    /// Starts a mock that plays a script of `fixtures/scripts` to any user, without TLS.
    pub(crate) fn play(script: &str) -> Result<Self, OursError> {
        Self::run(Self::playing(script))
    }

    /// Starts a mock that plays a recording, with TLS for clients that want it.
    pub(crate) fn replay(recording: &Path) -> Result<Self, OursError> {
        let mut command = Self::playing_file(recording);
        let file = |name| fixtures_folder("tls").join(name).display().to_string();
        command
            .arg("--ssl-mode=preferred")
            .arg(format!("--ssl-cert={}", file("server.pem")))
            .arg(format!("--ssl-key={}", file("server-key.pem")))
            .arg("--compression-algorithms=zlib,zstd,uncompressed");
        Self::run(command)
    }

    fn playing(script: &str) -> Command {
        Self::playing_file(&fixtures_folder("scripts").join(script))
    }

    fn playing_file(file: &Path) -> Command {
        let mut command = Command::new(program(Self::NAME));
        command
            .env_remove("RUST_LOG")
            .args([
                "--bind-address=127.0.0.1",
                "--port=0",
                "--xport=0",
                "--filename",
            ])
            .arg(file);
        command
    }

    fn run(command: Command) -> Result<Self, OursError> {
        let ([address, x_address], process) = listening(Self::NAME, command)?;
        Ok(Self {
            address,
            x_address,
            _process: process,
        })
    }

    /// Its address for clients of a protocol.
    pub(crate) const fn address(&self, protocol: Protocol) -> SocketAddr {
        match protocol {
            Protocol::Classic => self.address,
            Protocol::X => self.x_address,
        }
    }
}

/// The example of `mynah-server` that serves a SQLite file, with a table to browse.
#[derive(Debug)]
pub(crate) struct Sqlite {
    server: Mock,
    _folder: tempfile::TempDir,
}

impl Sqlite {
    const NAME: &str = "examples/sqlite";

    pub(crate) fn start() -> Result<Self, OursError> {
        let cannot_run = |program: &str| {
            let program = program.into();
            move |source| OursError::CannotRun { program, source }
        };
        let folder = tempfile::tempdir().map_err(cannot_run(Self::NAME))?;
        let file = folder.path().join("test.db");
        let mut filling = Command::new("python3");
        filling.args(["-c", FILL]).arg(&file);
        filling.output().map_err(cannot_run("python3"))?;
        let mut command = Command::new(program(Self::NAME));
        command.arg(file).args(["0", "0"]);
        let ([address, x_address], process) = listening(Self::NAME, command)?;
        let server = Mock {
            address,
            x_address,
            _process: process,
        };
        Ok(Self {
            server,
            _folder: folder,
        })
    }

    /// Its address for clients of a protocol.
    pub(crate) const fn address(&self, protocol: Protocol) -> SocketAddr {
        self.server.address(protocol)
    }
}

/// Starts a program that says where it listens, for clients of both protocols.
fn listening(
    name: &'static str,
    mut command: Command,
) -> Result<([SocketAddr; 2], Process), OursError> {
    // Its log appears on our own standard error.
    let mut child = start(command.stdout(Stdio::piped()))?;
    let mut said = String::new();
    let mut lines = BufReader::new(child.stdout.take().ok_or(OursError::Silent(name))?);
    let mut listening = |protocol: &str| {
        let mut line = String::new();
        let _ = lines.read_line(&mut line);
        said += &line;
        let address = line
            .trim()
            .strip_prefix(protocol)?
            .strip_prefix(" listening on ")?;
        address.parse().ok()
    };
    match (listening("classic"), listening("x")) {
        (Some(address), Some(x_address)) => Ok(([address, x_address], Process::new(child))),
        _ => Err(OursError::NotListening {
            program: name,
            said,
        }),
    }
}

/// The proxy in front of a server.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    pid: u32,
    process: Process,
}

impl Proxy {
    pub(crate) const NAME: &str = "mynah-proxy";

    /// With `tls` it requires TLS, and has our tests' certificate.
    pub(crate) fn start(upstream: SocketAddr, tls: bool) -> Result<Self, OursError> {
        Self::start_with(upstream, tls, &[])
    }

    /// Starts one that records. It writes the file when it ends.
    pub(crate) fn record(
        upstream: SocketAddr,
        tls: bool,
        recording: &Path,
        volatile: &[&str],
    ) -> Result<Self, OursError> {
        let mut options = vec![format!("--record={}", recording.display())];
        options.extend(volatile.iter().map(|rule| format!("--volatile={rule}")));
        Self::start_with(upstream, tls, &options)
    }

    /// Has it end in order, and waits for that.
    pub(crate) fn end(mut self) -> bool {
        let ended = Command::new("kill").arg(self.pid.to_string()).status();
        let start = Instant::now();
        while !self.process.has_ended() {
            if start.elapsed() > START_TIMEOUT {
                return false;
            }
            thread::sleep(Duration::from_millis(20));
        }
        ended.is_ok()
    }

    fn start_with(upstream: SocketAddr, tls: bool, more: &[String]) -> Result<Self, OursError> {
        let [address] = free_addresses().map_err(|source| OursError::CannotRun {
            program: Self::NAME.into(),
            source,
        })?;
        let mut command = Command::new(program(Self::NAME));
        command
            .arg(format!("--listen={address}"))
            .arg(format!("--upstream={upstream}"))
            .args(more);
        if tls {
            let file = |name| fixtures_folder("tls").join(name).display().to_string();
            command
                .arg("--client-tls=required")
                .arg(format!("--client-tls-cert={}", file("server.pem")))
                .arg(format!("--client-tls-key={}", file("server-key.pem")));
        }
        // The trace isn't needed.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = start(&mut command)?;
        let pid = child.id();
        let mut process = Process::new(child);
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if process.has_ended() || start.elapsed() > START_TIMEOUT {
                return Err(OursError::NotListening {
                    program: Self::NAME,
                    said: "nothing".to_owned(),
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Self {
            address,
            pid,
            process,
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Whether one of our programs was built.
pub(crate) fn is_there(name: &str) -> bool {
    program(name).is_file()
}

/// The command that runs another one with a mock.
pub(crate) fn mock_run() -> Command {
    let mut command = Command::new(program(Mock::NAME));
    command.env_remove("RUST_LOG").arg("run");
    command
}

/// One of our programs, in the folder of this one.
fn program(name: &str) -> PathBuf {
    let own = env::current_exe().unwrap_or_default();
    own.parent().unwrap_or(Path::new(".")).join(name)
}

fn start(command: &mut Command) -> Result<Child, OursError> {
    let program = PathBuf::from(command.get_program());
    command
        .stdin(Stdio::null())
        .spawn()
        .map_err(|source| OursError::CannotRun { program, source })
}

/// Makes the file that [`Sqlite`] serves.
const FILL: &str = "import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(\"\"\"
  create table people (id integer primary key, name text not null, weight real, photo blob);
  insert into people values (1, 'ada', 60.5, x'00ff'), (2, 'bert', null, null);
  create view heavy as select name from people where weight > 50;\"\"\")";

/// How long a program may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(10);
