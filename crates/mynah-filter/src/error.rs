use std::borrow::Cow;

use thiserror::Error;

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {expected} is expected")]
pub struct FilterError {
    /// Where, counted in characters from 1.
    pub column: usize,
    /// What has its place there.
    pub expected: Cow<'static, str>,
}
