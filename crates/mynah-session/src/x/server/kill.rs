//! The statement KILL and the command `kill_client`.

use super::core::Core;
use super::logged_in::LoggedIn;
use super::waiting::{Asked, Next, Style, Waiting};
use crate::{Failure, Kill, Question, SessionError};

/// Asks that another connection or its statement ends. A statement that names its own connection gets
/// an error.
pub(super) fn kill(
    session: &mut LoggedIn,
    core: &mut Core,
    kill: Kill,
    asked: Asked,
) -> Result<Next, SessionError> {
    let is_sql = asked.style != Style::Admin;
    if is_sql && kill.connection_id == core.connection_id {
        let failure = Failure::interrupted();
        if kill.only_statement {
            return session.fail(core, &failure);
        }
        core.end(failure)?;
        return Ok(Next::Closed);
    }
    core.ask(Question::Kill(kill));
    Ok(Next::Wait(Waiting::Killed(kill, Box::new(asked))))
}
