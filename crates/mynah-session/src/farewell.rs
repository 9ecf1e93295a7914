use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::ErrPacket;
use mynah_wire::Splitter;
use mynah_x::ServerMessage;
use mynah_x::status::{Error, Severity};

use crate::Failure;

/// The form of an error that ends a session from outside. There is room for one when nothing is on its way to
/// the client, and no answer has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// By an ERR packet.
    Classic {
        /// Its number.
        sequence_id: u8,
        /// Whether `PROTOCOL_41` is in force, so that it has a state.
        protocol_41: bool,
    },
    /// By an Error message.
    X,
}

impl Farewell {
    /// What is sent, uncompressed. The connection is to be closed then.
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
