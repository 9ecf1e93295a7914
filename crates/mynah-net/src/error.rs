use std::io;

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
    /// The operating system gave no thread, or no means to wait for sockets.
    #[error("can't start the thread {name}")]
    Thread {
        /// What the thread is called.
        name: String,
        /// What the operating system says.
        source: io::Error,
    },
}
