use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a server or one of its listeners could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetError {
    /// The host name of the address to listen on can't be resolved.
    #[error("can't find the address of '{host}'")]
    Resolve {
        /// The host name that was given.
        host: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Listening on the TCP address failed.
    #[error("binding to {host}:{port} failed")]
    Bind {
        /// The host name or IP address that was given.
        host: String,
        /// The TCP port that was given.
        port: u16,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The path of the Unix socket is too long, or empty.
    #[error(
        "a Unix socket's path has 1 to {max} bytes; '{}' has {len} bytes", path.display()
    )]
    SocketPath {
        /// The path of the Unix socket.
        path: PathBuf,
        /// The length of the path in bytes.
        len: usize,
        /// The length in bytes of the longest path that a Unix socket can have.
        max: usize,
    },
    /// Another server listens on the path of the Unix socket.
    #[error("binding to {} failed: another server listens on it", path.display())]
    SocketInUse {
        /// The path of the Unix socket.
        path: PathBuf,
    },
    /// At the path of the Unix socket, there is a file that isn't a socket. It is left alone.
    #[error("binding to {} failed: there is a file that is no socket", path.display())]
    NotASocket {
        /// The path of the file.
        path: PathBuf,
    },
    /// Listening on the Unix socket failed.
    #[error("binding to {} failed", path.display())]
    BindUnix {
        /// The path of the Unix socket.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The operating system provided no thread, or no means to wait for sockets.
    #[error("can't start the thread {name}")]
    Thread {
        /// The name of the thread that couldn't be started.
        name: String,
        /// The error of the operating system.
        source: io::Error,
    },
}
