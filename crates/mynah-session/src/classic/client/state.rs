use mynah_auth::client::Exchange as Login;
use mynah_classic::Capabilities;
use mynah_classic::connection::HandshakeV10;

use super::ClientError;
use crate::classic::Response;

/// What a client waits for.
#[derive(Debug)]
pub(super) enum State {
    ExpectGreeting,
    ExpectTls(ExpectTls),
    ExpectAuthentication(ExpectAuthentication),
    Ready(Capabilities),
    ExpectAnswer(ExpectAnswer),
    Closed,
}

/// The client asked for TLS.
#[derive(Debug)]
pub(super) struct ExpectTls {
    pub(super) greeting: HandshakeV10,
}

/// The client has sent its handshake response.
#[derive(Debug)]
pub(super) struct ExpectAuthentication {
    pub(super) shared: Capabilities,
    pub(super) login: Login,
}

/// A command was sent.
#[derive(Debug)]
pub(super) struct ExpectAnswer {
    pub(super) shared: Capabilities,
    pub(super) response: Response,
}

impl State {
    /// The error for an event that this state doesn't expect.
    pub(super) fn unexpected(&self, event: &'static str) -> ClientError {
        let state = match self {
            Self::ExpectGreeting => "ExpectGreeting",
            Self::ExpectTls(_) => "ExpectTls",
            Self::ExpectAuthentication(_) => "ExpectAuthentication",
            Self::Ready(_) => "Ready",
            Self::ExpectAnswer(_) => "ExpectAnswer",
            Self::Closed => "Closed",
        };
        ClientError::Unexpected { state, event }
    }
}
