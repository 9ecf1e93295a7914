use std::collections::HashMap;

use super::waiting::{Answering, Asked};
use crate::RowSource;

/// The cursors of a session, by the client's numbers.
#[derive(Debug, Default)]
pub(super) struct Cursors(HashMap<u32, Cursor>);

/// A cursor: of which statement, and what is left of its answer; nothing once that is sent.
#[derive(Debug)]
pub(super) struct Cursor {
    statement_id: Option<u32>,
    pub(super) rest: Option<Box<Answering>>,
}

impl Cursors {
    /// Whether there is no room for another.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MAX_CURSORS
    }

    pub(super) fn get_mut(&mut self, id: u32) -> Option<&mut Cursor> {
        self.0.get_mut(&id)
    }

    pub(super) fn remove(&mut self, id: u32) -> Option<Cursor> {
        self.0.remove(&id)
    }

    /// The cursors of a prepared statement.
    pub(super) fn of(&self, statement_id: u32) -> Vec<u32> {
        let cursors = self.0.iter();
        let of_it = cursors.filter(|(_, cursor)| cursor.statement_id == Some(statement_id));
        of_it.map(|(id, _)| *id).collect()
    }

    /// What is left of an answer waits to be fetched.
    pub(super) fn keep(&mut self, mut answering: Answering) {
        if let Some((id, _)) = answering.asked.cursor {
            answering.fetched();
            let cursor = Cursor {
                statement_id: answering.asked.statement_id,
                rest: Some(Box::new(answering)),
            };
            self.0.insert(id, cursor);
        }
    }

    /// All of a cursor's rows are sent; it stays open.
    pub(super) fn reach_end(&mut self, id: u32, asked: &Asked) {
        let statement_id = asked.statement_id;
        let rest = None;
        self.0.insert(id, Cursor { statement_id, rest });
    }

    /// The sources of rows that won't be asked for any more.
    pub(super) fn into_sources(self) -> impl Iterator<Item = RowSource> {
        self.0.into_values().filter_map(|cursor| cursor.source())
    }
}

impl Cursor {
    /// The source of its rows, if there are more.
    pub(super) fn source(&self) -> Option<RowSource> {
        self.rest.as_ref().and_then(|answering| answering.source())
    }
}

/// How many cursors a session may have.
const MAX_CURSORS: usize = 1024;
