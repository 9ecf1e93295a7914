use std::collections::HashSet;

use bytes::{Bytes, BytesMut};
use mynah_session::observe::Direction;
use mynah_session::observe::x::{Answer, Message};
use mynah_x::datatypes::{Any, AnyValue, ScalarValue};
use mynah_x::prepare::{Execute, Prepare};
use mynah_x::sql::StmtExecute;
use mynah_x::{
    ClientMessage, ClientMessageType, Frame, Message as _, ServerMessageType, notice, status,
};

use crate::trace::secrets::Secrets;

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
}

impl Redaction {
    /// A message with stars for what is secret in it, so that all else stands where it stood.
    pub(super) fn masked(&mut self, message: &Message) -> Bytes {
        match message.direction {
            Direction::Client => self.of_client(message),
            Direction::Server => self.of_server(message),
        }
    }

    /// An answer is complete.
    pub(super) fn completed(&mut self, answer: &Answer) {
        self.asked.remove(&answer.number);
    }

    fn of_client(&mut self, message: &Message) -> Bytes {
        let mut mask = Mask::of(&message.payload);
        let frame = Frame {
            message_type: message.message_type,
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
            Ok(ClientMessage::StmtExecute(statement)) => mask.statement(&statement),
            Ok(ClientMessage::Prepare(prepare)) => self.prepare(&prepare, &mut mask),
            Ok(ClientMessage::Execute(execute)) => self.execute(&execute, &mut mask),
            Ok(ClientMessage::CursorOpen(open)) => match &open.stmt.prepare_execute {
                Some(execute) => self.execute(execute, &mut mask),
                None => false,
            },
            Ok(ClientMessage::Deallocate(deallocate)) => {
                self.statements.remove(&deallocate.stmt_id);
                false
            }
            Ok(_) => false,
            Err(_) => self.unreadable(message, &mut mask),
        };
        if let (true, Some(number)) = (is_secret, message.number) {
            self.asked.insert(number);
        }
        mask.masked()
    }

    fn prepare(&mut self, prepare: &Prepare, mask: &mut Mask) -> bool {
        let statement = prepare.stmt.stmt_execute.as_deref();
        if !statement.is_some_and(|statement| mask.statement(statement)) {
            self.statements.remove(&prepare.stmt_id);
            return false;
        }
        if self.statements.len() < MAX_STATEMENTS {
            self.statements.insert(prepare.stmt_id);
        } else {
            self.all_statements = true;
        }
        true
    }

    fn execute(&self, execute: &Execute, mask: &mut Mask) -> bool {
        let is_secret = self.all_statements || self.statements.contains(&execute.stmt_id);
        if is_secret {
            execute.args.iter().for_each(|arg| mask.value(arg));
        }
        is_secret
    }

    /// It is cut, or not what it says it is.
    fn unreadable(&mut self, message: &Message, mask: &mut Mask) -> bool {
        let message_type = ClientMessageType(message.message_type);
        if message_type == ClientMessageType::PREPARE_PREPARE {
            // Nobody knows which one it was, nor what was in it.
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
            _ => !Secrets::of(&message.payload).is_empty(),
        };
        if is_login || is_secret {
            mask.hide_all();
        }
        let is_cut = message.len > message.payload.len() as u64;
        is_secret || (is_cut && has_statement(message_type))
    }

    /// Servers quote what they don't understand.
    fn of_server(&self, message: &Message) -> Bytes {
        let payload = &message.payload;
        if !message
            .number
            .is_some_and(|number| self.asked.contains(&number))
        {
            return payload.clone();
        }
        let mut mask = Mask::of(payload);
        match ServerMessageType(message.message_type) {
            ServerMessageType::ERROR => match status::Error::from_payload(payload) {
                Ok(error) => {
                    let msg = "*".repeat(error.msg.len());
                    return status::Error { msg, ..error }.to_payload();
                }
                Err(_) => mask.hide_all(),
            },
            ServerMessageType::NOTICE => match notice::Frame::from_payload(payload) {
                Ok(frame) if frame.r#type == notice::FrameType::Warning as u32 => {
                    frame.payload.iter().for_each(|inner| mask.hide(inner));
                }
                Ok(_) => {}
                Err(_) => mask.hide_all(),
            },
            _ => {}
        }
        mask.masked()
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

/// A payload that stars are put into.
struct Mask {
    payload: Bytes,
    masked: Option<BytesMut>,
}

impl Mask {
    fn of(payload: &Bytes) -> Self {
        Self {
            payload: payload.clone(),
            masked: None,
        }
    }

    fn masked(self) -> Bytes {
        self.masked.map_or(self.payload, BytesMut::freeze)
    }

    /// Hides a part, which shares its memory with the payload.
    fn hide(&mut self, part: &Bytes) {
        if part.is_empty() {
            return;
        }
        let start = (part.as_ptr() as usize).checked_sub(self.payload.as_ptr() as usize);
        let range = start.and_then(|start| Some(start..start.checked_add(part.len())?));
        let masked = self
            .masked
            .get_or_insert_with(|| BytesMut::from(&self.payload[..]));
        match range.and_then(|range| masked.get_mut(range)) {
            Some(place) => place.fill(b'*'),
            None => masked.fill(b'*'),
        }
    }

    fn hide_all(&mut self) {
        self.hide(&self.payload.clone());
    }

    /// Hides the passwords of a statement, and all of its arguments if it has any; says whether
    /// there are some.
    fn statement(&mut self, statement: &StmtExecute) -> bool {
        let secrets = Secrets::of(&statement.stmt);
        if secrets.is_empty() {
            return false;
        }
        for range in secrets.ranges {
            self.hide(&statement.stmt.slice(range));
        }
        statement.args.iter().for_each(|arg| self.value(arg));
        true
    }

    fn value(&mut self, value: &Any) {
        match value.value() {
            Some(AnyValue::Scalar(scalar)) => match scalar.value() {
                Some(ScalarValue::String(text)) => self.hide(&text.value),
                Some(ScalarValue::Octets(octets)) => self.hide(&octets.value),
                Some(ScalarValue::Null) => {}
                // Where a number stands is not known.
                _ => self.hide_all(),
            },
            Some(AnyValue::Object(object)) => {
                object.fld.iter().for_each(|field| self.value(&field.value));
            }
            Some(AnyValue::Array(array)) => array.value.iter().for_each(|item| self.value(item)),
            None => self.hide_all(),
        }
    }
}

/// How many statements of a connection are known.
pub(super) const MAX_STATEMENTS: usize = 16_382;
