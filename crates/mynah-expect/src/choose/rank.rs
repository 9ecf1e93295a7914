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
    /// Of lists that were added at run time the last comes first.
    list: u64,
    /// In a list the first comes first.
    order: u64,
}

impl Rank {
    /// The lowest there can be.
    pub(super) const FIRST: Self = Self {
        priority: i32::MIN,
        is_from_file: false,
        list: 0,
        order: 0,
    };
    /// The highest there can be.
    pub(super) const LAST: Self = Self {
        priority: i32::MAX,
        is_from_file: true,
        list: u64::MAX,
        order: u64::MAX,
    };

    /// The place of an expectation of a script's file.
    pub(super) fn in_file(priority: i32, id: ExpectationId) -> Self {
        Self {
            priority,
            is_from_file: true,
            list: 0,
            order: id.0,
        }
    }

    /// The place of one that was added at run time, by the first of the list that it was added with.
    pub(super) fn at_run_time(priority: i32, first: ExpectationId, id: ExpectationId) -> Self {
        Self {
            priority,
            is_from_file: false,
            list: u64::MAX - first.0,
            order: id.0,
        }
    }

    pub(super) fn is_from_file(self) -> bool {
        self.is_from_file
    }
}
