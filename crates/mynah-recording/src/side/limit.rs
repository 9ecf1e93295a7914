use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The greatest number of rows that a result has in the file of a recording. The rows of a larger result, and rows that
/// need more than 256 KiB, are in a side file. With `None`, which is the default, all rows are in the recording's own
/// file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowsLimit(pub Option<usize>);

impl RowsLimit {
    /// The limit of the programs if no other is chosen: 1,000 rows.
    pub const STANDARD: Self = Self(Some(1_000));

    /// Whether all rows are in the recording's own file.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

/// The error for a text that isn't a [`RowsLimit`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number of rows, or none")]
pub struct UnknownRowsLimit;

impl FromStr for RowsLimit {
    type Err = UnknownRowsLimit;

    /// Of a number, or `none`.
    fn from_str(text: &str) -> Result<Self, UnknownRowsLimit> {
        match text {
            "none" => Ok(Self(None)),
            text => match text.parse() {
                Ok(rows) => Ok(Self(Some(rows))),
                Err(_) => Err(UnknownRowsLimit),
            },
        }
    }
}
