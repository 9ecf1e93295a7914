use std::collections::HashMap;

use mynah_expect::Command;
use mynah_recording::{Entry, Param, Protocol, Text};
use mynah_session::Statement;
use mynah_session::x::{prepared_statement, statement};
use mynah_x::ClientMessage;
use mynah_x::prepare::{Execute, OneOfMessage, OneOfMessageType};

use super::entry::entry;
use super::hiding::HIDDEN;
use super::params;
use crate::GateCommand;
use crate::trace::{CommandText, Given, x_value};

/// The statements that a connection of the X Protocol has prepared: by them, the commands of the connection become
/// entries of a recording.
#[derive(Debug, Default)]
pub struct XStatements(HashMap<u32, OneOfMessage>);

impl XStatements {
    /// The server has prepared a statement.
    pub(super) fn prepared(&mut self, id: u32, stmt: OneOfMessage) {
        if self.0.len() < MOST_STATEMENTS {
            self.0.insert(id, stmt);
        }
    }

    /// The statement that a command runs, with its values, as the entry of a recording has it: without answers, and with
    /// the id of a test that the statement may have. `None` if the command runs no statement, has more than 64 KiB, or
    /// executes a prepared statement of which these statements don't know. What the command prepares is noted for later
    /// commands.
    pub fn call(&mut self, command: &GateCommand<'_>) -> Option<Entry> {
        let message = command.x_message()?;
        match &message {
            ClientMessage::Prepare(prepare) => {
                self.remove(prepare.stmt_id);
                if command.is_whole() {
                    self.prepared(prepare.stmt_id, prepare.stmt.clone());
                }
                return None;
            }
            ClientMessage::Deallocate(deallocate) => self.remove(deallocate.stmt_id),
            ClientMessage::Reset(_) | ClientMessage::SessionClose(_) => self.clear(),
            _ => {}
        }
        if !command.is_whole() {
            return None;
        }
        let text = self.text(&message);
        self.entry(&message, &text)
    }

    /// The text and the values of a message, with nothing hidden.
    fn text(&self, message: &ClientMessage) -> CommandText {
        let sql_of = |execute: &Execute| {
            let stmt = self.0.get(&execute.stmt_id)?;
            Some(stmt.stmt_execute.as_ref()?.stmt.clone())
        };
        let (sql, args) = match message {
            ClientMessage::StmtExecute(execute) => (Some(execute.stmt.clone()), &*execute.args),
            ClientMessage::Execute(execute) => (sql_of(execute), &*execute.args),
            ClientMessage::CursorOpen(open) => match &open.stmt.prepare_execute {
                Some(execute) => (sql_of(execute), &*execute.args),
                None => (None, &[][..]),
            },
            _ => (None, &[][..]),
        };
        CommandText {
            sql: sql.unwrap_or_default(),
            foreign: None,
            given: Given {
                parameters: args.iter().map(x_value).collect(),
                ..Given::default()
            },
            is_secret: false,
        }
    }

    pub(super) fn remove(&mut self, id: u32) {
        self.0.remove(&id);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// A message as an entry, if it runs a statement; nothing of one that was not seen.
    pub(super) fn entry(&self, message: &ClientMessage, text: &CommandText) -> Option<Entry> {
        let base = entry(text, Protocol::X);
        match message {
            ClientMessage::StmtExecute(execute) if execute.namespace_or_default() == "sql" => {
                let args = params::x(&execute.args, &text.given.parameters);
                Some(Entry {
                    params: (!args.is_empty()).then_some(args),
                    ..base
                })
            }
            ClientMessage::Execute(execute) => self.executed(execute, base, text),
            ClientMessage::CursorOpen(open) => {
                self.executed(open.stmt.prepare_execute.as_ref()?, base, text)
            }
            message => Some(of_message(base, statement(message)?, text)),
        }
    }

    fn executed(&self, execute: &Execute, base: Entry, text: &CommandText) -> Option<Entry> {
        let stmt = self.0.get(&execute.stmt_id)?;
        if OneOfMessageType::try_from(stmt.r#type) == Ok(OneOfMessageType::Stmt) {
            return Some(Entry {
                params: Some(params::x(&execute.args, &text.given.parameters)),
                ..base
            });
        }
        Some(of_message(
            base,
            prepared_statement(stmt, &execute.args)?,
            text,
        ))
    }
}

/// An entry for what isn't SQL: its text, and of a command its arguments.
fn of_message(base: Entry, statement: Statement, text: &CommandText) -> Entry {
    let arguments = statement.x.and_then(|request| request.arguments);
    let (stmt, params) = match text.is_secret {
        true => (HIDDEN.to_owned(), arguments.map(|_| HIDDEN.to_owned())),
        false => (
            String::from_utf8_lossy(&statement.text).into_owned(),
            arguments,
        ),
    };
    Entry {
        stmt: Text(stmt),
        params: params.map(|arguments| vec![Param::Text(arguments)]),
        command: Some(Command::from(statement.command).name().to_owned()),
        ..base
    }
}

/// How many statements of a connection are known.
const MOST_STATEMENTS: usize = 16_382;
