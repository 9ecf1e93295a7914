use std::{io, path::PathBuf, process::ExitStatus, time::Duration};

use super::RealServer;

/// A server isn't available on this machine, or not now: a reason to skip a test, not to fail.
#[derive(Debug, thiserror::Error)]
#[error("{server} cannot be had: {reason}")]
pub struct Unavailable {
    /// The server that isn't available.
    pub server: RealServer,
    /// Why the server isn't available.
    pub reason: Reason,
}

/// Why a server isn't available.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// None of `MYNAH_CACHE`, `XDG_CACHE_HOME` and `HOME` is set, so there is no folder for
    /// downloads.
    #[error("there is no folder to keep it in")]
    NoCache,
    /// The machine's package sources have no mirror of its own Debian release, or it doesn't run Debian.
    #[error("the machine's apt sources name no Debian mirror")]
    NoMirror,
    /// A program can't be started; usually it isn't installed.
    #[error("{program} cannot be run: {source}")]
    CannotRun {
        /// The name of the program.
        program: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} failed ({status}): {message}")]
    Failed {
        /// The name of the program.
        program: String,
        /// The exit status of the program.
        status: ExitStatus,
        /// The end of the program's error output or, if there is none, of its output.
        message: String,
    },
    /// This file is missing in the unpacked packages.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// A file can't be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The server, or MySQL Router, was started but has ended or wasn't ready in time.
    #[error("no greeting within {waited:?}; the end of its log: {log}")]
    NotReady {
        /// How long the test waited for the server.
        waited: Duration,
        /// The end of the server's log.
        log: String,
    },
}

/// Makes a reason from an I/O error and the file's path.
pub(crate) fn io_at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Reason {
    move |source| Reason::Io {
        path: path.into(),
        source,
    }
}
