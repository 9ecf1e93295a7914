use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a server could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetError {
    /// The host name of the address to listen on can't be resolved.
    #[error("can't find the address of '{host}'")]
    Resolve {
        /// The name that was given.
        host: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Listening on the address failed.
    #[error("binding to {host}:{port} failed")]
    Bind {
        /// The name or address that was given.
        host: String,
        /// The port that was given.
        port: u16,
        /// The error of the operating system.
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
        /// The longest path in bytes.
        max: usize,
    },
    /// Another server listens on the path.
    #[error("binding to {} failed: another server listens on it", path.display())]
    SocketInUse {
        /// The path.
        path: PathBuf,
    },
    /// The path is a file but not a socket. It is left alone.
    #[error("binding to {} failed: there is a file that is no socket", path.display())]
    NotASocket {
        /// The path.
        path: PathBuf,
    },
    /// Listening on the path failed.
    #[error("binding to {} failed", path.display())]
    BindUnix {
        /// The path.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The operating system provided no thread, or no means to wait for sockets.
    #[error("can't start the thread {name}")]
    Thread {
        /// The thread's name.
        name: String,
        /// The error of the operating system.
        source: io::Error,
    },
}
