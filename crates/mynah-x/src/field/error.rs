use thiserror::Error;

use crate::resultset::FieldType;

/// Why the bytes of a cell aren't a value of its column's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a cell of type {field_type:?} {kind}")]
pub struct FieldError {
    /// The type of the cell's column.
    pub field_type: FieldType,
    /// What is wrong with the cell's bytes.
    pub kind: FieldErrorKind,
}

/// What is wrong with the bytes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldErrorKind {
    /// The cell ends before its value does.
    #[error("ends too early")]
    Truncated,
    /// Bytes follow the value in the cell.
    #[error("has {left} bytes behind its value")]
    Trailing {
        /// How many bytes follow the value.
        left: usize,
    },
    /// A number exceeds the range of its field.
    #[error("has a number that is too large")]
    OutOfRange,
    /// The NUL at the end of a text is missing.
    #[error("doesn't end in a NUL")]
    Unterminated,
    /// There is another byte or half byte in place of a sign or a digit.
    #[error("has {found:#04x} in place of a sign or a digit")]
    Unexpected {
        /// The byte or half byte that was found.
        found: u8,
    },
}
