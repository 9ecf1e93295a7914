//! What is told of connections of the X Protocol.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use mynah_classic::command::CommandCode;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_session::observe::x::{Answer, Event, Loss, Message, Outcome};
use mynah_session::observe::{self, Asked, Direction};
use mynah_x::ServerMessageType;
use mynah_x::crud::Collection;
use mynah_x::resultset::{ColumnMetaData, Row};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, ClientMessageType, Frame, Message as _, ServerMessage};

use super::connection::ConnectionTrace;
use super::decoded::Decoded;
use super::fields::{Field, documented};
use super::record::{About, Packet, Record, Shown};
use super::secrets::Secrets;
use super::x_values::{cell, prepared, value, words};
use super::{Format, json, text};

impl ConnectionTrace {
    /// Something was seen. `latency` is that of what is completed.
    pub(crate) fn saw_x(
        &mut self,
        event: &Event,
        about: &About,
        now: SystemTime,
        latency: Duration,
    ) {
        if self.trace.options.format == Format::Hex {
            if let Event::Message(message) = event {
                self.hex_x(message);
            }
            return self.give_away(about);
        }
        match event {
            Event::Login(who) if self.trace.options.format == Format::Json => {
                let time = self.time(now);
                json::Object::begin(&mut self.out, &time, "login", about)
                    .text("user", &who.user)
                    .text("schema", &who.schema)
                    .text("method", who.mechanism.as_bytes())
                    .end();
            }
            Event::Login(who) => {
                let words = [&who.user[..], b", ", who.mechanism.as_bytes()].concat();
                self.note(about, now, "login", "user", &words);
            }
            Event::LoggedIn => self.note(about, now, "logged_in", "logged in", b""),
            Event::TlsStarts => self.note(about, now, "tls_requested", "asked for TLS", b""),
            Event::Compressed(algorithm) => {
                let name = algorithm.name().as_bytes();
                self.note(about, now, "compressed", "compresses", name);
            }
            Event::Refused(error) => {
                let text = format!("ERROR {} {}", error.code, error.msg);
                self.note(about, now, "refused", "the server says", text.as_bytes());
            }
            Event::Lost(loss) => {
                self.note(about, now, "lost", "no more is seen", lost(loss).as_bytes());
            }
            Event::Started { .. } => {}
            Event::Message(message) => self.message_x(message, about, now),
            Event::Completed(answer) => self.completed_x(answer, about, now, latency),
        }
        self.give_away(about);
    }

    fn completed_x(&mut self, answer: &Answer, about: &About, now: SystemTime, latency: Duration) {
        let is_login = answer.message_type.0 <= ClientMessageType::SESS_AUTHENTICATE_CONTINUE.0
            && answer.message_type != ClientMessageType::CON_CLOSE;
        if self.trace.options.level < 1 || is_login {
            return;
        }
        let (sql, parameters) = self.asked_x(answer);
        let secrets = if self.trace.options.show_secrets {
            Secrets::default()
        } else {
            Secrets::of(&sql)
        };
        let parameters = if secrets.parameters {
            vec![Shown::Hidden; parameters.len()]
        } else {
            parameters
        };
        let hidden = super::connection::without(&sql, &secrets);
        let record = Record {
            about,
            answer: &as_classic(answer),
            command: name(answer.message_type),
            sql: &hidden,
            latency,
            parameters: &parameters,
            secret: !secrets.is_empty(),
        };
        let wanted = self.is_wanted(&record);
        let held = std::mem::take(&mut self.held_x);
        if wanted {
            self.out.push_str(&held);
            let time = self.time(now);
            match self.trace.options.format {
                Format::Json => json::command(&mut self.out, &time, &record),
                _ => text::command(&mut self.out, self.style, &time, &record),
            }
        }
    }

