//! MariaDB's executions of a statement with many rows of parameters.

use mynah_classic::Capabilities;
use mynah_classic::command::{BulkFlags, ComStmtBulkExecute};

use super::answer;
use super::bulk_rows::{Bulk, summed_up};
use super::core::Core;
use super::logged_in::LoggedIn;
use super::statements::wrong_arguments;
use super::waiting::{Next, Purpose, Waiting};
use crate::{BulkExecution, Outcome, Question, Reply, SessionError, Statement, StatementCommand};

pub(super) fn execute(
    session: &mut LoggedIn,
    core: &mut Core,
    command: &ComStmtBulkExecute,
) -> Result<Next, SessionError> {
    let wants_units = command.flags.contains(BulkFlags::SEND_UNIT_RESULTS)
        && session
            .shared
            .contains(Capabilities::MARIADB_BULK_UNIT_RESULTS);
    let found = session.statements().get(command.statement_id);
    let read = found.and_then(|(id, statement)| {
        Ok((id, statement.read_bulk(command)?, statement.text.clone()))
    });
    match read {
        Ok((id, parameters, text)) => {
            let statement = Statement {
                statement_id: Some(id),
                ..session.statement(StatementCommand::Execute, text)
            };
            let execution = BulkExecution::new(statement, parameters, wants_units);
            let bulk = Box::new(Bulk::new(execution));
            if !core.options.asks_bulk {
                return next_row(session, core, bulk);
            }
            core.ask(Question::Bulk(Box::new(bulk.execution.clone())));
            Ok(Next::Wait(Waiting::Bulk(bulk)))
        }
        Err(failure) => {
            session.send_failure(core, failure)?;
            Ok(Next::command(core))
        }
    }
}

/// Takes the handler's answer to the whole execution. Without one, the handler is asked about each row.
pub(super) fn answered(
    session: &mut LoggedIn,
    core: &mut Core,
    bulk: Box<Bulk>,
    reply: Option<Reply>,
) -> Result<Next, SessionError> {
    match reply {
        Some(mut reply) => {
            // A recorded answer may have unit results for a client that doesn't know them.
            if !bulk.execution.wants_unit_results {
                reply.outcome = summed_up(reply.outcome);
            }
            answer::reply(session, core, purpose(&bulk).into(), reply)
        }
        None => next_row(session, core, bulk),
    }
}

/// Asks for the answer to the next row, or sends the answer to all.
fn next_row(
    session: &mut LoggedIn,
    core: &mut Core,
    mut bulk: Box<Bulk>,
) -> Result<Next, SessionError> {
    match bulk.execution.next_row() {
        Some(Ok(params)) => {
            let statement = Statement {
                params,
                state: session.session.clone(),
                ..bulk.execution.statement.clone()
            };
            core.ask(Question::Statement(statement));
            Ok(Next::Wait(Waiting::Reply(Purpose::Bulk(bulk).into())))
        }
        Some(Err(failure)) => end(session, core, &bulk, Outcome::Error(failure)),
        None => {
            let outcome = bulk.outcome();
            end(session, core, &bulk, outcome)
        }
    }
}

/// Takes what a row came to.
pub(super) fn reply(
    session: &mut LoggedIn,
    core: &mut Core,
    mut bulk: Box<Bulk>,
    reply: Reply,
) -> Result<Next, SessionError> {
    session.take_over(core, &reply.outcome);
    for outcome in &reply.more {
        core.drop_outcome(outcome);
    }
    match reply.outcome {
        Outcome::Ok(completion) => bulk.add(&completion),
        Outcome::Rows(result) if result.rows.source().is_none() => bulk.add_rows(result),
        Outcome::Error(failure) => return end(session, core, &bulk, Outcome::Error(failure)),
        outcome => {
            core.drop_outcome(&outcome);
            let failure = wrong_arguments("mysqld_stmt_bulk_execute");
            return end(session, core, &bulk, Outcome::Error(failure));
        }
    }
    next_row(session, core, bulk)
}

fn end(
    session: &mut LoggedIn,
    core: &mut Core,
    bulk: &Bulk,
    outcome: Outcome,
) -> Result<Next, SessionError> {
    answer::reply(session, core, purpose(bulk).into(), outcome.into())
}

fn purpose(bulk: &Bulk) -> Purpose {
    Purpose::Execute {
        statement_id: bulk.execution.statement.statement_id.unwrap_or(0),
        cursor: false,
    }
}
