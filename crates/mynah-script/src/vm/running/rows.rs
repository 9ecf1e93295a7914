use mynah_session::{Completion, LocalFile, Outcome, Reply, RowSource, Rows};

use super::{Running, run};
use crate::document::Kind;
use crate::vm::clock::left;
use crate::vm::problem::Problem;
use crate::vm::row_source::RowIterator;

impl Running {
    /// Answers a file that a reply asked for.
    pub(in crate::vm) fn file(&mut self, file: &LocalFile) -> Result<Reply, Problem> {
        let Some(answer) = self.files.pop_front().flatten() else {
            return Ok(Outcome::Ok(Completion::default()).into());
        };
        if self.kind(&answer) != Kind::Function {
            return self.entry(&answer).and_then(run);
        }
        let value = {
            left(file.content.len().saturating_mul(FORMS_OF_A_FILE));
            let engine = &mut *self.engine.borrow_mut();
            let file = engine.file(file)?;
            engine.call(&answer, file.into())?
        };
        self.entry(&value).and_then(run)
    }

    /// More rows of a result.
    pub(in crate::vm) fn rows(&mut self, source: RowSource) -> Result<Rows, Problem> {
        let Some(mut iterator) = self.row_sources.remove(&source) else {
            return Ok(Rows::default());
        };
        let engine = &mut *self.engine.borrow_mut();
        let (rows, more) = match iterator.next(engine) {
            Ok(next) => next,
            // The context is gone, and the iterator with it.
            Err(problem @ Problem::Ended(_)) => return Err(problem),
            Err(problem) => {
                // An iterator that is left early has to be closed: a generator's `finally` runs then.
                iterator.close(engine)?;
                return Err(problem);
            }
        };
        if !more {
            return Ok(rows);
        }
        self.row_sources.insert(source, iterator);
        Ok(rows.continued(source))
    }

    pub(in crate::vm) fn drop_rows(&mut self, source: RowSource) -> Result<(), Problem> {
        match self.row_sources.remove(&source) {
            Some(iterator) => iterator.close(&mut self.engine.borrow_mut()),
            None => Ok(()),
        }
    }

    /// Drops the rows of a reply that isn't sent.
    pub(super) fn forget(&mut self, reply: &Reply) {
        self.take_rows(reply);
    }

    /// The same for one that is read again from the same values: first rows that were taken are kept.
    pub(super) fn put_back(&mut self, reply: &Reply) {
        let rows = self.take_rows(reply);
        self.engine.borrow_mut().keep_rows(rows);
    }

    fn take_rows(&mut self, reply: &Reply) -> Vec<RowIterator> {
        let all = std::iter::once(&reply.outcome).chain(&reply.more);
        let sources = all.filter_map(|outcome| match outcome {
            Outcome::Rows(result) => result.rows.source(),
            _ => None,
        });
        sources
            .filter_map(|source| self.row_sources.remove(&source))
            .collect()
    }
}

/// A file is given to a script as text and as bytes.
const FORMS_OF_A_FILE: usize = 2;
