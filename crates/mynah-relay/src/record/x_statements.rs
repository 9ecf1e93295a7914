use std::collections::HashMap;

use mynah_expect::Command;
use mynah_recording::{Entry, HIDDEN, Param, Protocol, Text};
use mynah_session::Statement;
use mynah_session::sql::Settings;
use mynah_session::x::{prepared_statement, statement};
use mynah_sql::{TokenKind, Tokens};
use mynah_x::ClientMessage;
use mynah_x::prepare::{Execute, OneOfMessage, OneOfMessageType};

use super::entry::entry;
use super::params;
use crate::GateCommand;
use crate::trace::{CommandText, Given, Rules, in_literals, x_value};

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
        self.entry(&message, &text, Rules::default())
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
    pub(super) fn entry(
        &self,
        message: &ClientMessage,
        text: &CommandText,
        rules: Rules<'_>,
    ) -> Option<Entry> {
        let base = entry(text, Protocol::X);
        match message {
            ClientMessage::StmtExecute(execute) if execute.namespace_or_default() == "sql" => {
                let args = params::x(&execute.args, &text.given.parameters);
                Some(Entry {
                    params: (!args.is_empty()).then_some(args),
                    ..base
                })
            }
            ClientMessage::Execute(execute) => self.executed(execute, base, text, rules),
            ClientMessage::CursorOpen(open) => {
                self.executed(open.stmt.prepare_execute.as_ref()?, base, text, rules)
            }
            message => Some(of_message(base, statement(message)?, text, rules)),
        }
    }

    fn executed(
        &self,
        execute: &Execute,
        base: Entry,
        text: &CommandText,
        rules: Rules<'_>,
    ) -> Option<Entry> {
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
            rules,
        ))
    }
}

/// An entry for what isn't SQL: its text, and of a command its arguments. If it is about a password, all values are
/// hidden.
fn of_message(base: Entry, statement: Statement, text: &CommandText, rules: Rules<'_>) -> Entry {
    let arguments = statement.x.and_then(|request| request.arguments);
    let (stmt, params) = match text.is_secret {
        true => {
            let reading = Settings::of_x().reading();
            let mut secrets = rules.secrets(&statement.text, &Settings::of_x());
            for token in Tokens::new(&statement.text, reading) {
                if matches!(token.kind, TokenKind::Text | TokenKind::Number) {
                    secrets.add(token.range);
                }
            }
            let hidden = in_literals(&statement.text, &secrets, reading);
            (hidden, arguments.map(|_| HIDDEN.to_owned()))
        }
        false => (statement.text, arguments),
    };
    Entry {
        stmt: Text(String::from_utf8_lossy(&stmt).into_owned()),
        params: params.map(|arguments| vec![Param::Text(arguments)]),
        command: Some(Command::from(statement.command).name().to_owned()),
        ..base
    }
}

/// How many statements of a connection are known.
const MOST_STATEMENTS: usize = 16_382;
