use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use mynah_session::observe::{Answer, Direction, Message};
use mynah_session::sql::{Secrets, Settings, is_password_name, mentions_password};
use mynah_x::datatypes::{Any, AnyValue, ScalarValue};
use mynah_x::prepare::{Execute, Prepare};
use mynah_x::resultset::ColumnMetaData;
use mynah_x::sql::StmtExecute;
use mynah_x::{
    ClientMessage, ClientMessageType, Frame, Message as _, ServerMessageType, notice, status,
};

use super::values::value as shown;
use crate::trace::redact::{Mask, Names, Rules, shows_warnings};

/// Puts stars in the place of what is secret in messages, and knows what is about a password. It is
/// shown every message, in order: a client may use a statement before the server has said that it is
/// prepared.
#[derive(Debug, Default)]
pub(super) struct Redaction {
    /// The prepared statements that are about a password.
    statements: HashSet<u32>,
    /// There are too many of them to know which.
    all_statements: bool,
    /// What was asked for that is, and has no answer yet.
    asked: HashSet<u64>,
    /// What was found in statements that have no answer yet.
    found: HashMap<u64, Arc<Secrets>>,
    /// The server's warnings may be about a statement that is hidden.
    warnings_are_secret: bool,
    /// The command that they answer.
    asks_for_warnings: Option<u64>,
}

impl Redaction {
    /// A message with stars for what is secret in it, so that all else stands where it stood.
    pub(super) fn masked(
        &mut self,
        message: &Message,
        message_type: u8,
        rules: Rules<'_>,
    ) -> Bytes {
        match message.direction {
            Direction::Client => self.of_client(message, message_type, rules),
            Direction::Server => self.of_server(message, message_type, rules),
        }
    }

    /// Notes a prepared statement that is about a password.
    pub(super) fn note_secret(&mut self, id: u32) {
        if self.statements.len() < MAX_STATEMENTS {
            self.statements.insert(id);
        } else {
            self.all_statements = true;
        }
    }

    /// Begins in the middle of a connection: statements that aren't known, and the one that warnings are about, may be
    /// about a password.
    pub(super) fn join(&mut self, knows_all_statements: bool) {
        self.all_statements |= !knows_all_statements;
        self.warnings_are_secret = true;
    }

    /// An answer is complete; gives what was found in the statement, if it was looked at.
    pub(super) fn completed(&mut self, answer: &Answer) -> Option<Arc<Secrets>> {
        self.asked.remove(&answer.command.number);
        self.found.remove(&answer.command.number)
    }

    /// Whether what was asked for is about a password.
    pub(super) fn is_secret(&self, number: u64) -> bool {
        self.asked.contains(&number)
    }

    /// Whether its rows may quote one.
    pub(super) fn hides_rows(&self, number: u64) -> bool {
        self.asks_for_warnings == Some(number)
    }

    fn asks_for_warnings(&mut self, execute: &StmtExecute, number: Option<u64>) {
        if self.warnings_are_secret
            && (execute.namespace_or_default() != "sql" || shows_warnings(&execute.stmt))
        {
            self.asks_for_warnings = number;
        }
    }

