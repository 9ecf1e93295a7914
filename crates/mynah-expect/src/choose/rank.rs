use std::fmt;

use serde::Serialize;

/// The id of an expectation in its test: numbers from 1, in the order in which expectations were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ExpectationId(pub u64);

impl fmt::Display for ExpectationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The order in which expectations are compared with a statement: the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    priority: i32,
    /// Those that were added at run time come first.
    is_from_file: bool,
    /// Of those of the file the first comes first, of others the last.
    order: u64,
}

impl Rank {
    /// The lowest there can be.
    pub(super) const FIRST: Self = Self {
        priority: i32::MIN,
        is_from_file: false,
        order: 0,
    };
    /// The highest there can be.
    pub(super) const LAST: Self = Self {
        priority: i32::MAX,
        is_from_file: true,
        order: u64::MAX,
    };

    pub(super) fn new(priority: i32, is_from_file: bool, id: ExpectationId) -> Self {
        Self {
            priority,
            is_from_file,
            // Of those that were added at run time, the newest comes first; a file's come in its order.
            order: if is_from_file { id.0 } else { u64::MAX - id.0 },
        }
    }

    pub(super) fn is_from_file(self) -> bool {
        self.is_from_file
    }
}
