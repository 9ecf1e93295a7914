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
    /// TLS can't be served as the options have it.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// There is no address to listen on, or no thread to serve clients.
    #[error(transparent)]
    Net(#[from] NetError),
}