    fn of_client(&mut self, message: &Message, message_type: u8, rules: Rules<'_>) -> Bytes {
        let mut mask = Mask::of(&message.payload);
        let frame = Frame {
            message_type,
            payload: message.payload.clone(),
        };
        let is_secret = match ClientMessage::from_frame(&frame) {
            Ok(ClientMessage::AuthenticateStart(start)) => {
                start.auth_data.iter().for_each(|data| mask.hide(data));
                let response = start.initial_response.iter();
                response.for_each(|data| mask.hide(data));
                false
            }
            Ok(ClientMessage::AuthenticateContinue(more)) => {
                mask.hide(&more.auth_data);
                false
            }
            Ok(ClientMessage::StmtExecute(execute)) => {
                self.asks_for_warnings(&execute, message.command);
                self.statement(&mut mask, &execute, message.command, rules)
            }
            Ok(ClientMessage::Prepare(prepare)) => {
                self.prepare(&prepare, message, &mut mask, rules)
            }
            Ok(ClientMessage::Execute(execute)) => self.execute(&execute, &mut mask, rules),
            Ok(ClientMessage::CursorOpen(open)) => match &open.stmt.prepare_execute {
                Some(execute) => self.execute(execute, &mut mask, rules),
                None => false,
            },
            Ok(ClientMessage::Deallocate(deallocate)) => {
                self.statements.remove(&deallocate.stmt_id);
                false
            }
            Ok(
                ClientMessage::Find(_)
                | ClientMessage::Insert(_)
                | ClientMessage::Update(_)
                | ClientMessage::Delete(_),
            ) if is_crud_secret(&message.payload, rules) => {
                mask.hide_from(0);
                true
            }
            Ok(_) => false,
            Err(_) => self.unreadable(message, ClientMessageType(message_type), &mut mask, rules),
        };
        if let (true, Some(number)) = (is_secret, message.command) {
            self.asked.insert(number);
            self.warnings_are_secret = true;
        }
        mask.masked()
    }

    /// Hides the passwords of a statement, and all of its arguments if it has any. Returns whether it has.
    fn statement(
        &mut self,
        mask: &mut Mask,
        statement: &StmtExecute,
        number: Option<u64>,
        rules: Rules<'_>,
    ) -> bool {
        let secrets = rules.secrets(&statement.stmt, &Settings::of_x());
        let mut hides = !secrets.is_empty();
        for range in &secrets.ranges {
            mask.hide(statement.stmt.get(range.clone()).unwrap_or_default());
        }
        for arg in &statement.args {
            if !secrets.is_empty() || holds_secret(arg, rules) {
                value(mask, arg);
                hides = true;
            }
        }
        if let Some(number) = number {
            self.found.insert(number, Arc::new(secrets));
        }
        hides
    }

    fn prepare(
        &mut self,
        prepare: &Prepare,
        message: &Message,
        mask: &mut Mask,
        rules: Rules<'_>,
    ) -> bool {
        let is_secret = match prepare.stmt.stmt_execute.as_deref() {
            Some(execute) => self.statement(mask, execute, message.command, rules),
            None if is_crud_secret(&message.payload, rules) => {
                mask.hide_from(0);
                true
            }
            None => false,
        };
        if !is_secret {
            self.statements.remove(&prepare.stmt_id);
            return false;
        }
        self.note_secret(prepare.stmt_id);
        true
    }

    fn execute(&self, execute: &Execute, mask: &mut Mask, rules: Rules<'_>) -> bool {
        let is_secret = self.all_statements || self.statements.contains(&execute.stmt_id);
        let hides = is_secret || execute.args.iter().any(|arg| holds_secret(arg, rules));
        if hides {
            execute.args.iter().for_each(|arg| value(mask, arg));
        }
        hides
    }

    /// Hides a message that is cut off or isn't valid.
    fn unreadable(
        &mut self,
        message: &Message,
        message_type: ClientMessageType,
        mask: &mut Mask,
        rules: Rules<'_>,
    ) -> bool {
        if message_type == ClientMessageType::PREPARE_PREPARE {
            // The number of the statement may be in the part that is cut off, so each execution may be one of
            // it.
            self.all_statements |= message.len > message.payload.len() as u64;
        }
        let is_login = [
            ClientMessageType::SESS_AUTHENTICATE_START,
            ClientMessageType::SESS_AUTHENTICATE_CONTINUE,
        ]
        .contains(&message_type);
        let is_execution = self.all_statements || !self.statements.is_empty();
        let is_secret = match message_type {
            ClientMessageType::PREPARE_EXECUTE | ClientMessageType::CURSOR_OPEN => is_execution,
            _ => is_crud_secret(&message.payload, rules),
        };
        if is_login || is_secret {
            mask.hide_from(0);
        }
        let is_cut = message.len > message.payload.len() as u64;
        is_secret || (is_cut && has_statement(message_type))
    }

