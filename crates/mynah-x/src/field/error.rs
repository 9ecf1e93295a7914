use thiserror::Error;

use crate::resultset::FieldType;

/// Why the bytes of a cell aren't a value of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a cell of type {field_type:?} {kind}")]
pub struct FieldError {
    /// The column's type.
    pub field_type: FieldType,
    /// What is wrong.
    pub kind: FieldErrorKind,
}

/// What is wrong with the bytes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldErrorKind {
    /// It ends too early.
    #[error("ends too early")]
    Truncated,
    /// It goes on behind its value.
    #[error("has {left} bytes behind its value")]
    Trailing {
        /// How many.
        left: usize,
    },
    /// A number that is larger than such a value has it.
    #[error("has a number that is too large")]
    OutOfRange,
    /// A text without the NUL that ends it.
    #[error("doesn't end in a NUL")]
    Unterminated,
    /// A sign or a digit that is none.
    #[error("has {found:#04x} in place of a sign or a digit")]
    Unexpected {
        /// What stands there.
        found: u8,
    },
}
