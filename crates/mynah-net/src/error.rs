use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a server could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetError {
    /// The name of the address to listen on is unknown.
    #[error("can't find the address of '{host}'")]
    Resolve {
        /// The name that was given.
        host: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The address can't be listened on.
    #[error("binding to {host}:{port} failed")]
    Bind {
        /// The name or address that was given.
        host: String,
        /// The port that was given.
        port: u16,
        /// What the operating system says.
        source: io::Error,
    },
    /// The path is too long, or empty.
    #[error(
        "a Unix socket's path has 1 to {max} bytes; '{}' has {len} bytes", path.display()
    )]
    SocketPath {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        len: usize,
        /// How long it may be.
        max: usize,
    },
    /// Somebody listens on the path already.
    #[error("binding to {} failed: another server listens on it", path.display())]
    SocketInUse {
        /// The path.
        path: PathBuf,
    },
    /// There is something at the path that is no socket. It is left alone.
    #[error("binding to {} failed: there is a file that is no socket", path.display())]
    NotASocket {
        /// The path.
        path: PathBuf,
    },
    /// The path can't be listened on.
    #[error("binding to {} failed", path.display())]
    BindUnix {
        /// The path.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The operating system gave no thread, or no means to wait for sockets.
    #[error("can't start the thread {name}")]
    Thread {
        /// What the thread is called.
        name: String,
        /// What the operating system says.
        source: io::Error,
    },
}