    /// Hides passwords in a server's message: servers quote statements that they don't understand.
    fn of_server(&mut self, message: &Message, message_type: u8, rules: Rules<'_>) -> Bytes {
        let payload = &message.payload;
        let mut mask = Mask::of(payload);
        let is_secret = message
            .command
            .is_some_and(|number| self.asked.contains(&number));
        match ServerMessageType(message_type) {
            ServerMessageType::RESULTSET_COLUMN_META_DATA => {
                match ColumnMetaData::from_payload(payload) {
                    Ok(column) => {
                        let names = names(&column);
                        if names.hides_name(is_secret, rules) {
                            mask.hide(names.name);
                        }
                    }
                    Err(_) if is_secret => mask.hide_from(0),
                    Err(_) => {}
                }
            }
            _ if !is_secret && !rules.match_text(payload) => {}
            ServerMessageType::ERROR => match status::Error::from_payload(payload) {
                Ok(error) => {
                    let msg = "*".repeat(error.msg.len());
                    return status::Error { msg, ..error }.to_payload();
                }
                Err(_) => mask.hide_from(0),
            },
            ServerMessageType::NOTICE => match notice::Frame::from_payload(payload) {
                Ok(frame) if frame.r#type == notice::FrameType::Warning as u32 => {
                    frame.payload.iter().for_each(|inner| mask.hide(inner));
                }
                Ok(_) => {}
                Err(_) => mask.hide_from(0),
            },
            _ => {}
        }
        mask.masked()
    }
}

/// Whether a message that reads or writes documents may have a password in it: a field's name or a
/// document says so.
pub(super) fn is_crud_secret(payload: &[u8], rules: Rules<'_>) -> bool {
    rules.hides && (mentions_password(payload) || rules.hide_value(payload))
}

pub(super) fn names(column: &ColumnMetaData) -> Names<'_> {
    Names {
        name: column.name.as_deref().unwrap_or_default(),
        org_name: column.original_name.as_deref().unwrap_or_default(),
        schema: column.schema.as_deref().unwrap_or_default(),
        org_table: column.original_table.as_deref().unwrap_or_default(),
    }
}

/// Whether it has a statement in SQL, or may be about one.
pub(super) fn has_statement(message_type: ClientMessageType) -> bool {
    [
        ClientMessageType::SQL_STMT_EXECUTE,
        ClientMessageType::PREPARE_PREPARE,
        ClientMessageType::PREPARE_EXECUTE,
        ClientMessageType::CURSOR_OPEN,
    ]
    .contains(&message_type)
}

/// Whether a document has a field whose name stands for a password, or a text with a password in it.
fn holds_secret(any: &Any, rules: Rules<'_>) -> bool {
    match any.value() {
        Some(AnyValue::Scalar(_)) => rules.hide_shown(&shown(any)),
        Some(AnyValue::Object(object)) => object.fld.iter().any(|field| {
            is_password_name(field.key.as_bytes()) || holds_secret(&field.value, rules)
        }),
        Some(AnyValue::Array(array)) => array.value.iter().any(|item| holds_secret(item, rules)),
        None => false,
    }
}

fn value(mask: &mut Mask, any: &Any) {
    match any.value() {
        Some(AnyValue::Scalar(scalar)) => match scalar.value() {
            Some(ScalarValue::String(text)) => mask.hide(&text.value),
            Some(ScalarValue::Octets(octets)) => mask.hide(&octets.value),
            Some(ScalarValue::Null) => {}
            // Where a number stands is not known.
            _ => mask.hide_from(0),
        },
        Some(AnyValue::Object(object)) => {
            object
                .fld
                .iter()
                .for_each(|field| value(mask, &field.value));
        }
        Some(AnyValue::Array(array)) => array.value.iter().for_each(|item| value(mask, item)),
        None => mask.hide_from(0),
    }
}

/// How many statements of a connection are known.
pub(super) const MAX_STATEMENTS: usize = 16_382;
