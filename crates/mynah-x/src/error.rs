use thiserror::Error;

/// Why a payload isn't the expected message.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{message}: {kind}")]
pub struct MessageError {
    /// The name of the X Protocol's message, as the documentation spells it.
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
        /// The field's number.
        number: u32,
        /// Where the message or the nested one ends.
        offset: usize,
    },
    /// The bytes aren't a valid field.
    #[error("no field can be read at byte {offset}")]
    Malformed {
        /// Where reading failed.
        offset: usize,
    },
    /// Messages are nested too deep.
    #[error("parts are more than {limit} deep inside each other")]
    TooDeep {
        /// The greatest depth.
        limit: usize,
    },
    /// There are too many nested messages and strings.
    #[error("more than {limit} parts")]
    TooMany {
        /// The greatest number.
        limit: usize,
    },
    /// A field's value isn't valid for its type.
    #[error("{0}")]
    Value(#[source] prost::DecodeError),
    /// No message has this type.
    #[error("no message has the type {message_type}")]
    UnknownType {
        /// The type.
        message_type: u8,
    },
}
