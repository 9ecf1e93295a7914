//! The rows of a prepared statement that are left for COM_STMT_FETCH.

use mynah_classic::response::OkPacket;
use mynah_classic::{Capabilities, StatusFlags};

use super::core::Core;
use super::logged_in::LoggedIn;
use super::result_set::{Sending, send_columns, send_eof};
use super::waiting::{Answering, Next, Purpose};
use crate::{ResultSet, SessionError};

/// Opens a cursor for a result: sends its columns, and keeps its rows.
pub(super) fn open(
    session: &mut LoggedIn,
    core: &mut Core,
    answering: &Answering,
    result: ResultSet,
) -> Result<Next, SessionError> {
    let (columns, shared) = (result.columns.clone(), session.shared);
    let sending = Sending::new(result, true);
    // Rows are checked when the cursor is opened: COM_STMT_FETCH would have to fail in the middle otherwise.
    if let Err(failure) = sending.check() {
        core.drop_rows(sending.source());
        session.send_failure(core, failure)?;
        return Ok(Next::command(core));
    }
    let status_flags = sending.status_flags(&session.session) | StatusFlags::CURSOR_EXISTS;
    let metadata = session.metadata();
    // The client gets the columns in any case, so the note of earlier columns is dropped.
    if let Purpose::Execute { statement_id, .. } = answering.purpose {
        session.statements().note_columns(statement_id, None);
    }
    send_columns(&mut core.exchange, &columns, metadata, status_flags, shared)?;
    // Without an EOF behind the columns, this OK has the status flag by which the client knows of the cursor.
    if shared.contains(Capabilities::DEPRECATE_EOF) {
        let end = OkPacket {
            status_flags,
            ..OkPacket::default()
        };
        send_eof(&mut core.exchange, end, shared)?;
    }
    if let Purpose::Execute { statement_id, .. } = answering.purpose
        && let Ok((_, statement)) = session.statements().get(statement_id)
    {
        statement.cursor = Some(Box::new(sending));
    }
    Ok(Next::command(core))
}

/// Keeps what is left of a cursor's rows.
pub(super) fn keep(session: &mut LoggedIn, core: &mut Core, answering: Answering) -> Next {
    if let Purpose::Fetch { statement_id } = answering.purpose
        && let Ok((_, statement)) = session.statements().get(statement_id)
    {
        statement.cursor = answering.sending;
    }
    Next::command(core)
}
