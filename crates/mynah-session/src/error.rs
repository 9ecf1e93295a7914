use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_wire::{DecodeError, EncodeError, PacketError};
use thiserror::Error;

use crate::Failure;

/// Why a server's session ended with an error: the client's fault, or the handler's or caller's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A packet of the client has the wrong sequence id, or its message is too long.
    #[error("the client broke the packet protocol")]
    Packet(#[from] PacketError),
    /// The client's handshake response can't be decoded.
    #[error("the client's handshake can't be understood")]
    Handshake(#[source] DecodeError),
    /// The client asks for TLS, which the server didn't offer or has started already.
    #[error("the client asks for TLS, which was not offered")]
    TlsNotOffered,
    /// The client uses the protocol of servers before MySQL 4.1, without CLIENT_PROTOCOL_41.
    #[error("the client speaks the protocol from before MySQL 4.1")]
    Protocol320,
    /// The handler's answer can't be encoded, for instance because a text is too long.
    #[error("an answer can't be sent")]
    Answer(#[from] EncodeError),
    /// The output of the session can't be compressed.
    #[error("an answer can't be compressed")]
    Compression,
    /// The caller gave an event that the session doesn't expect in its present state: a fault of the caller.
    #[error("{event} in state {state}")]
    Unexpected {
        /// The name of the state that the session is in.
        state: &'static str,
        /// The name of the event that the caller gave.
        event: &'static str,
    },
}

impl SessionError {
    /// The error that a client of the classic protocol gets before the connection is closed.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Packet(PacketError::TooLarge { .. }) => Failure {
                code: error_code::ER_NET_PACKET_TOO_LARGE,
                sql_state: COMMUNICATION_LINK,
                message: "Got a packet bigger than 'max_allowed_packet' bytes".into(),
            },
            Self::Packet(_) => Failure {
                code: error_code::ER_NET_PACKETS_OUT_OF_ORDER,
                sql_state: COMMUNICATION_LINK,
                message: "Got packets out of order".into(),
            },
            Self::Handshake(_) | Self::TlsNotOffered | Self::Protocol320 => Failure {
                code: error_code::ER_HANDSHAKE_ERROR,
                sql_state: COMMUNICATION_LINK,
                message: format!("Bad handshake: {}", self.detail()).into(),
            },
            Self::Answer(_) | Self::Compression | Self::Unexpected { .. } => Failure::general(
                error_code::ER_UNKNOWN_ERROR,
                format!("Unknown error: {}", self.detail()),
            ),
        }
    }

    /// The innermost cause, which says most.
    fn detail(&self) -> String {
        match self {
            Self::Handshake(cause) => cause.to_string(),
            Self::Answer(cause) => cause.to_string(),
            other => other.to_string(),
        }
    }
}

const COMMUNICATION_LINK: SqlState = SqlState(*b"08S01");
