use std::fmt;

use mynah_session::{Connection, Reply, Statement};

use crate::AnsweredBy;

/// Receives each statement that sessions of a trace answer, on the thread that answers it.
pub trait Journal: fmt::Debug + Send + Sync {
    /// Called when a statement has its answer, before the client gets a byte of it. It isn't called for statements
    /// that are only prepared, nor for commands that the trace leaves to the session.
    fn answered(&self, answered: Answered<'_>);
}

/// A statement and its answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Answered<'a> {
    /// The connection it came in on.
    pub connection: Connection,
    /// The statement.
    pub statement: &'a Statement,
    /// The part of the trace that answered.
    pub by: AnsweredBy,
    /// The answer: its outcome, and how long it is delayed.
    pub reply: &'a Reply,
}
