use mynah_auth::AuthError;
use mynah_classic::response::ErrPacket;
use mynah_wire::{DecodeError, EncodeError, PacketError};
use thiserror::Error;

/// Why a client's session ended with an error.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server refused the connection or the login, by this ERR packet.
    #[error("the server refused: {} {}", .0.error_code, String::from_utf8_lossy(&.0.error_message))]
    Refused(ErrPacket),
    /// A packet of the server has the wrong sequence id, or its message is too long.
    #[error("the server broke the packet protocol")]
    Packet(#[from] PacketError),
    /// A message of the server can't be decoded.
    #[error("the server's {message} can't be understood")]
    Message {
        /// The name of the message that was expected.
        message: &'static str,
        /// What is wrong with the bytes of the message.
        source: DecodeError,
    },
    /// The caller's command or options can't be encoded.
    #[error("a message can't be sent")]
    Encode(#[from] EncodeError),
    /// The server's authentication request can't be answered, or isn't safe to answer.
    #[error("the login failed")]
    Auth(#[from] AuthError),
    /// TLS is required, but the server doesn't offer it.
    #[error("the server offers no TLS")]
    TlsNotOffered,
    /// The server uses the protocol from before MySQL 4.1.
    #[error("the server speaks the protocol from before MySQL 4.1")]
    Protocol320,
    /// The caller gave an event that the session doesn't expect in its present state: a fault of the caller.
    #[error("{event} in state {state}")]
    Unexpected {
        /// The name of the state that the session is in.
        state: &'static str,
        /// The name of the event that the caller gave.
        event: &'static str,
    },
}
