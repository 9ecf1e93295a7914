use thiserror::Error;

/// Why a payload could not be read: which field, where, and what was wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field} at byte {offset}: {kind}")]
pub struct DecodeError {
    /// The name of the field, as the documentation spells it.
    pub field: &'static str,
    /// The position of the field in the payload, in bytes.
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
        /// How many bytes the field takes.
        needed: usize,
        /// How many bytes the payload still had.
        left: usize,
    },
    /// A NUL-terminated string without its NUL.
    #[error("no closing NUL in the {left} bytes left")]
    Unterminated {
        /// How many bytes the payload still had.
        left: usize,
    },
    /// A value that isn't allowed here.
    #[error("unexpected value {found:#04x}")]
    Unexpected {
        /// The value that was found.
        found: u64,
    },
    /// Bytes are left over after the last field of the message.
    #[error("{left} bytes left over")]
    Trailing {
        /// How many bytes weren't read.
        left: usize,
    },
}

/// Why a message could not be written as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {kind}")]
pub struct EncodeError {
    /// The name of the field, as the documentation spells it.
    pub field: &'static str,
    /// Why the field can't be written.
    pub kind: EncodeErrorKind,
}

/// Why a field can't be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// A NUL inside a string that ends at the first NUL.
    #[error("has a NUL at byte {at}, and a NUL ends it on the wire")]
    InnerNul {
        /// Where the NUL stands.
        at: usize,
    },
    /// Longer than its length field can state.
    #[error("is {len} bytes long, and at most {max} fit")]
    TooLong {
        /// How long it is.
        len: usize,
        /// How long it may be.
        max: usize,
    },
    /// Shorter than the protocol allows.
    #[error("is {len} bytes long, and at least {min} are needed")]
    TooShort {
        /// How long it is.
        len: usize,
        /// How long it must be.
        min: usize,
    },
    /// Larger than its width on the wire allows.
    #[error("is {value}, and at most {max} fits")]
    OutOfRange {
        /// The value.
        value: u64,
        /// The largest that fits.
        max: u64,
    },
    /// The field exists only under a capability that isn't shared, and it isn't empty.
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
        /// The sequence id that was expected.
        expected: u8,
        /// The sequence id the packet has.
        found: u8,
    },
    /// The packets of one message add up to more than the reader allows.
    #[error("message of more than {limit} bytes")]
    TooLarge {
        /// The reader's limit in bytes.
        limit: usize,
    },
}
