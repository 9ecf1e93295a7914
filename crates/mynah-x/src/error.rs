use thiserror::Error;

/// Why a payload isn't the message it should be.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{message}: {kind}")]
pub struct MessageError {
    /// The message, by the name the documentation has for it.
    pub message: &'static str,
    /// What is wrong with it.
    pub kind: MessageErrorKind,
}

/// What is wrong with a payload.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum MessageErrorKind {
    /// A message or a part of one without a field that it has to have.
    #[error("no field {number} in what ends at byte {offset}")]
    Missing {
        /// The field's number.
        number: u32,
        /// Where the message or the part ends.
        offset: usize,
    },
    /// Not how fields are written.
    #[error("no field can be read at byte {offset}")]
    Malformed {
        /// Where reading failed.
        offset: usize,
    },
    /// Parts inside parts, deeper than is read.
    #[error("parts are more than {limit} deep inside each other")]
    TooDeep {
        /// How deep they may be.
        limit: usize,
    },
    /// More parts than are read.
    #[error("more than {limit} parts")]
    TooMany {
        /// How many there may be.
        limit: usize,
    },
    /// A field whose value isn't one of its type.
    #[error("{0}")]
    Value(#[source] prost::DecodeError),
    /// No message has this type.
    #[error("no message has the type {message_type}")]
    UnknownType {
        /// The type.
        message_type: u8,
    },
}
