//! Prepared statements.

use mynah_classic::error_code;
use mynah_x::datatypes::{Any, AnyValue, Scalar};
use mynah_x::plugin_error;
use mynah_x::prepare::{Execute, OneOfMessage, OneOfMessageType, Prepare};

use super::core::Core;
use super::event::Action;
use super::failures::not_prepared;
use super::logged_in::LoggedIn;
use super::statements::{Message, PreparedStatement, Text};
use super::waiting::{Asked, Next, Style, Waiting};
use crate::placeholders::{self, Dialect};
use crate::x::param::params;
use crate::x::render::Render;
use crate::{Failure, Prepared, Question, SessionError, Statement, StatementCommand};

/// Prepares a statement, in place of one that has its number.
pub(super) fn prepare(
    session: &mut LoggedIn,
    core: &mut Core,
    prepare: Prepare,
) -> Result<Next, SessionError> {
    let Prepare { stmt_id, stmt } = prepare;
    // As on a server, the number is free even if preparing fails.
    remove(session, core, stmt_id);
    let size = prost_len(&stmt);
    let (message, mut statement) = match read(stmt) {
        Ok(read) => read,
        Err(failure) => return session.fail(core, &failure),
    };
    statement.command = StatementCommand::Prepare;
    statement.statement_id = Some(stmt_id);
    statement.state.clone_from(&session.session);
    core.ask(Question::Prepared(statement));
    let new = (stmt_id, PreparedStatement { message, size });
    Ok(Next::Wait(Waiting::Prepared(Box::new(new))))
}

/// Keeps a statement that may be prepared.
pub(super) fn prepared(
    session: &mut LoggedIn,
    core: &mut Core,
    new: (u32, PreparedStatement),
    prepared: Result<Prepared, Failure>,
) -> Result<Next, SessionError> {
    let (id, mut statement) = new;
    let is_handlers = prepared.is_ok();
    let added = prepared.and_then(|prepared| {
        if let (Message::Text(text), Some(params)) = (&mut statement.message, prepared.params) {
            text.num_params = params.into();
        }
        let limit = core.options.max_allowed_packet;
        session.statements.add(id, statement, limit)
    });
    match added {
        Ok(()) => session.done(core, Ok(())),
        Err(failure) => {
            if is_handlers {
                core.actions.push_back(Action::CloseStatement(id));
            }
            session.fail(core, &failure)
        }
    }
}

/// Runs a prepared statement.
pub(super) fn execute(
    session: &mut LoggedIn,
    core: &mut Core,
    execute: &Execute,
) -> Result<Next, SessionError> {
    match execution(session, core, execute) {
        Ok((statement, asked)) => Ok(ask(session, core, statement, asked)),
        Err(failure) => session.fail(core, &failure),
    }
}

/// What running a prepared statement asks.
pub(super) fn execution(
    session: &LoggedIn,
    core: &mut Core,
    execute: &Execute,
) -> Result<(Statement, Asked), Failure> {
    let id = execute.stmt_id;
    let prepared = session.statements.get(id)?;
    let args = || scalars(&execute.args);
    let (mut statement, style) = match &prepared.message {
        Message::Text(text) => {
            // More arguments than placeholders are allowed, fewer aren't.
            if execute.args.len() < text.num_params {
                let position = execute.args.len();
                return Err(Failure::general(
                    plugin_error::ER_X_PREPARED_EXECUTE_ARGUMENT_CONSISTENCY,
                    format!(
                        "There is no argument for statement placeholder at position: {position}"
                    ),
                ));
            }
            (text_statement(text, &execute.args)?, Style::Sql)
        }
        // CRUD messages are rendered for each execution, because the arguments are a part of the text.
        Message::Find(find) => (Render::now(&args()?).find(find)?, Style::Find),
        Message::Update(update) => (Render::now(&args()?).update(update)?, Style::Change),
        Message::Delete(delete) => (Render::now(&args()?).delete(delete)?, Style::Change),
        Message::Insert(insert) => {
            let args = args()?;
            let mut ids = || Some(core.document_id());
            let (statement, ids) = Render::now(&args).insert(insert, &mut ids)?;
            (statement, Style::insert(insert, ids))
        }
    };
    statement.statement_id = Some(id);
    let asked = Asked {
        statement_id: Some(id),
        ..Asked::new(style, execute.compact_metadata.unwrap_or_default())
    };
    Ok((statement, asked))
}

