use std::{
    fs,
    io::{self, Read as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{
    RealServer, Recipe,
    borrowed::{Folder, Process, free_addresses},
    program::end_of,
    root::Root,
    unavailable::{Reason, Unavailable, io_at},
};

/// A real server that runs until this is dropped, with a temporary folder of its own.
#[derive(Debug)]
pub struct Server {
    kind: RealServer,
    version: String,
    address: SocketAddr,
    x_address: Option<SocketAddr>,
    root: Root,
    /// Declared first, so that it is dropped before the folder it writes to.
    _process: Process,
    folder: Folder,
}

impl Server {
    /// Downloads a server, unless that was done before, initialises and starts it, and waits for its greeting.
    ///
    /// # Errors
    /// [`Unavailable`] states what isn't available or has failed.
    pub fn start(kind: RealServer) -> Result<Self, Unavailable> {
        Self::start_with(kind, &[])
    }

    /// As [`start`](Self::start), with further command line options, such as `--ssl-cert=…`.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(kind: RealServer, options: &[String]) -> Result<Self, Unavailable> {
        Self::try_start(kind, options).map_err(|reason| Unavailable {
            server: kind,
            reason,
        })
    }

    /// Which server runs.
    #[must_use]
    pub const fn kind(&self) -> RealServer {
        self.kind
    }

    /// The version in the server's greeting, such as `9.7.4` or `11.8.9-MariaDB-1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The address of the classic protocol: a port of the loopback interface.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the X Protocol; `None` if the server doesn't speak it.
    #[must_use]
    pub const fn x_address(&self) -> Option<SocketAddr> {
        self.x_address
    }

    /// The folder with the server's programs, and the clients in the same packages.
    #[must_use]
    pub const fn root(&self) -> &Root {
        &self.root
    }

    /// The server's temporary folder, which is removed with the server.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The text of the server's error log so far.
    ///
    /// # Errors
    /// The error of reading the file.
    pub fn log(&self) -> io::Result<String> {
        fs::read_to_string(self.folder.path().join(LOG))
    }

    fn try_start(kind: RealServer, options: &[String]) -> Result<Self, Reason> {
        let recipe = kind.recipe();
        let root = recipe.fetch()?;
        let folder = Folder::new(kind.name())?;
        recipe.initialise(&root, folder.path())?;
        let statements = folder.path().join(STATEMENTS);
        fs::write(&statements, recipe.statements()).map_err(io_at(statements))?;

        // Each round starts the server on ports that were free a moment ago, until one comes up.
        let mut attempt = 1;
        loop {
            let started = Started::new(recipe, &root, folder.path(), options)?;
            let (address, x_address) = (
                started.address,
                recipe.speaks_x().then_some(started.x_address),
            );
            let (version, process) = match started.wait() {
                Ok(ready) => ready,
                // Another program may have taken the port in the meantime.
                Err(_) if attempt < ATTEMPTS => {
                    attempt += 1;
                    continue;
                }
                Err(reason) => return Err(reason),
            };
            return Ok(Self {
                kind,
                version,
                address,
                x_address,
                root,
                _process: process,
                folder,
            });
        }
    }
}

/// A server that was started and may not be ready yet.
struct Started<'a> {
    address: SocketAddr,
    x_address: SocketAddr,
    folder: &'a Path,
    process: Process,
}

impl<'a> Started<'a> {
    fn new(
        recipe: &dyn Recipe,
        root: &Root,
        folder: &'a Path,
        options: &[String],
    ) -> Result<Self, Reason> {
        let [address, x_address] = free_addresses().map_err(io_at("a free port"))?;
        let in_folder = |name| folder.join(name);
        let mut command = recipe.command(root, folder, x_address.port());
        let option = |name: &str, value: &str| format!("--{name}={value}");
        command
            .arg(option("port", &address.port().to_string()))
            .arg(option("bind-address", &Ipv4Addr::LOCALHOST.to_string()))
            .arg(option("datadir", &in_folder("data").to_string_lossy()))
            .arg(option("tmpdir", &folder.to_string_lossy()))
            .arg(option("socket", &in_folder("socket").to_string_lossy()))
            .arg(option("pid-file", &in_folder("pid").to_string_lossy()))
            .arg(option("log-error", &in_folder(LOG).to_string_lossy()))
            .arg(option(
                "init-file",
                &in_folder(STATEMENTS).to_string_lossy(),
            ))
            .args(["--skip-name-resolve", "--max-allowed-packet=64M"])
            .args(options);
        Ok(Self {
            address,
            x_address,
            folder,
            process: Process::start(&mut command)?,
        })
    }

    /// Waits for a complete greeting: the port opens before the statements have run, but the
    /// greeting comes after them.
    fn wait(mut self) -> Result<(String, Process), Reason> {
        let start = Instant::now();
        loop {
            // A server listens before it is ready, but greets only when it is.
            if let Ok(version) = greeted_version(self.address) {
                return Ok((version, self.process));
            }
            if self.process.has_ended() || start.elapsed() > START_TIMEOUT {
                let log = fs::read_to_string(self.folder.join(LOG)).unwrap_or_default();
                return Err(Reason::NotReady {
                    waited: start.elapsed(),
                    log: end_of(&log),
                });
            }
            thread::sleep(PAUSE);
        }
    }
}

/// The version in the greeting, after the packet's header and the protocol version.
fn greeted_version(address: SocketAddr) -> io::Result<String> {
    let mut socket = TcpStream::connect_timeout(&address, START_TIMEOUT)?;
    socket.set_read_timeout(Some(START_TIMEOUT))?;
    // The header of the packet, and the version of the protocol.
    let mut header = [0; 5];
    socket.read_exact(&mut header)?;
    let mut version = Vec::new();
    for byte in io::BufReader::new(socket).bytes() {
        match byte? {
            0 => return Ok(String::from_utf8_lossy(&version).into_owned()),
            byte => version.push(byte),
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// The error log, in the server's folder.
const LOG: &str = "error.log";
/// The file with the statements to run at the start.
const STATEMENTS: &str = "statements.sql";
/// How long a server may take to start; a slow one takes 10 seconds.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// The time between two checks whether it is ready.
const PAUSE: Duration = Duration::from_millis(20);
/// How often to start it again if its port may have been taken.
const ATTEMPTS: u32 = 3;