    /// What was asked for, in words, and its values.
    fn asked_x(&mut self, answer: &Answer) -> (Bytes, Vec<Shown>) {
        let frame = Frame {
            message_type: answer.message_type.0,
            payload: answer.payload.clone(),
        };
        let of = |collection: &Collection| -> Bytes {
            let schema = collection.schema.as_deref().unwrap_or_default();
            format!("{schema}.{}", collection.name).into()
        };
        let none = Vec::new();
        match ClientMessage::from_frame(&frame) {
            Ok(ClientMessage::StmtExecute(statement)) => (
                words(&statement),
                statement.args.iter().map(value).collect(),
            ),
            Ok(ClientMessage::Find(find)) => (of(&find.collection), none),
            Ok(ClientMessage::Insert(insert)) => (of(&insert.collection), none),
            Ok(ClientMessage::Update(update)) => (of(&update.collection), none),
            Ok(ClientMessage::Delete(delete)) => (of(&delete.collection), none),
            Ok(ClientMessage::Prepare(prepare)) => {
                let text = prepared(&prepare, of);
                if self.prepared_x.len() < MAX_PREPARED {
                    self.prepared_x.insert(prepare.stmt_id, text.clone());
                }
                (text, none)
            }
            Ok(ClientMessage::Execute(execute)) => {
                let text = self.prepared_x.get(&execute.stmt_id).cloned();
                (
                    text.unwrap_or_default(),
                    execute.args.iter().map(value).collect(),
                )
            }
            Ok(ClientMessage::Deallocate(deallocate)) => {
                let text = self.prepared_x.remove(&deallocate.stmt_id);
                (text.unwrap_or_default(), none)
            }
            _ => (Bytes::new(), none),
        }
    }

    fn message_x(&mut self, message: &Message, about: &About, now: SystemTime) {
        let options = &self.trace.options;
        let level = options.level;
        let payload = if options.show_secrets {
            message.payload.clone()
        } else {
            masked(message)
        };
        let time = self.time(now);
        if level >= 3 {
            let packet = Packet {
                direction: message.direction,
                sequence_id: message.message_type,
                len: message.len,
                decoded: decoded(message, &payload),
                bytes: (level >= 4).then_some(&payload[..]),
                number: message.number,
            };
            self.packet(&packet, about, &time);
        }
        if message.direction == Direction::Server {
            self.cells_x(message, about, &time);
        }
        if self.trace.options.filter.is_some() {
            if self.held_x.len() < super::connection::MOST_HELD {
                self.held_x.push_str(&self.out);
            }
            self.out.clear();
        }
    }

    /// Columns and rows.
    fn cells_x(&mut self, message: &Message, about: &About, time: &str) {
        let is_json = self.trace.options.format == Format::Json;
        let number = message.number.unwrap_or_default();
        match ServerMessageType(message.message_type) {
            ServerMessageType::RESULTSET_COLUMN_META_DATA => {
                if std::mem::take(&mut self.rows_x) {
                    self.columns_x.clear();
                }
                let Ok(column) = ColumnMetaData::from_payload(&message.payload) else {
                    return;
                };
                self.columns_x.push(column.field_type());
                let field_type = match column.field_type() {
                    Some(field_type) => documented(&field_type),
                    None => column.r#type.to_string(),
                };
                let name = column.name.unwrap_or_default();
                if is_json {
                    json::Object::begin(&mut self.out, time, "column", about)
                        .number("number", number)
                        .text("name", &name)
                        .text("type", field_type.as_bytes())
                        .end();
                } else {
                    text::column_x(
                        &mut self.out,
                        self.style,
                        about.connection,
                        &name,
                        &field_type,
                    );
                }
            }
            ServerMessageType::RESULTSET_ROW => {
                self.rows_x = true;
                let Ok(row) = Row::from_payload(&message.payload) else {
                    return;
                };
                let cells = row.field.iter().zip(&self.columns_x);
                let cells: Vec<_> = cells.map(|(bytes, kind)| cell(bytes, *kind)).collect();
                if is_json {
                    json::row(&mut self.out, time, about, number, &cells);
                } else {
                    text::row(&mut self.out, self.style, about.connection, &cells);
                }
            }
            ServerMessageType::SQL_STMT_EXECUTE_OK | ServerMessageType::ERROR => {
                self.columns_x.clear();
            }
            _ => {}
        }
    }

    /// As the fixtures of the X Protocol have it: the type in place of a sequence id.
    fn hex_x(&mut self, message: &Message) {
        let payload = if self.trace.options.show_secrets {
            message.payload.clone()
        } else {
            masked(message)
        };
        super::hex::frame(
            &mut self.out,
            message.direction,
            message.message_type,
            &payload,
        );
    }
}