/// Asks what a statement comes to.
pub(super) fn ask(
    session: &LoggedIn,
    core: &mut Core,
    mut statement: Statement,
    asked: Asked,
) -> Next {
    statement.state.clone_from(&session.session);
    core.ask(Question::Statement(statement));
    Next::Wait(Waiting::Reply(Box::new(asked)))
}

/// The statement for a prepared text and its arguments.
fn text_statement(text: &Text, args: &[Any]) -> Result<Statement, Failure> {
    Ok(Statement {
        params: params(args)?,
        ..Statement::new(StatementCommand::Execute, text.stmt.clone())
    })
}

/// Forgets a prepared statement, and its cursors.
pub(super) fn deallocate(
    session: &mut LoggedIn,
    core: &mut Core,
    id: u32,
) -> Result<Next, SessionError> {
    if remove(session, core, id) {
        return session.done(core, Ok(()));
    }
    session.fail(core, &not_prepared(id))
}

/// Forgets a statement and its cursors; says whether there was one of this number.
fn remove(session: &mut LoggedIn, core: &mut Core, id: u32) -> bool {
    session.close_cursors_of(core, id);
    let was_there = session.statements.remove(id);
    if was_there {
        core.actions.push_back(Action::CloseStatement(id));
    }
    was_there
}

/// The message that is prepared, and its statement.
fn read(stmt: OneOfMessage) -> Result<(Message, Statement), Failure> {
    let empty = || {
        Failure::general(
            plugin_error::ER_X_BAD_TABLE,
            "Invalid name of table/collection",
        )
    };
    Ok(match OneOfMessageType::try_from(stmt.r#type) {
        Ok(OneOfMessageType::Stmt) => {
            let execute = stmt
                .stmt_execute
                .ok_or_else(|| Failure::general(error_code::ER_EMPTY_QUERY, "Query was empty"))?;
            if execute.namespace_or_default() != "sql" {
                return Err(Failure::general(
                    plugin_error::ER_X_INVALID_NAMESPACE,
                    "Expected namespace 'sql'",
                ));
            }
            let stmt = execute.stmt;
            let text = Text {
                num_params: placeholders::count(&stmt, Dialect::default()),
                stmt: stmt.clone(),
            };
            (
                Message::Text(text),
                Statement::new(StatementCommand::Prepare, stmt),
            )
        }
        Ok(OneOfMessageType::Find) => {
            let find = stmt.find.ok_or_else(empty)?;
            let statement = Render::later().find(&find)?;
            (Message::Find(find), statement)
        }
        Ok(OneOfMessageType::Insert) => {
            let insert = stmt.insert.ok_or_else(empty)?;
            let (statement, _) = Render::later().insert(&insert, &mut || None)?;
            (Message::Insert(insert), statement)
        }
        Ok(OneOfMessageType::Update) => {
            let update = stmt.update.ok_or_else(empty)?;
            let statement = Render::later().update(&update)?;
            (Message::Update(update), statement)
        }
        Ok(OneOfMessageType::Delete) => {
            let delete = stmt.delete.ok_or_else(empty)?;
            let statement = Render::later().delete(&delete)?;
            (Message::Delete(delete), statement)
        }
        _ => {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_MESSAGE,
                "Unknown statement type to prepare",
            ));
        }
    })
}

pub(in crate::x) fn scalars(args: &[Any]) -> Result<Vec<Scalar>, Failure> {
    args.iter()
        .map(|arg| match arg.value() {
            Some(AnyValue::Scalar(scalar)) => Ok(scalar.clone()),
            _ => Err(Failure::general(
                plugin_error::ER_X_INVALID_PROTOCOL_DATA,
                "Invalid data, expecting scalar",
            )),
        })
        .collect()
}

/// The approximate memory that a message takes.
fn prost_len(stmt: &OneOfMessage) -> usize {
    prost::Message::encoded_len(stmt)
}
