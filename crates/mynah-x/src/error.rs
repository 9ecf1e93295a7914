use thiserror::Error;

/// Why a payload isn't the expected message.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{message}: {kind}")]
pub struct MessageError {
    /// The name of the message, as MySQL's documentation spells it; `ClientMessage` or `ServerMessage` if the frame's
    /// type isn't known.
    pub message: &'static str,
    /// What is wrong with the message's payload.
    pub kind: MessageErrorKind,
}

/// What is wrong with a message's payload.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum MessageErrorKind {
    /// A required field is missing in the message or in a nested one.
    #[error("no field {number} in what ends at byte {offset}")]
    Missing {
        /// The number of the missing field.
        number: u32,
        /// The offset in the payload, in bytes, at which the message without the field ends.
        offset: usize,
    },
    /// The bytes at some place of the payload aren't a valid protobuf field.
    #[error("no field can be read at byte {offset}")]
    Malformed {
        /// The offset in the payload, in bytes, at which the field should begin.
        offset: usize,
    },
    /// Messages are nested more deeply than is allowed.
    #[error("parts are more than {limit} deep inside each other")]
    TooDeep {
        /// The greatest depth that is allowed.
        limit: usize,
    },
    /// The payload has more nested messages and strings than are allowed.
    #[error("more than {limit} parts")]
    TooMany {
        /// How many nested messages and strings a payload may have, all counted together, at whatever depth.
        limit: usize,
    },
    /// A field's value isn't valid for its type.
    #[error("{0}")]
    Value(#[source] prost::DecodeError),
    /// The frame has a type that no message of its sender has.
    #[error("no message has the type {message_type}")]
    UnknownType {
        /// The type in the frame.
        message_type: u8,
    },
}
