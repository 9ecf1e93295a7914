use std::io;
use std::path::PathBuf;

use mynah_guard::Cause;
use thiserror::Error;

/// Why there is no script to answer from.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The file is missing, or can't be read.
    #[error("can't read the script {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The thread that looks a script over could not be started.
    #[error("can't start a thread to load the script {}", path.display())]
    Thread {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The script can't be looked over: it goes too far where it can't be interrupted.
    #[error("{place}: {cause}")]
    Stopped {
        /// What was being done.
        place: String,
        /// Why it was stopped.
        cause: Cause,
    },
}
