use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::ErrPacket;
use mynah_wire::Splitter;
#[cfg(feature = "x")]
use mynah_x::ServerMessage;
#[cfg(feature = "x")]
use mynah_x::status::{Error, Severity};

use crate::Failure;

/// How to write the error that the connection is closed with, when not the session but its caller closes it, as for
/// a lost thread. It exists only while such an error can be put into the stream: nothing else is being sent, and no
/// answer has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosingError {
    /// The error is written as an ERR packet of the classic protocol.
    Classic {
        /// The sequence id of the ERR packet.
        sequence_id: u8,
        /// Whether the packet has an SQL state, as it has if both sides have PROTOCOL_41.
        protocol_41: bool,
    },
    /// The error is written as an Error message of the X Protocol, with severity FATAL.
    #[cfg(feature = "x")]
    X,
}

impl ClosingError {
    /// The bytes to send to the client with this error, not compressed. Close the connection after them.
    #[must_use]
    pub fn message(self, failure: &Failure) -> Bytes {
        let mut message = BytesMut::new();
        match self {
            Self::Classic {
                sequence_id,
                protocol_41,
            } => {
                let packet = ErrPacket {
                    error_code: failure.code,
                    sql_state: Some(failure.sql_state),
                    error_message: failure.message.clone(),
                };
                let mut shared = Capabilities::empty();
                shared.set(Capabilities::PROTOCOL_41, protocol_41);
                let mut splitter = Splitter::new(sequence_id);
                // No failure has a text too long for a packet, so this doesn't fail.
                let _encoded = splitter.message(&mut message, &packet, shared);
            }
            #[cfg(feature = "x")]
            Self::X => {
                let error = Error {
                    severity: Some(Severity::Fatal.into()),
                    code: failure.code.into(),
                    msg: String::from_utf8_lossy(&failure.message).into_owned(),
                    sql_state: String::from_utf8_lossy(&failure.sql_state.0).into_owned(),
                };
                ServerMessage::from(error).put(&mut message);
            }
        }
        message.freeze()
    }
}
