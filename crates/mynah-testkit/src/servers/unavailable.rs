use std::{io, path::PathBuf, process::ExitStatus, time::Duration};

use super::RealServer;

/// A server that can't be had on this machine, or not now: a reason to skip, not to fail.
#[derive(Debug, thiserror::Error)]
#[error("{server} cannot be had: {reason}")]
pub struct Unavailable {
    /// Which.
    pub server: RealServer,
    /// Why.
    pub reason: Reason,
}

/// Why a server can't be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Neither `MYNAH_CACHE`, `XDG_CACHE_HOME` nor `HOME` says where to keep what is fetched.
    #[error("there is no folder to keep it in")]
    NoCache,
    /// The machine's package sources name no mirror of its own Debian release.
    #[error("the machine's apt sources name no Debian mirror")]
    NoMirror,
    /// A program can't be started; most often it isn't there.
    #[error("{program} cannot be run: {source}")]
    CannotRun {
        /// The program.
        program: String,
        /// What the system says.
        source: io::Error,
    },
    /// A program failed.
    #[error("{program} failed ({status}): {message}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it said.
        message: String,
    },
    /// Something isn't where it should have been unpacked to.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// A file can't be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The server was started but didn't greet in time.
    #[error("no greeting within {waited:?}; the end of its log: {log}")]
    NotReady {
        /// How long it was waited.
        waited: Duration,
        /// The end of its error log.
        log: String,
    },
}

/// Turns an I/O error into a reason that names the file.
pub(crate) fn io_at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Reason {
    move |source| Reason::Io {
        path: path.into(),
        source,
    }
}
