use std::io;
use std::path::PathBuf;

use mynah_guard::Cause;
use thiserror::Error;

/// Why a script couldn't be loaded at all. (A script with mistakes in it does load: see
/// [`Script::problem`](crate::Script::problem).)
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The file is missing, or can't be read.
    #[error("can't read the script {}", path.display())]
    Read {
        /// The path of the script's file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The script is in JavaScript, and this crate was built without the feature `javascript`, which has the engine.
    #[error(
        "can't play the script {}: JavaScript is read only by mynah-mock, and by programs that are built with the \
         cargo feature `javascript`",
        path.display()
    )]
    NoJavaScript {
        /// The path of the script's file.
        path: PathBuf,
    },
    /// The thread that analyses the script couldn't be started.
    #[error("can't start a thread to load the script {}", path.display())]
    Thread {
        /// The path of the script's file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The script used too much time, memory or stack, in a place where it can't be interrupted, while it was
    /// analysed.
    #[error("{place}: {cause}")]
    Stopped {
        /// What the script was doing when it was stopped, in words.
        place: String,
        /// Why the script was stopped: its time, its memory or its stack.
        cause: Cause,
    },
}
