//! The server's side of a connection.

use bytes::Bytes;
use mynah_x::compress::Decompressor;
use mynah_x::datatypes::ScalarValue;
use mynah_x::notice::{self, FrameType, Parameter, SessionStateChanged};
use mynah_x::status::Error;
use mynah_x::{ClientMessageType, Message as _, ServerMessageType};

use super::follower::Follower;
use super::side::{Cut, HEADER};
use crate::observe::waiting::Pending;
use crate::observe::{Answer, CommandKind, Compression, Event, Message, Outcome, ServerError};

impl Follower {
    pub(super) fn answered(
        &mut self,
        cut: &Cut,
        message: Option<Message>,
        see: &mut impl FnMut(Event),
    ) {
        let message_type = ServerMessageType(cut.message_type);
        if let Some(message) = message {
            let command = self.waiting.number();
            see(Event::Message(Message { command, ..message }));
        }
        let Some(pending) = self.waiting.front_mut() else {
            if let (ServerMessageType::ERROR, Ok(error)) =
                (message_type, Error::from_payload(&cut.payload))
            {
                see(Event::Unasked(error.into()));
            }
            return;
        };
        let answer = &mut pending.answer;
        answer.received += cut.len + HEADER as u64;
        let outcome = match message_type {
            ServerMessageType::ERROR => Some(Outcome::Failed(
                Error::from_payload(&cut.payload).unwrap_or_default().into(),
            )),
            ServerMessageType::RESULTSET_ROW => {
                answer.rows += 1;
                None
            }
            ServerMessageType::RESULTSET_FETCH_DONE
            | ServerMessageType::RESULTSET_FETCH_SUSPENDED
            | ServerMessageType::RESULTSET_FETCH_DONE_MORE_RESULTSETS
            | ServerMessageType::RESULTSET_FETCH_DONE_MORE_OUT_PARAMS => {
                answer.results += 1;
                answer.result_sets += 1;
                None
            }
            ServerMessageType::NOTICE => {
                take_in(answer, &cut.payload);
                None
            }
            ServerMessageType::OK
            | ServerMessageType::CONN_CAPABILITIES
            | ServerMessageType::SESS_AUTHENTICATE_CONTINUE
            | ServerMessageType::SESS_AUTHENTICATE_OK
            | ServerMessageType::SQL_STMT_EXECUTE_OK => Some(Outcome::Done),
            _ => None,
        };
        let Some(outcome) = outcome else { return };
        if let Some(pending) = self.waiting.pop() {
            let command = pending.answer.command.kind;
            let failed = match &outcome {
                Outcome::Failed(error) => Some(error.clone()),
                _ => None,
            };
            self.finish(pending, outcome, see);
            if let CommandKind::X(command) = command {
                self.agreed(command, message_type, failed, see);
            }
        }
    }

    /// Applies what the client asked for, now that the server has agreed.
    fn agreed(
        &mut self,
        command: ClientMessageType,
        answer: ServerMessageType,
        failed: Option<ServerError>,
        see: &mut impl FnMut(Event),
    ) {
        match command {
            ClientMessageType::CON_CAPABILITIES_SET => {
                let tls = std::mem::take(&mut self.wants_tls);
                let compression = self.wants_compression.take();
                if answer != ServerMessageType::OK {
                    return;
                }
                if tls {
                    see(Event::TlsRequested);
                    self.encrypted = !self.tls_ends_here;
                }
                if let Some(algorithm) = compression {
                    self.client.inflate = Decompressor::new(algorithm).ok().map(Box::new);
                    self.server.inflate = Decompressor::new(algorithm).ok().map(Box::new);
                    see(Event::Compressed(Compression::X(algorithm)));
                }
            }
            ClientMessageType::SESS_AUTHENTICATE_START
            | ClientMessageType::SESS_AUTHENTICATE_CONTINUE => match failed {
                Some(error) => see(Event::Refused(error)),
                None if answer == ServerMessageType::SESS_AUTHENTICATE_OK => see(Event::LoggedIn),
                None => {}
            },
            _ => {}
        }
    }

    pub(super) fn finish(
        &mut self,
        mut pending: Pending<()>,
        outcome: Outcome,
        see: &mut impl FnMut(Event),
    ) {
        self.waiting.finish(&mut pending, outcome);
        let sql = match pending.answer.outcome {
            Outcome::Done => pending.answer.command.sql(),
            _ => None,
        };
        let identity = self.identity.after(&pending.answer, sql.as_deref());
        see(Event::Completed(pending.answer));
        if let Some(identity) = identity {
            self.identity.change_to(identity, see);
        }
    }
}

/// Takes the numbers (affected rows and the like) that the server sends before the end of a statement.
fn take_in(answer: &mut Answer, payload: &Bytes) {
    let Ok(frame) = notice::Frame::from_payload(payload) else {
        return;
    };
    let kind = i32::try_from(frame.r#type)
        .ok()
        .and_then(|kind| FrameType::try_from(kind).ok());
    match (kind, frame.payload) {
        (Some(FrameType::Warning), _) => {
            answer.warnings = answer.warnings.saturating_add(1);
        }
        (Some(FrameType::SessionStateChanged), Some(payload)) => {
            let Ok(changed) = SessionStateChanged::from_payload(&payload) else {
                return;
            };
            let first = changed.value.first().and_then(|scalar| scalar.value());
            match (Parameter::try_from(changed.param), first) {
                (Ok(Parameter::RowsAffected), Some(ScalarValue::Uint(number))) => {
                    answer.affected_rows = number;
                }
                (Ok(Parameter::GeneratedInsertId), Some(ScalarValue::Uint(number))) => {
                    answer.last_insert_id = number;
                }
                (Ok(Parameter::CurrentSchema), Some(ScalarValue::String(schema))) => {
                    answer.schema = Some(schema.value.clone());
                }
                _ => {}
            }
        }
        _ => {}
    }
}
