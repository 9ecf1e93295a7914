use std::io;
use std::time::Duration;

use bytes::Bytes;
use mynah_auth::AuthError;
use mynah_net::HandshakeError;
use mynah_session::observe::Direction;
use mynah_wire::EncodeError;
use thiserror::Error;

use crate::refusal::Refusal;

/// Why a login is given up.
#[derive(Debug, Error)]
pub(crate) enum LoginFailure {
    #[error("the client was lost")]
    Client(#[source] io::Error),
    #[error("the server was lost")]
    Server(#[source] io::Error),
    #[error("TLS with the client failed: {}", of_client_tls(.0))]
    ClientTls(io::Error),
    /// The client sent something else where the header of a packet should be; its first four bytes.
    #[error("the client sent '{}' where a packet's header has its place", .0.escape_ascii())]
    OutOfOrder([u8; 4]),
    /// The client uses the X Protocol, but the server the classic one; the server's first bytes.
    #[error("the client speaks the X Protocol, and the server the classic one")]
    NotX(Bytes),
    #[error("the password can't be passed on")]
    Auth(#[source] AuthError),
    #[error("a message can't be passed on")]
    Encode(#[source] EncodeError),
    /// The proxy itself refused the login: the client gets this error.
    #[error("{}", .0.message)]
    WithError(Refusal),
    /// The server refused the login; the client has got its error.
    #[error("the server refused the login")]
    Refused,
    /// The login took longer than the login timeout.
    #[error("{} within {} s", undone(*.waits_for), .limit.as_secs_f32())]
    Late {
        waits_for: Direction,
        limit: Duration,
    },
}

impl LoginFailure {
    /// What a client sent can't be read.
    pub(crate) fn client(error: io::Error) -> Self {
        let out_of_order = error.get_ref().and_then(|error| error.downcast_ref());
        match out_of_order {
            Some(&OutOfOrder(header)) => Self::OutOfOrder(header),
            None => Self::Client(error),
        }
    }

    /// TLS with the server has failed.
    pub(crate) fn server_tls(error: io::Error) -> Self {
        let why = match handshake_error(&error) {
            Some(HandshakeError::Unverified(why)) => {
                format!(
                    "its certificate is not trusted: {why} (--server-tls-ca, --server-tls-verify)"
                )
            }
            Some(HandshakeError::WantsCertificate) => {
                "it wants a certificate of its client (--server-tls-cert, --tls passthrough)"
                    .to_owned()
            }
            _ => error.to_string(),
        };
        Self::WithError(Refusal::tls(format!("TLS with the server failed: {why}")))
    }

    /// The error for the client, if there is one that it doesn't have yet. A server that has closed is shown
    /// by closing the client's connection.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::WithError(refusal) => Some(refusal.clone()),
            Self::Late { .. } => Some(Refusal::late(&self.to_string())),
            Self::Auth(error) => Some(Refusal::password(error.to_string())),
            Self::Encode(error) => Some(Refusal::password(error.to_string())),
            Self::OutOfOrder(_) | Self::NotX(_) => Some(Refusal::out_of_order()),
            Self::Client(_) | Self::Server(_) | Self::ClientTls(_) | Self::Refused => None,
        }
    }

    /// Which side has ended it, and why if it was lost.
    pub(crate) fn end(&self) -> Option<(Direction, Option<&io::Error>)> {
        match self {
            Self::Client(error) => Some((Direction::Client, lost(error))),
            Self::Server(error) => Some((Direction::Server, lost(error))),
            _ => None,
        }
    }
}

/// A packet's header without the sequence id that was due.
#[derive(Debug, Error)]
#[error("a packet is out of order")]
pub(crate) struct OutOfOrder(pub(crate) [u8; 4]);

/// The error by which a side was lost; `None` if it closed the connection in an orderly way.
fn lost(error: &io::Error) -> Option<&io::Error> {
    (error.kind() != io::ErrorKind::UnexpectedEof).then_some(error)
}

/// How a side has ended a connection, in words.
pub(crate) fn in_words(side: Direction, lost: Option<&str>) -> String {
    let side = match side {
        Direction::Client => "client",
        Direction::Server => "server",
    };
    match lost {
        None => format!("the {side} closed the connection"),
        Some(error) => format!("the {side} was lost: {error}"),
    }
}

fn handshake_error(error: &io::Error) -> Option<&HandshakeError> {
    error.get_ref()?.downcast_ref()
}

/// Why TLS with a client failed, and what can be done about it.
fn of_client_tls(error: &io::Error) -> String {
    match handshake_error(error) {
        Some(HandshakeError::Distrusted) => {
            "the client does not trust the proxy's certificate (--client-tls-cert, or --tls passthrough)"
                .to_owned()
        }
        Some(HandshakeError::Closed) => {
            "the client closed the connection during the handshake; it may not trust the proxy's \
             certificate (--client-tls-cert, or --tls passthrough)"
                .to_owned()
        }
        _ => error.to_string(),
    }
}

fn undone(by: Direction) -> &'static str {
    match by {
        Direction::Client => "the client did not log in",
        Direction::Server => "the server did not answer the login",
    }
}

/// An error and what caused it, as one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
