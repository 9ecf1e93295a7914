use std::io;
use std::path::PathBuf;

use mynah_net::{NetError, TlsError};
use mynah_script::ScriptError;
use thiserror::Error;

/// Why a mock server couldn't be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The script's file can't be read, the script needs JavaScript and this program is built without it, or the
    /// analysis of the script doesn't end within its bounds, or its thread can't be started.
    #[error(transparent)]
    File(#[from] ScriptError),
    /// The script can't be played at all, for example because of a syntax error. (A mistake in an entry is no such
    /// error: only the statement that the entry answers fails.) In compatible mode a script that can't be played is
    /// no error: the server starts, and refuses its clients.
    #[error("the script {} doesn't load: {problem}", path.display())]
    Script {
        /// The script's file, or the name of an inline script.
        path: PathBuf,
        /// What is wrong with the script as text for people, with the place if it is known.
        problem: String,
    },
    /// The temporary folder in which a [`MockServer`](crate::MockServer) keeps its self-signed certificate can't be
    /// made.
    #[error("can't make a folder for a certificate")]
    Folder(#[source] io::Error),
    /// TLS can't be set up with these options.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// An address can't be listened on, or a thread can't be started.
    #[error(transparent)]
    Net(#[from] NetError),
}
