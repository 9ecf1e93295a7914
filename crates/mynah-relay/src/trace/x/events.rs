use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_session::observe::x::{Answer, Event, Loss, Outcome};
use mynah_session::observe::{self, Asked};
use mynah_x::crud::Collection;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::values::{prepared, value, words};
use crate::trace::commands::without;
use crate::trace::connection::ConnectionTrace;
use crate::trace::record::{About, Record, Shown};
use crate::trace::secrets::Secrets;
use crate::trace::{Format, json, text};

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
        let hidden = without(&sql, &secrets);
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
        let held = std::mem::take(&mut self.x.held);
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
                if self.x.prepared.len() < MAX_PREPARED {
                    self.x.prepared.insert(prepare.stmt_id, text.clone());
                }
                (text, none)
            }
            Ok(ClientMessage::Execute(execute)) => {
                let text = self.x.prepared.get(&execute.stmt_id).cloned();
                (
                    text.unwrap_or_default(),
                    execute.args.iter().map(value).collect(),
                )
            }
            Ok(ClientMessage::Deallocate(deallocate)) => {
                let text = self.x.prepared.remove(&deallocate.stmt_id);
                (text.unwrap_or_default(), none)
            }
            _ => (Bytes::new(), none),
        }
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
