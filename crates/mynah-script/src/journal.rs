use std::fmt;

use mynah_session::{Connection, Reply, Statement};

use crate::AnsweredBy;

/// Is told of each statement that sessions of a trace answer, on the thread that answers it.
pub trait Journal: fmt::Debug + Send + Sync {
    /// A statement has its answer, and the client hasn't got a byte of it yet. Statements that are only
    /// prepared aren't told of, nor commands that the trace leaves to the session.
    fn answered(&self, answered: Answered<'_>);
}

/// A statement and its answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Answered<'a> {
    /// The connection it came in on.
    pub connection: Connection,
    /// What was asked.
    pub statement: &'a Statement,
    /// Who answered.
    pub by: AnsweredBy,
    /// The answer: its outcome, and how long it is delayed.
    pub reply: &'a Reply,
}
