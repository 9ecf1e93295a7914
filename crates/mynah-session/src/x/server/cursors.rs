//! Results that are fetched some rows at a time.

use std::collections::HashMap;

use mynah_x::cursor::{Fetch, Open};

use super::answer::{Answering, Asked};
use super::failures::{no_more_data, not_opened, not_prepared};
use super::machine::Server;
use super::messages::{LoggedIn, Next};
use crate::{Failure, RowSource};

/// The cursors of a session, by the client's numbers.
#[derive(Debug, Default)]
pub(super) struct Cursors(HashMap<u32, Cursor>);

/// A cursor: of which statement, and what is left of its answer; nothing once that is sent.
#[derive(Debug)]
struct Cursor {
    statement_id: Option<u32>,
    rest: Option<Box<Answering>>,
}

impl Cursors {
    /// All of a cursor's rows are sent; it stays open.
    pub(super) fn reach_end(&mut self, id: u32, asked: &Asked) {
        let statement_id = asked.statement_id;
        let rest = None;
        self.0.insert(id, Cursor { statement_id, rest });
    }

    /// Where the rows come from that nobody will ask for any more.
    pub(super) fn into_sources(self) -> impl Iterator<Item = RowSource> {
        let rest = self.0.into_values().filter_map(|cursor| cursor.rest);
        rest.filter_map(|answering| answering.source())
    }
}

impl Server {
    pub(super) fn open_cursor(&mut self, mut state: Box<LoggedIn>, open: &Open) -> Next {
        let Some(execute) = &open.stmt.prepare_execute else {
            return self.fail_message(state, &Failure::general(5012, "Invalid cursor statement"));
        };
        self.drop_cursor(&mut state, open.cursor_id);
        if !state.statements.contains(execute.stmt_id) {
            let mut failure = not_prepared(execute.stmt_id);
            failure.message = [&failure.message[..], b"."].concat().into();
            return self.fail_message(state, &failure);
        }
        if state.cursors.0.len() >= MAX_CURSORS {
            return self.fail_message(state, &Failure::general(5122, "Too many cursors"));
        }
        match self.execution(&state, execute) {
            Ok((statement, mut asked)) => {
                asked.cursor = Some((open.cursor_id, open.fetch_rows.unwrap_or_default()));
                self.ask_with(state, statement, asked)
            }
            Err(failure) => self.fail_message(state, &failure),
        }
    }

    pub(super) fn fetch(&mut self, mut state: Box<LoggedIn>, fetch: Fetch) -> Next {
        let id = fetch.cursor_id;
        let Some(cursor) = state.cursors.0.get_mut(&id) else {
            return self.fail_message(state, &not_opened(id));
        };
        let Some(mut answering) = cursor.rest.take() else {
            return self.fail_message(state, &no_more_data(id));
        };
        answering.wanted = fetch.fetch_rows.unwrap_or_default();
        self.send_rows(state, *answering)
    }

    /// What is left of an answer waits to be fetched.
    pub(super) fn keep_cursor(
        &mut self,
        mut state: Box<LoggedIn>,
        mut answering: Answering,
    ) -> Next {
        if let Some((id, _)) = answering.asked.cursor {
            answering.fetched();
            let cursor = Cursor {
                statement_id: answering.asked.statement_id,
                rest: Some(Box::new(answering)),
            };
            state.cursors.0.insert(id, cursor);
        }
        self.expect_message(state)
    }

    pub(super) fn close_cursor(&mut self, mut state: Box<LoggedIn>, id: u32) -> Next {
        if self.drop_cursor(&mut state, id) {
            return self.done(state, Ok(()));
        }
        self.fail_message(state, &not_opened(id))
    }

    /// A statement is given up, and its cursors with it.
    pub(super) fn close_cursors_of(&mut self, state: &mut LoggedIn, statement_id: u32) {
        let cursors = state.cursors.0.iter();
        let of_it = cursors.filter(|(_, cursor)| cursor.statement_id == Some(statement_id));
        let ids: Vec<_> = of_it.map(|(id, _)| *id).collect();
        for id in ids {
            self.drop_cursor(state, id);
        }
    }

    fn drop_cursor(&mut self, state: &mut LoggedIn, id: u32) -> bool {
        let Some(cursor) = state.cursors.0.remove(&id) else {
            return false;
        };
        self.drop_rows(cursor.rest.and_then(|answering| answering.source()));
        true
    }
}

/// How many cursors a session may have.
const MAX_CURSORS: usize = 1024;