/// So that one record serves both protocols.
fn as_classic(answer: &Answer) -> observe::Answer {
    observe::Answer {
        asked: Asked {
            number: answer.number,
            code: CommandCode(answer.message_type.0),
            payload: Bytes::new(),
            len: 0,
            executed: None,
        },
        outcome: match &answer.outcome {
            Outcome::Done => observe::Outcome::Done,
            Outcome::Failed(error) => observe::Outcome::Failed(ErrPacket {
                error_code: u16::try_from(error.code).unwrap_or(u16::MAX),
                sql_state: error.sql_state.as_bytes().try_into().ok().map(SqlState),
                error_message: error.msg.clone().into(),
            }),
            Outcome::CutOff => observe::Outcome::CutOff,
        },
        rows: answer.rows,
        results: answer.results,
        result_sets: answer.results,
        sent: answer.sent,
        received: answer.received,
        affected_rows: answer.affected_rows,
        last_insert_id: answer.last_insert_id,
        warnings: answer.warnings,
        status_flags: Default::default(),
    }
}

/// The message's name without that of its package.
pub(crate) fn name(message_type: ClientMessageType) -> &'static str {
    let name = message_type.name().unwrap_or("UNKNOWN");
    ["SQL_", "CRUD_", "SESS_", "CON_"]
        .iter()
        .find_map(|package| name.strip_prefix(package))
        .unwrap_or(name)
}

fn decoded(message: &Message, payload: &Bytes) -> Decoded {
    let frame = Frame {
        message_type: message.message_type,
        payload: payload.clone(),
    };
    let decoded = match message.direction {
        Direction::Client => ClientMessage::from_frame(&frame)
            .map(|message| (message.name(), Box::new(message) as Box<dyn Field>)),
        Direction::Server => ServerMessage::from_frame(&frame)
            .map(|message| (message.name(), Box::new(message) as Box<dyn Field>)),
    };
    match decoded {
        Ok((name, fields)) => Decoded {
            fields: Some(fields),
            ..Decoded::plain(name)
        },
        Err(error) => Decoded::undecodable(&error),
    }
}

/// A message with stars for what is secret in it.
fn masked(message: &Message) -> Bytes {
    let payload = &message.payload;
    let stars = |part: &Bytes| {
        let start = (part.as_ptr() as usize).saturating_sub(payload.as_ptr() as usize);
        let mut masked = BytesMut::from(&payload[..]);
        masked
            .get_mut(start..start + part.len())
            .unwrap_or_default()
            .fill(b'*');
        masked.freeze()
    };
    if message.direction == Direction::Server {
        return payload.clone();
    }
    let frame = Frame {
        message_type: message.message_type,
        payload: payload.clone(),
    };
    match ClientMessage::from_frame(&frame) {
        Ok(ClientMessage::AuthenticateStart(start)) => match start.auth_data {
            Some(data) => stars(&data),
            None => payload.clone(),
        },
        Ok(ClientMessage::AuthenticateContinue(more)) => stars(&more.auth_data),
        Ok(ClientMessage::StmtExecute(statement)) => secret_statement(payload, &statement, stars),
        Ok(ClientMessage::Prepare(prepare)) => match prepare.stmt.stmt_execute {
            Some(statement) => secret_statement(payload, &statement, stars),
            None => payload.clone(),
        },
        _ => payload.clone(),
    }
}

/// A statement about a password is shown up to its first word.
fn secret_statement(
    payload: &Bytes,
    statement: &StmtExecute,
    stars: impl Fn(&Bytes) -> Bytes,
) -> Bytes {
    if Secrets::of(&statement.stmt).is_empty() {
        return payload.clone();
    }
    if statement.args.is_empty() {
        return stars(&statement.stmt);
    }
    // Its arguments are somewhere in it.
    stars(payload)
}

fn lost(loss: &Loss) -> String {
    match loss {
        Loss::Encrypted => "it is encrypted end to end".to_owned(),
        Loss::Frame => "a frame has no type".to_owned(),
        Loss::Compression(why) => format!("a compressed message makes no sense: {why}"),
        Loss::TooMany => "too many messages wait for their answers".to_owned(),
    }
}

/// How many prepared statements of a connection are known.
const MAX_PREPARED: usize = 16_382;
