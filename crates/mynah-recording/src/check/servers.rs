use serde::Serialize;

use super::{Check, check};
use crate::{Recording, Rules};

/// Answers that weren't compared when the answers of two servers were, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// Why the answers weren't compared.
    pub reason: String,
    /// The number of answers of the first server that weren't compared.
    pub answers: u64,
    /// The number of connections whose comparison ended early for this reason; 0 if the comparison went on.
    pub connections: u64,
}

/// Compares the answers of two servers to the same statements: the recordings `first` and `second` have the executions of
/// each statement in the same order. Volatile values are found as by [`check()`]. `not_compared` is what the recordings
/// don't have.
#[must_use]
pub fn check_servers(
    first: &Recording,
    second: &Recording,
    rules: &Rules,
    not_compared: Vec<NotCompared>,
) -> Check {
    let mut check = Check {
        not_compared,
        is_of_servers: true,
        ..check(first, None, second, rules)
    };
    for statement in &check.never_came {
        if !check.parts.contains(&statement.part) {
            check.parts.push(statement.part.clone());
        }
    }
    check
}
