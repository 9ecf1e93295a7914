//! The proxy's part in logins. A mediator per protocol decides what to do, and `drive` does it on sockets.

pub(crate) mod classic;
mod drive;
mod keys;
pub(crate) mod mediator;
#[cfg(test)]
mod playbook;
mod tls_use;
pub(crate) mod x;

use std::time::Duration;

use bytes::BytesMut;
use mynah_net::{Stream, TlsClient, TlsServer};
use mynah_wire::compress::Algorithm;

pub(crate) use drive::{change_user, login, login_again, login_x};
pub(crate) use keys::Keys;
pub(crate) use tls_use::TlsUse;

use crate::LoginFailure;

/// What a login needs besides the two sides.
#[derive(Debug)]
pub(crate) struct Tools<'a> {
    pub(crate) tls: TlsUse,
    /// For clients that ask for TLS.
    pub(crate) server: &'a TlsServer,
    /// For servers that are asked for it.
    pub(crate) client: &'a TlsClient,
    pub(crate) keys: &'a Keys,
    /// Whether clients and servers may agree to compress what they say.
    pub(crate) compresses: bool,
    /// How long a login may take.
    pub(crate) timeout: Duration,
}

/// What another login on a connection needs besides the two sides.
#[derive(Debug)]
pub(crate) struct NextLogin<'a> {
    pub(crate) keys: &'a Keys,
    /// How long it may take.
    pub(crate) timeout: Duration,
    /// How the connection is compressed, if it is.
    pub(crate) compression: Option<Algorithm>,
}

/// The transport of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transport {
    /// Whether passwords may cross it in clear: it is under TLS, or a local socket.
    pub(crate) is_secure: bool,
    /// Whether it is under TLS.
    pub(crate) has_tls: bool,
}

impl Transport {
    pub(crate) const TLS: Self = Self {
        is_secure: true,
        has_tls: true,
    };

    fn of(stream: &Stream) -> Self {
        Self {
            is_secure: stream.is_secure(),
            has_tls: stream.tls().is_some(),
        }
    }
}

/// A connection after the proxy's part in its login.
#[derive(Debug, Default)]
pub(crate) struct LoginDone {
    /// What was read of the client and not been sent on.
    pub(crate) of_client: BytesMut,
    /// What was read of the server and not been sent on.
    pub(crate) of_server: BytesMut,
    /// Whether one side may send passwords in clear and the other not: then the proxy has a part
    /// in COM_CHANGE_USER too.
    pub(crate) mediated: bool,
    /// How what follows is compressed, if it is; known only where it matters for COM_CHANGE_USER.
    pub(crate) compression: Option<Algorithm>,
}

/// Why a login has to be given up.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) failure: LoginFailure,
    /// The sequence id that an error has for the client, in the classic protocol.
    pub(crate) sequence_id: u8,
}

/// Nothing of a login has passed but the server's greeting and the client's answer to it.
impl From<LoginFailure> for Failed {
    fn from(failure: LoginFailure) -> Self {
        Self {
            failure,
            sequence_id: 2,
        }
    }
}
