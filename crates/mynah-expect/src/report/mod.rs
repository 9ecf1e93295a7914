//! The report of a test: text, JSON, JUnit.

mod json;
mod junit;
mod text;

pub use junit::{JunitCase, JunitSuite, junit};
use serde::Serialize;

use crate::choose::ExpectationId;
use crate::near::Explanation;
use crate::registry::NeverMet;

/// The result of a test. `Display` writes it as text for people; `Serialize` as JSON, which has that text, too.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The test's id; `None` for the shared test.
    pub test: Option<String>,
    /// The expectations that have matched as often as they must and not too often; stubs always belong here.
    pub met: Vec<Line>,
    /// The expectations that have matched too seldom, and forbidden ones that have matched.
    pub unmet: Vec<Line>,
    /// The first unexpected statements: nothing answered them, an expectation forbids them, or the answer of their
    /// expectation failed.
    pub unexpected: Vec<Unexpected>,
    /// The number of all unexpected statements of the test since its journal was last reset.
    pub unexpected_count: u64,
    /// How many statements were dropped from the journal because it was full, since it was last reset.
    pub overflowed: u64,
    /// The entries of a recording that were never played since it was last read, in reports of
    /// [`Tests`](crate::Tests); empty in reports of a [`Test`](crate::Test) alone, and if the mock plays a script.
    pub never_played: Vec<NeverMet>,
}

/// An expectation as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The id of the expectation.
    pub id: ExpectationId,
    /// The name of the expectation; `None` if it has none.
    pub name: Option<String>,
    /// Where the expectation was written: `expectations[0], shop.js line 3`.
    pub place: String,
    /// The condition of the expectation, in words: `stmt "select 1"`.
    pub expected: String,
    /// How often the expectation must match, in words: `1 to 3 times`.
    pub times: String,
    /// How often the expectation has matched.
    pub calls: u64,
    /// Whether the expectation is a stub, which may match any number of times.
    pub is_stub: bool,
    /// A statement in the journal that differs from the expected text only in upper and lower case; `None` if there
    /// is none, or if the expectation has matched.
    pub came: Option<String>,
}

/// An unexpected statement: nothing answered it, an expectation forbids it, or the answer of its expectation failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unexpected {
    /// The number of the statement in the journal.
    pub number: u64,
    /// The id of the connection that the statement came on.
    pub connection: u32,
    /// The statement's text without passwords; of a long one the beginning.
    pub statement: String,
    /// Why the statement was unexpected, and which expectation was the closest, or forbids it.
    pub explanation: Explanation,
}

impl Report {
    /// Whether all expectations of the test are met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.unmet.is_empty()
    }

    /// Whether the test had no unexpected statement.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.unexpected_count == 0
    }

    /// Whether the test has passed: all expectations are met, and no statement was unexpected.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.is_met() && self.is_expected()
    }
}
