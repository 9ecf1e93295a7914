use mynah_net::{ListenAddress, NetError, TlsError};
use thiserror::Error;

use crate::{Address, TraceError};

/// Why a relay could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RelayError {
    /// An address can't be listened on, or a thread not be had.
    #[error(transparent)]
    Net(#[from] NetError),
    /// TLS can't be prepared.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The trace can't be written.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// An upstream is a listener of this proxy, so its clients would never reach a server.
    #[error("the upstream {upstream} of {listen} is this proxy itself")]
    Itself {
        /// What is listened on.
        listen: ListenAddress,
        /// What is connected to.
        upstream: Address,
    },
    /// There is nothing to do.
    #[error("there is no route: nothing to listen on")]
    NoRoute,
}
