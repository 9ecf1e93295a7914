use std::sync::Arc;

use crate::choose::ExpectationId;
use crate::journal::EntryNumber;
use crate::model::Expectation;
use crate::near::Explanation;

/// A statement that was taken into the journal, and what the expectations say of it.
#[derive(Debug)]
pub struct Begun<A> {
    /// Its number in the journal.
    pub number: EntryNumber,
    /// What is to be done.
    pub verdict: Verdict<A>,
}

/// What the expectations say of a statement.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict<A> {
    /// It is expected.
    Answer {
        /// The expectation.
        expectation: Arc<Expectation<A>>,
        /// Its number.
        id: ExpectationId,
        /// How often it was met, with this time: from 1.
        call: u64,
        /// The answer; success if absent.
        answer: Option<Arc<A>>,
    },
    /// An expectation forbids it.
    Forbidden(Box<Explanation>),
    /// None of the expectations is of it. Something else may answer it; [`Test::answered_by`](super::Test::answered_by)
    /// says what did.
    Open,
}

/// No expectation could match a statement that is prepared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NotPrepared(pub Box<Explanation>);

/// A test has as many expectations as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a test may have {limit} expectations, and would have {wanted}; delete some first")]
pub struct TooManyExpectations {
    /// How many it may have.
    pub limit: usize,
    /// How many it would have.
    pub wanted: usize,
}
