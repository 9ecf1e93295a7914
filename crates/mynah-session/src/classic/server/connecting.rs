use bytes::Bytes;
use mynah_auth::Method;
use mynah_auth::server::Exchange;
use mynah_classic::Capabilities;
use strum::IntoStaticStr;

use super::core::Core;
use super::logged_in::{Greeted, LoggedIn};
use crate::placeholders::Dialect;
use crate::{Account, Failure, SessionError, Tls};

/// What a session waits for whose client isn't logged in, or logs in once more.
#[derive(Debug, IntoStaticStr)]
#[strum(prefix = "Expect")]
pub(super) enum Connecting {
    /// The greeting, from the handler.
    Greeting,
    /// The client's handshake response, or its SSLRequest.
    HandshakeResponse(Box<ExpectHandshakeResponse>),
    /// The end of the TLS handshake.
    Tls(Box<ExpectHandshakeResponse>),
    /// A nonce, for COM_CHANGE_USER.
    Nonce(Box<ExpectAccount>),
    /// The account of the user, from the handler.
    Account(Box<ExpectAccount>),
    /// The RSA key that the client encrypts its password for.
    RsaKey(Box<ExpectRsaKey>),
    /// The client's next packet of the authentication method.
    Authentication(Box<ExpectAuthentication>),
}

/// How a login goes on.
#[derive(Debug)]
pub(super) enum Step {
    /// The login waits for this.
    Wait(Connecting),
    /// The client is logged in.
    Passed(Box<LoggedIn>),
    /// The client was refused; the connection is closed.
    Closed,
}

/// The greeting is sent; or, behind an SSLRequest, TLS is being started.
#[derive(Debug)]
pub(super) struct ExpectHandshakeResponse {
    pub(super) offered: Capabilities,
    pub(super) greeted: Greeted,
    pub(super) auth_method: Bytes,
    pub(super) thread_id: u32,
    pub(super) dialect: Dialect,
    pub(super) tls: Option<Tls>,
}

/// The client has said which user it is.
#[derive(Debug)]
pub(super) struct ExpectAccount {
    pub(super) pending: Box<LoggedIn>,
    pub(super) first: FirstResponse,
}

/// What a client sends along when it says which user it is.
#[derive(Debug)]
pub(super) struct FirstResponse {
    /// The method that the server named; none if what the client sent was made with a nonce that
    /// is no longer fresh.
    pub(super) greeted: Option<Bytes>,
    pub(super) auth_response: Bytes,
    pub(super) plugin_name: Bytes,
}

/// What is known but for the key that the client is to encrypt its password for.
#[derive(Debug)]
pub(super) struct ExpectRsaKey {
    pub(super) pending: Box<LoggedIn>,
    pub(super) account: Account,
    pub(super) method: Method,
    pub(super) first: FirstResponse,
}

/// The client's answer is being checked, or it was asked for another one.
#[derive(Debug)]
pub(super) struct ExpectAuthentication {
    pub(super) pending: Box<LoggedIn>,
    pub(super) account: Account,
    pub(super) exchange: Exchange,
}

impl Connecting {
    /// Whether the client may send something.
    pub(super) fn wants_packet(&self) -> bool {
        matches!(self, Self::HandshakeResponse(_) | Self::Authentication(_))
    }

    /// The capabilities in force; before the client has sent its own, those that decide what an
    /// error looks like.
    pub(super) fn shared(&self) -> Capabilities {
        match self {
            Self::Greeting => Capabilities::empty(),
            Self::HandshakeResponse(_) | Self::Tls(_) => Capabilities::PROTOCOL_41,
            Self::Nonce(state) | Self::Account(state) => state.pending.shared,
            Self::RsaKey(state) => state.pending.shared,
            Self::Authentication(state) => state.pending.shared,
        }
    }

    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        self.into()
    }
}

impl Step {
    pub(super) fn refused(
        core: &mut Core,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<Self, SessionError> {
        core.refuse(failure, shared)?;
        Ok(Self::Closed)
    }
}
