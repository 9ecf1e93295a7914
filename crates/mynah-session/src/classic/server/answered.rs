//! What follows from the answer to a question.

use super::core::Core;
use super::event::unexpected;
use super::logged_in::LoggedIn;
use super::waiting::{Next, Purpose, Waiting};
use super::{administration, answer, bulk, init_db, kill, prepared};
use crate::{Answer, SessionError};

/// Passes an answer to the state of a client that is logged in.
pub(super) fn answered(
    session: &mut LoggedIn,
    core: &mut Core,
    waiting: Waiting,
    answer: Answer,
) -> Result<Next, SessionError> {
    match (waiting, answer) {
        (Waiting::Reply(asked), Answer::Reply(reply)) => match asked.purpose {
            Purpose::Bulk(bulk) => bulk::reply(session, core, bulk, *reply),
            _ => answer::reply(session, core, asked, *reply),
        },
        (Waiting::Rows(answering), Answer::Rows(rows)) => {
            answer::more_rows(session, core, *answering, rows)
        }
        (Waiting::Prepared(text), Answer::Prepared(prepared)) => {
            prepared::prepared(session, core, &text, prepared)
        }
        (Waiting::Schema(schema), Answer::Command(reply)) => {
            init_db::answered(session, core, schema, reply.map(|reply| *reply))
        }
        (Waiting::Administration(command), Answer::Command(reply)) => {
            administration::answered(session, core, &command, reply.map(|reply| *reply))
        }
        (Waiting::Bulk(bulk), Answer::Command(reply)) => {
            bulk::answered(session, core, bulk, reply.map(|reply| *reply))
        }
        (Waiting::Fields, Answer::Fields(fields)) => administration::fields(session, core, fields),
        (Waiting::Statistics, Answer::Statistics(statistics)) => {
            administration::statistics(core, statistics)
        }
        (Waiting::Processes, Answer::Processes(processes)) => {
            administration::processes(session, core, &processes)
        }
        (Waiting::Killed(kill), Answer::Killed(was_there)) => {
            kill::killed(session, core, kill, was_there)
        }
        (Waiting::Processes | Waiting::Killed(_), Answer::Refused(failure)) => {
            session.send_failure(core, failure)?;
            Ok(Next::command(core))
        }
        (waiting, answer) => Err(unexpected(waiting.name(), answer.name())),
    }
}
