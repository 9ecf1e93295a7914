use std::sync::Arc;

use bytes::Bytes;
use mynah_session::observe::{self, Command};
use mynah_session::sql::{Secrets, Settings};
use mynah_x::prepare::Execute;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::redact::{has_statement, is_crud_secret};
use super::state::{Text, X};
use super::values::value;
use crate::trace::shown::Shown;

/// What a command asks for, in words, and its values.
pub(super) struct InWords {
    pub(super) sql: Bytes,
    pub(super) parameters: Vec<Shown>,
    /// Whether it may be about a password without a trace of it.
    pub(super) is_unknown: bool,
    /// What must not be shown of it, if that is known by now.
    pub(super) secrets: Option<Arc<Secrets>>,
}

fn is_sql(statement: &StmtExecute) -> bool {
    statement.namespace_or_default() == "sql"
}

impl X {
    pub(super) fn in_words(
        &mut self,
        command: &Command,
        message_type: ClientMessageType,
        found: Option<Arc<Secrets>>,
    ) -> InWords {
        let frame = Frame {
            message_type: message_type.0,
            payload: command.payload.clone(),
        };
        let Ok(message) = ClientMessage::from_frame(&frame) else {
            return self.unreadable(command, message_type);
        };
        let words = observe::in_words(&message);
        let sql = match message {
            ClientMessage::StmtExecute(statement) => {
                return InWords {
                    sql: words,
                    parameters: statement.args.iter().map(value).collect(),
                    is_unknown: false,
                    secrets: found.filter(|_| is_sql(&statement)),
                };
            }
            ClientMessage::Execute(execute) => return self.executed(&execute),
            ClientMessage::CursorOpen(open) => match &open.stmt.prepare_execute {
                Some(execute) => return self.executed(execute),
                None => Bytes::new(),
            },
            ClientMessage::Prepare(prepare) => {
                let statement = prepare.stmt.stmt_execute.as_deref();
                let rules = self.options.rules();
                let found = found.filter(|_| statement.is_some_and(is_sql));
                let text = Text {
                    secrets: found
                        .unwrap_or_else(|| Arc::new(rules.secrets(&words, &Settings::of_x()))),
                    words,
                    is_secret: statement.is_none() && is_crud_secret(&command.payload, rules),
                };
                self.prepared.insert(prepare.stmt_id, &text);
                return InWords {
                    sql: text.words,
                    parameters: Vec::new(),
                    is_unknown: text.is_secret,
                    secrets: Some(text.secrets),
                };
            }
            ClientMessage::Deallocate(deallocate) => {
                let text = self.prepared.remove(deallocate.stmt_id);
                text.unwrap_or_default().words
            }
            _ => words,
        };
        InWords {
            sql,
            parameters: Vec::new(),
            is_unknown: false,
            secrets: None,
        }
    }

    fn executed(&self, execute: &Execute) -> InWords {
        let text = self.prepared.text(execute.stmt_id);
        let is_unknown = match &text {
            Some(text) => text.is_secret,
            None => self.prepared.is_incomplete,
        };
        InWords {
            is_unknown,
            secrets: text.as_ref().map(|text| Arc::clone(&text.secrets)),
            sql: text.unwrap_or_default().words,
            parameters: execute.args.iter().map(value).collect(),
        }
    }

    /// Describes a message that can't be decoded, because it was cut off or isn't valid.
    fn unreadable(&mut self, command: &Command, message_type: ClientMessageType) -> InWords {
        let is_cut = command.is_cut();
        if is_cut && message_type == ClientMessageType::PREPARE_PREPARE {
            self.prepared.is_incomplete = true;
        }
        InWords {
            sql: Bytes::new(),
            parameters: Vec::new(),
            is_unknown: is_cut && has_statement(message_type),
            secrets: None,
        }
    }
}
