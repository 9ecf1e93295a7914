//! COM_PROCESS_KILL and the statement KILL.

use super::core::Core;
use super::logged_in::LoggedIn;
use super::waiting::{Next, Waiting};
use crate::{Completion, Failure, Kill, Question, SessionError};

/// Asks that another connection or its statement ends. A session that names itself gets an error.
pub(super) fn kill(session: &LoggedIn, core: &mut Core, kill: Kill) -> Result<Next, SessionError> {
    if kill.connection_id == session.thread_id {
        let failure = Failure::interrupted();
        if kill.only_statement {
            session.send_failure(core, failure)?;
            return Ok(Next::command(core));
        }
        core.end(failure, session.shared)?;
        return Ok(Next::Closed);
    }
    core.ask(Question::Kill(kill));
    Ok(Next::Wait(Waiting::Killed(kill)))
}

/// The same for a statement.
pub(super) fn by_statement(
    session: &mut LoggedIn,
    core: &mut Core,
    kill: Kill,
) -> Result<Next, SessionError> {
    session.session.warning_count = 0;
    self::kill(session, core, kill)
}

/// Says whether there was such a connection.
pub(super) fn killed(
    session: &mut LoggedIn,
    core: &mut Core,
    kill: Kill,
    was_there: bool,
) -> Result<Next, SessionError> {
    if was_there {
        session.send_ok(core, &Completion::default())?;
    } else {
        session.session.warning_count = 1;
        session.send_failure(core, kill.unknown())?;
    }
    Ok(Next::command(core))
}
