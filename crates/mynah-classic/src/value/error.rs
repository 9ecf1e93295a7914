use thiserror::Error;

use crate::ColumnType;

/// Why a value can't be what it was asked for, or can't be written as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The value is NULL.
    #[error("NULL is no {wanted}")]
    Null {
        /// What was asked for.
        wanted: &'static str,
    },
    /// The value is of another kind.
    #[error("the value is no {wanted}")]
    WrongKind {
        /// What was asked for.
        wanted: &'static str,
    },
    /// The value is of the right kind, and too large or too small.
    #[error("the value is out of the range of {wanted}")]
    OutOfRange {
        /// What was asked for.
        wanted: &'static str,
    },
    /// The text isn't how such a value is written.
    #[error("the text is no {wanted}")]
    Malformed {
        /// What was asked for.
        wanted: &'static str,
    },
    /// A column or a parameter of this type can't carry such a value.
    #[error("{column_type:?} can't carry the value")]
    DoesNotFit {
        /// The type that was to carry it.
        column_type: ColumnType,
    },
    /// A row or a list of parameters has more or fewer values than types.
    #[error("{values} values for {types} types")]
    Count {
        /// How many values there were, counted until one more than there are types.
        values: usize,
        /// How many types there were.
        types: usize,
    },
}
