use mynah_auth::AuthError;
use mynah_classic::response::ErrPacket;
use mynah_wire::{DecodeError, EncodeError, PacketError};
use thiserror::Error;

/// Why a client's session can't go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server refused the login, or the connection.
    #[error("the server refused: {} {}", .0.error_code, String::from_utf8_lossy(&.0.error_message))]
    Refused(ErrPacket),
    /// The server's packets don't follow each other, or are too many.
    #[error("the server broke the packet protocol")]
    Packet(#[from] PacketError),
    /// A message of the server can't be understood.
    #[error("the server's {message} can't be understood")]
    Message {
        /// What the message should have been.
        message: &'static str,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// What the caller gave has no expression in the protocol.
    #[error("a message can't be sent")]
    Encode(#[from] EncodeError),
    /// The login can't be answered, or shouldn't be.
    #[error("the login failed")]
    Auth(#[from] AuthError),
    /// TLS is required, and the server doesn't offer it.
    #[error("the server offers no TLS")]
    TlsNotOffered,
    /// The server speaks the protocol from before 4.1.
    #[error("the server speaks the protocol from before MySQL 4.1")]
    Protocol320,
    /// The caller gave an event that has no place in the state the session is in.
    #[error("{event} in state {state}")]
    Unexpected {
        /// Name of the state.
        state: &'static str,
        /// Name of the event.
        event: &'static str,
    },
}
