//! Results that the client fetches some rows at a time.

use mynah_x::cursor::{Fetch, Open};
use mynah_x::plugin_error;

use super::core::Core;
use super::failures::{no_more_data, not_opened, not_prepared};
use super::logged_in::LoggedIn;
use super::waiting::Next;
use super::{answer, prepared};
use crate::{Failure, SessionError};

/// Runs a prepared statement whose rows are fetched some at a time.
pub(super) fn open(
    session: &mut LoggedIn,
    core: &mut Core,
    open: &Open,
) -> Result<Next, SessionError> {
    let Some(execute) = &open.stmt.prepare_execute else {
        return session.fail(
            core,
            &Failure::general(
                plugin_error::ER_X_INVALID_ARGUMENT,
                "Invalid cursor statement",
            ),
        );
    };
    session.drop_cursor(core, open.cursor_id);
    if !session.statements.contains(execute.stmt_id) {
        let mut failure = not_prepared(execute.stmt_id);
        failure.message = [&failure.message[..], b"."].concat().into();
        return session.fail(core, &failure);
    }
    if session.cursors.is_full() {
        return session.fail(
            core,
            &Failure::general(plugin_error::ER_X_CURSOR_EXISTS, "Too many cursors"),
        );
    }
    match prepared::execution(session, core, execute) {
        Ok((mut statement, mut asked)) => {
            statement.opens_cursor = true;
            asked.cursor = Some((open.cursor_id, open.fetch_rows.unwrap_or_default()));
            Ok(prepared::ask(session, core, statement, asked))
        }
        Err(failure) => session.fail(core, &failure),
    }
}

/// Sends the next rows of a cursor.
pub(super) fn fetch(
    session: &mut LoggedIn,
    core: &mut Core,
    fetch: Fetch,
) -> Result<Next, SessionError> {
    let id = fetch.cursor_id;
    let Some(cursor) = session.cursors.get_mut(id) else {
        return session.fail(core, &not_opened(id));
    };
    let Some(mut answering) = cursor.rest.take() else {
        return session.fail(core, &no_more_data(id));
    };
    answering.wanted = fetch.fetch_rows.unwrap_or_default();
    answer::send_rows(session, core, *answering)
}

/// Closes a cursor.
pub(super) fn close(
    session: &mut LoggedIn,
    core: &mut Core,
    id: u32,
) -> Result<Next, SessionError> {
    if session.drop_cursor(core, id) {
        return session.done(core, Ok(()));
    }
    session.fail(core, &not_opened(id))
}
