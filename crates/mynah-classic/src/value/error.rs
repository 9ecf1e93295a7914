use thiserror::Error;

use crate::ColumnType;

/// Why a value can't be converted, or can't be written as a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValueError {
    /// NULL can't be converted to the requested type.
    #[error("NULL is no {wanted}")]
    Null {
        /// The requested type, for messages: `i64`, `date`.
        wanted: &'static str,
    },
    /// The value is of a kind that can't be converted to the requested type.
    #[error("the value is no {wanted}")]
    WrongKind {
        /// The requested type, for messages: `i64`, `date`.
        wanted: &'static str,
    },
    /// The value is of the right kind, but too large or too small, or a decimal with a fraction where an integer is
    /// requested.
    #[error("the value is out of the range of {wanted}")]
    OutOfRange {
        /// The requested type, for messages: `i64`, `date`.
        wanted: &'static str,
    },
    /// The text or the bytes aren't in the form of the requested type, or are a number out of its range.
    #[error("the text is no {wanted}")]
    Malformed {
        /// The requested type, for messages: `i64`, `date`.
        wanted: &'static str,
    },
    /// A column or a parameter of this type can't carry such a value, or no value at all, as the type is never sent.
    #[error("{column_type:?} can't carry the value")]
    DoesNotFit {
        /// The type of the column or parameter.
        column_type: ColumnType,
    },
    /// A row or a list of parameters has more or fewer values than types.
    #[error("{values} values for {types} types")]
    Count {
        /// The number of values, at most one more than types.
        values: usize,
        /// The number of types.
        types: usize,
    },
}
