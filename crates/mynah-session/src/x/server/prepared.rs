//! The prepared statements of a session.

use std::collections::HashMap;

use bytes::Bytes;
use mynah_x::crud::{Delete, Find, Insert, Update};
use mynah_x::datatypes::{Any, Scalar};
use mynah_x::prepare::{Execute, OneOfMessage, OneOfMessageType, Prepare};

use super::answer::{Asked, Style};
use super::failures::not_prepared;
use super::machine::{Action, Server, State};
use super::messages::{LoggedIn, Next};
use crate::x::render::Render;
use crate::{Failure, Prepared, Statement, StatementCommand};

/// The prepared statements of a session, by the client's numbers.
#[derive(Debug, Default)]
pub(super) struct PreparedStatements {
    by_id: HashMap<u32, PreparedStatement>,
    size: usize,
}

/// A statement that was prepared.
#[derive(Debug)]
pub(super) struct PreparedStatement {
    message: Message,
    /// About how much memory it takes.
    size: usize,
}

#[derive(Debug)]
enum Message {
    Text(Text),
    Find(Box<Find>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
}

/// A statement's text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) stmt: Bytes,
    num_params: usize,
}

impl PreparedStatements {
    pub(super) fn contains(&self, id: u32) -> bool {
        self.by_id.contains_key(&id)
    }

    fn add(&mut self, id: u32, statement: PreparedStatement, limit: usize) -> Result<(), Failure> {
        self.remove(id);
        let size = self.size.saturating_add(statement.size);
        if self.by_id.len() >= MAX_STATEMENTS || size > limit.saturating_mul(TEXTS) {
            return Err(Failure {
                code: 1461,
                sql_state: mynah_classic::response::SqlState(*b"42000"),
                message: format!(
                    "Can't create more than max_prepared_stmt_count statements (current value: \
                     {MAX_STATEMENTS})"
                )
                .into(),
            });
        }
        self.size = size;
        self.by_id.insert(id, statement);
        Ok(())
    }

    fn remove(&mut self, id: u32) -> bool {
        match self.by_id.remove(&id) {
            Some(statement) => {
                self.size = self.size.saturating_sub(statement.size);
                true
            }
            None => false,
        }
    }
}

impl Server {
    /// Prepares a statement, in place of one that has its number.
    pub(super) fn prepare(&mut self, mut state: Box<LoggedIn>, prepare: Prepare) -> Next {
        let Prepare { stmt_id, stmt } = prepare;
        self.close_cursors_of(&mut state, stmt_id);
        state.statements.remove(stmt_id);
        let size = prost_len(&stmt);
        let (message, mut statement) = match read(stmt) {
            Ok(read) => read,
            Err(failure) => return self.fail_message(state, &failure),
        };
        statement.command = StatementCommand::Prepare;
        statement.statement_id = Some(stmt_id);
        statement.state.clone_from(&state.session);
        self.actions.push_back(Action::AskPrepared(statement));
        let new = (stmt_id, PreparedStatement { message, size });
        Ok(State::ExpectPrepared(state, Box::new(new)))
    }

    pub(super) fn prepared(
        &mut self,
        mut state: Box<LoggedIn>,
        new: (u32, PreparedStatement),
        prepared: Result<Prepared, Failure>,
    ) -> Next {
        let (id, mut statement) = new;
        let added = prepared.and_then(|prepared| {
            if let (Message::Text(text), Some(params)) = (&mut statement.message, prepared.params) {
                text.num_params = params.into();
            }
            let limit = self.options.max_allowed_packet;
            state.statements.add(id, statement, limit)
        });
        match added {
            Ok(()) => self.done(state, Ok(())),
            Err(failure) => self.fail_message(state, &failure),
        }
    }

    pub(super) fn execute(&mut self, state: Box<LoggedIn>, execute: &Execute) -> Next {
        match self.execution(&state, execute) {
            Ok((statement, asked)) => self.ask_with(state, statement, asked),
            Err(failure) => self.fail_message(state, &failure),
        }
    }

    /// What running a prepared statement asks.
    pub(super) fn execution(
        &mut self,
        state: &LoggedIn,
        execute: &Execute,
    ) -> Result<(Statement, Asked), Failure> {
        let id = execute.stmt_id;
        let prepared = state
            .statements
            .by_id
            .get(&id)
            .ok_or_else(|| not_prepared(id))?;
        let args = || scalars(&execute.args);
        let (mut statement, style) = match &prepared.message {
            Message::Text(text) => {
                if execute.args.len() < text.num_params {
                    let position = execute.args.len();
                    return Err(Failure::general(
                        5134,
                        format!(
                            "There is no argument for statement placeholder at position: {position}"
                        ),
                    ));
                }
                (Self::text_statement(text, &execute.args)?, Style::Sql)
            }
            Message::Find(find) => (Render::now(&args()?).find(find)?, Style::Find),
            Message::Update(update) => (Render::now(&args()?).update(update)?, Style::Change),
            Message::Delete(delete) => (Render::now(&args()?).delete(delete)?, Style::Change),
            Message::Insert(insert) => {
                let args = args()?;
                let mut ids = || self.document_id();
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

    pub(super) fn ask_with(
        &mut self,
        state: Box<LoggedIn>,
        mut statement: Statement,
        asked: Asked,
    ) -> Next {
        statement.state.clone_from(&state.session);
        self.actions.push_back(Action::AskReply(statement));
        Ok(State::ExpectReply(state, asked))
    }

    pub(super) fn deallocate(&mut self, mut state: Box<LoggedIn>, id: u32) -> Next {
        self.close_cursors_of(&mut state, id);
        if state.statements.remove(id) {
            return self.done(state, Ok(()));
        }
        self.fail_message(state, &not_prepared(id))
    }
}

/// A prepared message, and the statement that is prepared by it.
fn read(stmt: OneOfMessage) -> Result<(Message, Statement), Failure> {
    let empty = || Failure::general(5113, "Invalid name of table/collection");
    Ok(match OneOfMessageType::try_from(stmt.r#type) {
        Ok(OneOfMessageType::Stmt) => {
            let execute = stmt
                .stmt_execute
                .ok_or_else(|| Failure::general(1065, "Query was empty"))?;
            if execute.namespace_or_default() != "sql" {
                return Err(Failure::general(5162, "Expected namespace 'sql'"));
            }
            let stmt = Bytes::copy_from_slice(&execute.stmt);
            let placeholders =
                crate::placeholders::count(&stmt, crate::placeholders::Dialect::default());
            let text = Text {
                num_params: placeholders,
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
            let (statement, _) = Render::later().insert(&insert, &mut String::new)?;
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
        Err(_) => return Err(Failure::general(5000, "Unknown statement type to prepare")),
    })
}

fn scalars(args: &[Any]) -> Result<Vec<Scalar>, Failure> {
    args.iter()
        .map(|arg| match arg.value() {
            Some(mynah_x::datatypes::AnyValue::Scalar(scalar)) => Ok(scalar.clone()),
            _ => Err(Failure::general(5003, "Invalid data, expecting scalar")),
        })
        .collect()
}

/// About how much memory a message takes.
fn prost_len(stmt: &OneOfMessage) -> usize {
    prost::Message::encoded_len(stmt)
}

/// How many statements a session may have, as many as a server's sessions together by default.
const MAX_STATEMENTS: usize = 16_382;
/// How many statements of the longest size a session may have.
const TEXTS: usize = 4;
