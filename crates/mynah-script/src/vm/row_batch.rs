//! The rows of an iterator, made some at a time.

use mynah_session::Rows;

use super::bounce::Pulled;
use super::engine::Engine;
use super::problem::Problem;
use super::row_source::RowIterator;
use crate::document::{Document, own_error};

impl RowIterator {
    /// The next rows; whether there may be more after them.
    ///
    /// # Errors
    /// What the script threw, or what is wrong with a row; the rows before it came before.
    pub(super) fn next(&mut self, engine: &mut Engine) -> Result<(Rows, bool), Problem> {
        // The rows before the one that failed were sent first, as a server does.
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let Pulled { rows, end, thrown } = match self.first.take() {
            Some(first) => first,
            None => engine.pull(&self.state, self.batch)?,
        };
        self.is_over = end.is_some();
        let mut values = engine.values();
        let mut next = 0;
        while let Some(row) = values.next_element(&rows, &mut next)? {
            let read = match own_error(&mut values, &row)? {
                Some(failure) => Err(Problem::Failed(failure)),
                None => self.reader.row(&mut values, &row),
            };
            if let Err(problem) = read {
                self.problem = Some(problem);
                break;
            }
        }
        let said = own_error(&mut values, &thrown)?.map(Problem::Failed);
        let more = match end {
            _ if self.problem.is_some() => true,
            Some(Ok(())) => false,
            Some(Err(thrown)) => {
                self.problem = Some(said.unwrap_or(thrown));
                true
            }
            None => true,
        };
        let rows = self.reader.take();
        // There are no rows that have to be sent before the problem.
        if rows.is_empty()
            && let Some(problem) = self.problem.take()
        {
            return Err(problem);
        }
        // Rows may be of any size, so the number of rows of a batch adapts: a batch should be about ENOUGH
        // bytes.
        self.batch = match rows.size() {
            size if size < ENOUGH / 2 => (self.batch * 2).min(LARGEST_BATCH),
            size if size > ENOUGH => (self.batch / 2).max(1),
            _ => self.batch,
        };
        Ok((rows, more))
    }

    /// Lets the iterator know that no more of its values are wanted, if it has more.
    pub(super) fn close(&self, engine: &mut Engine) -> Result<(), Problem> {
        if self.is_over {
            return Ok(());
        }
        engine.give_up(&self.state)
    }
}

const LARGEST_BATCH: u32 = 1024;
/// How many bytes of rows are enough at once.
const ENOUGH: usize = 64 * 1024;
