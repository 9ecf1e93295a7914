use std::sync::Arc;

use mynah_session::{Connection, Reply, Statement};

use super::{Layer, Source};
use crate::journal::{Answered, Journal};
use crate::source_answer::SourceAnswer;

/// Writes each statement into a journal. It is the outermost layer, so it sees the answers of all others.
#[derive(Debug)]
pub(crate) struct Journaled<S> {
    inner: S,
    connection: Connection,
    journal: Arc<dyn Journal>,
}

impl<S> Journaled<S> {
    pub(crate) fn new(inner: S, connection: Connection, journal: Arc<dyn Journal>) -> Self {
        Self {
            inner,
            connection,
            journal,
        }
    }

    fn note(&self, statement: &Statement, said: &SourceAnswer<Reply>) {
        self.journal.answered(Answered {
            connection: self.connection,
            statement,
            by: said.by,
            reply: &said.answer,
        });
    }
}

impl<S: Source> Layer for Journaled<S> {
    type Inner = S;

    fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        let said = self.inner.statement(statement);
        self.note(statement, &said);
        said
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        let said = self.inner.command(statement)?;
        self.note(statement, &said);
        Some(said)
    }
}
