use std::sync::Arc;

use crate::choose::ExpectationId;
use crate::journal::EntryNumber;
use crate::model::Expectation;
use crate::near::Explanation;

/// A statement that was added to the journal, and the verdict of the expectations.
#[derive(Debug)]
pub struct Begun<A> {
    /// The number of the statement in the journal, also if the journal doesn't keep it.
    pub number: EntryNumber,
    /// What the mock does with the statement.
    pub verdict: Verdict<A>,
}

/// The result of comparing a statement with the expectations.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict<A> {
    /// An expectation matches: send its answer.
    Answer {
        /// The expectation that matches the statement.
        expectation: Arc<Expectation<A>>,
        /// The id of the expectation.
        id: ExpectationId,
        /// How often the expectation has matched, including this time: from 1.
        call: u64,
        /// The answer to send; `None` for OK.
        answer: Option<Arc<A>>,
    },
    /// An expectation forbids the statement: send an error with this explanation.
    Forbidden(Box<Explanation>),
    /// No expectation matches. The script, the prelude or the session may answer: report which one did by
    /// [`Test::answered_by`](super::Test::answered_by), or that none did by
    /// [`Test::unexpected`](super::Test::unexpected).
    Open,
}

/// The error for a statement that can't be prepared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotPrepared {
    /// An expectation of `prepare` forbids the preparation: send an error with this explanation.
    #[error("{0}")]
    Forbidden(Box<Explanation>),
    /// No expectation can match the text. The script or the prelude may prepare it.
    #[error("{0}")]
    Open(Box<Explanation>),
}

impl From<Explanation> for NotPrepared {
    fn from(why: Explanation) -> Self {
        Self::Open(Box::new(why))
    }
}

impl NotPrepared {
    /// Why the statement can't be prepared.
    #[must_use]
    pub fn why(&self) -> &Explanation {
        match self {
            Self::Forbidden(why) | Self::Open(why) => why,
        }
    }
}

/// The error for a test with more expectations than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a test may have {limit} expectations, and would have {wanted}; delete some first")]
pub struct TooManyExpectations {
    /// The most expectations that the test may have:
    /// [`TestOptions::expectations_limit`](crate::TestOptions::expectations_limit).
    pub limit: usize,
    /// How many expectations the test would have after the addition.
    pub wanted: usize,
}
