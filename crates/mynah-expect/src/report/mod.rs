//! The report of a test: text, JSON, JUnit.

mod junit;
mod text;

use serde::Serialize;

use crate::choose::ExpectationId;
use crate::near::Explanation;

/// The result of a test. `Display` is the text for people; `Serialize` is the JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The test's id; absent for the one that is shared.
    pub test: Option<String>,
    /// Expectations that were matched as often as they must be, stubs among them.
    pub met: Vec<Line>,
    /// Expectations that weren't matched as often as they must be, and forbidden ones that were matched.
    pub unmet: Vec<Line>,
    /// Statements that nothing answered, the first ones.
    pub unexpected: Vec<Unexpected>,
    /// How many there were in all.
    pub unexpected_count: u64,
    /// How many statements had to leave the journal.
    pub overflowed: u64,
}

/// An expectation in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number.
    pub id: ExpectationId,
    /// Its name.
    pub name: Option<String>,
    /// Where it was written.
    pub place: String,
    /// What it expects: `stmt "select 1"`.
    pub expected: String,
    /// How often it has to come: `1 time`.
    pub times: String,
    /// How often it came.
    pub calls: u64,
    /// Whether it may come any number of times.
    pub is_stub: bool,
}

/// A statement that nothing answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unexpected {
    /// Its number in the journal.
    pub number: u64,
    /// The connection's number.
    pub connection: u32,
    /// The statement.
    pub statement: String,
    /// Why nothing answered it.
    pub explanation: Explanation,
}

impl Report {
    /// Whether all expectations are met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.unmet.is_empty()
    }

    /// Whether nothing was unexpected.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.unexpected_count == 0
    }

    /// Whether all expectations are met, and nothing was unexpected.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.is_met() && self.is_expected()
    }
}
