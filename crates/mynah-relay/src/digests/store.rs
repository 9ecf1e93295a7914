use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use mynah_session::observe::Answer;

use super::shown::{Page, Sort};
use super::table::Table;
use crate::statement::StatementFacts;

/// The counts of all statements, by their digests. A clone of the relay's state has them for all connections.
#[derive(Debug)]
pub(crate) struct Digests {
    most: usize,
    table: Mutex<Table>,
}

impl Digests {
    /// Counts of nothing so far, with so many rows at most.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            table: Mutex::new(Table::new(SystemTime::now())),
        }
    }

    /// Counts a statement that was run in a schema.
    pub(crate) fn add(&self, schema: &Bytes, facts: &StatementFacts, answer: &Answer) {
        let now = SystemTime::now();
        let mut table = self.lock();
        match &facts.digest {
            Some(digest) => table.add(self.most, (digest, schema), facts, answer, now),
            None => table.add_other(answer, now),
        }
    }

    /// Counts rows that were fetched after a statement was run. The row of a statement that has none any more is with
    /// the others.
    pub(crate) fn add_rows(&self, schema: &Bytes, facts: &StatementFacts, rows: u64) {
        let mut table = self.lock();
        let Table {
            rows: known, other, ..
        } = &mut *table;
        let digest = facts.digest.as_ref();
        let found = digest.and_then(|digest| known.get_mut(&(digest.hash, schema.clone())));
        let counts = found.map(|row| &mut row.counts);
        if let Some(counts) = counts.or(other.as_mut()) {
            counts.rows += rows;
        }
    }

    /// Forgets all counts.
    pub(crate) fn clear(&self) {
        *self.lock() = Table::new(SystemTime::now());
    }

    /// The first rows in an order.
    pub(crate) fn page(&self, sort: Sort, limit: usize) -> Page {
        Page::of(&self.lock(), self.most, sort, limit)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
