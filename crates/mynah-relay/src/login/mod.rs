//! The part that the proxy has in logins.

mod capabilities;
mod classic;
mod exchange;
mod frames;
mod keys;
mod passing;
mod tls_use;
mod turn;
mod wire;
mod x;

use std::time::Duration;

use bytes::BytesMut;
use mynah_net::{TlsClient, TlsServer};
use mynah_wire::compress::Algorithm;

pub(crate) use classic::{change_user, login};
pub(crate) use keys::Keys;
pub(crate) use tls_use::TlsUse;
pub(crate) use x::{LoginGate, login as login_x, login_again};

use crate::Failure;

/// What a login needs besides the two sides.
#[derive(Debug)]
pub(crate) struct Tools<'a> {
    pub(crate) tls: TlsUse,
    /// For clients that ask for TLS.
    pub(crate) server: &'a TlsServer,
    /// For servers that are asked for it.
    pub(crate) client: &'a TlsClient,
    pub(crate) keys: &'a Keys,
    /// How long a login may take.
    pub(crate) patience: Duration,
}

/// What another login on a connection needs besides the two sides.
#[derive(Debug)]
pub(crate) struct Again<'a> {
    pub(crate) keys: &'a Keys,
    /// How long it may take.
    pub(crate) patience: Duration,
    /// How the connection is compressed, if it is.
    pub(crate) compression: Option<Algorithm>,
}

/// Where a connection stands when the proxy's part in its login is done.
#[derive(Debug, Default)]
pub(crate) struct Entered {
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
    pub(crate) failure: Failure,
    /// The sequence id that an error has for the client, in the classic protocol.
    pub(crate) sequence_id: u8,
}
