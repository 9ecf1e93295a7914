use thiserror::Error;

/// Why a payload could not be read: which field (or in which message bytes are left over), where, and what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field} at byte {offset}: {kind}")]
pub struct DecodeError {
    /// The name of the field, that of MySQL's documentation if it has the field; the name of the message if bytes
    /// are left over after its last field.
    pub field: &'static str,
    /// The position, in bytes from 0, at which the field, the value that it is in, or the bytes left over begin: in the
    /// payload, or in a part of it that is read apart, such as the values of parameters or one change of session state.
    pub offset: usize,
    /// What is wrong with the field's bytes.
    pub kind: DecodeErrorKind,
}

/// What was wrong with a field that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The payload ends before the field does.
    #[error("needs {needed} bytes, {left} left")]
    Truncated {
        /// How many bytes the field takes; if its length isn't known either, how many it takes at least.
        needed: usize,
        /// How many bytes of the payload are left for the field.
        left: usize,
    },
    /// A string that must end with a NUL on the wire has no NUL.
    #[error("no closing NUL in the {left} bytes left")]
    Unterminated {
        /// How many bytes of the payload are left, none of which is a NUL.
        left: usize,
    },
    /// The field has a value that isn't allowed there.
    #[error("unexpected value {found:#04x}")]
    Unexpected {
        /// The value that was found.
        found: u64,
    },
    /// Bytes are left over after the last field of the message.
    #[error("{left} bytes left over")]
    Trailing {
        /// How many bytes are left over.
        left: usize,
    },
}

/// Why a message could not be written as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {kind}")]
pub struct EncodeError {
    /// The name of the field, that of MySQL's documentation if it has the field.
    pub field: &'static str,
    /// Why the field can't be written.
    pub kind: EncodeErrorKind,
}

/// Why a field can't be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The field is a string that a NUL ends on the wire, and has a NUL in it.
    #[error("has a NUL at byte {at}, and a NUL ends it on the wire")]
    InnerNul {
        /// The position of the first NUL in the string, in bytes from 0.
        at: usize,
    },
    /// The field is longer than its length field can state.
    #[error("is {len} bytes long, and at most {max} fit")]
    TooLong {
        /// The length of the field in bytes.
        len: usize,
        /// The greatest length in bytes that the field can have.
        max: usize,
    },
    /// The field is shorter than the protocol allows.
    #[error("is {len} bytes long, and at least {min} are needed")]
    TooShort {
        /// The length of the field in bytes.
        len: usize,
        /// The smallest length in bytes that the protocol allows for the field.
        min: usize,
    },
    /// The number is larger than its width on the wire allows.
    #[error("is {value}, and at most {max} fits")]
    OutOfRange {
        /// The number that was to be written.
        value: u64,
        /// The largest number that fits the width.
        max: u64,
    },
    /// The message has no place for the field's value, for example because the field exists only under a
    /// capability that isn't shared.
    #[error("has a value, and the capabilities shared leave no place for it")]
    NoPlace,
}

/// Why a packet isn't valid as the next one of its connection.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PacketError {
    /// The packet's sequence id isn't the next one.
    #[error("packet out of order: its sequence id is {found}, expected {expected}")]
    OutOfOrder {
        /// The sequence id that the next packet must have.
        expected: u8,
        /// The sequence id that the packet has.
        found: u8,
    },
    /// The packets of one message, without their headers, add up to more than the limit of the
    /// [`Assembler`](crate::Assembler).
    #[error("message of more than {limit} bytes")]
    TooLarge {
        /// The most bytes that the payload of a message may have.
        limit: usize,
    },
}
