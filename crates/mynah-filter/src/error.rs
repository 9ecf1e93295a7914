use std::borrow::Cow;

use thiserror::Error;

/// Why a text isn't a valid condition.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {expected} is expected")]
pub struct FilterError {
    /// The position of the mistake: a column in characters, from 1.
    pub column: usize,
    /// What was expected at this position, in words.
    pub expected: Cow<'static, str>,
}
