//! COM_INIT_DB, which the handler may refuse.

use bytes::Bytes;
use mynah_classic::error_code;
use mynah_classic::response::{SessionStateChange, SessionStateChanges};

use super::answer;
use super::core::Core;
use super::logged_in::LoggedIn;
use super::waiting::{Next, Purpose, Waiting};
use crate::{Completion, Failure, Outcome, Question, Reply, SessionError, StatementCommand};

/// Asks whether a schema may be taken into use.
pub(super) fn ask(
    session: &LoggedIn,
    core: &mut Core,
    schema: Bytes,
) -> Result<Next, SessionError> {
    if schema.is_empty() {
        session.send_failure(core, Failure::no_schema())?;
        return Ok(Next::command(core));
    }
    let statement = session.statement(StatementCommand::InitDb, schema.clone());
    core.ask(Question::Command(statement));
    Ok(Next::Wait(Waiting::Schema(schema)))
}

/// Takes it into use unless the handler has refused it.
pub(super) fn answered(
    session: &mut LoggedIn,
    core: &mut Core,
    schema: Bytes,
    reply: Option<Reply>,
) -> Result<Next, SessionError> {
    let change = SessionStateChange::Schema(schema.clone());
    let changes = SessionStateChanges::new([&change]);
    let outcome = match reply {
        None => {
            session.session.schema = Some(schema);
            core.login_version += 1;
            let completion = Completion {
                session_state_changes: changes,
                ..Completion::default()
            };
            session.send_ok(core, &completion)?;
            return Ok(Next::command(core));
        }
        Some(reply) => reply.outcome,
    };
    let outcome = match outcome {
        Outcome::Ok(completion) if completion.session_state_changes.is_empty() => {
            Outcome::Ok(Completion {
                session_state_changes: changes,
                ..completion
            })
        }
        outcome @ (Outcome::Ok(_) | Outcome::Error(_)) => outcome,
        other => {
            core.drop_outcome(&other);
            let message = "COM_INIT_DB is answered with 'ok' or 'error'";
            Outcome::Error(Failure::general(error_code::ER_PARSE_ERROR, message))
        }
    };
    answer::reply(session, core, Purpose::Query.into(), outcome.into())
}
