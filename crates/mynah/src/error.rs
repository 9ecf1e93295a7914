use std::path::PathBuf;

use mynah_net::{NetError, TlsError};
use mynah_script::TraceError;
use thiserror::Error;

/// Why a mock server could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no trace to answer from.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The script doesn't load. In compatible mode it is served all the same.
    #[error("the script {} doesn't load: {problem}", path.display())]
    Script {
        /// The script's file.
        path: PathBuf,
        /// Why, and where in it.
        problem: String,
    },
    /// TLS can't be served as the options have it.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// There is no address to listen on, or no thread to serve clients.
    #[error(transparent)]
    Net(#[from] NetError),
}
