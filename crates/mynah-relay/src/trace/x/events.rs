use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_session::observe::x::{Answer, Event, Loss, Outcome};
use mynah_session::observe::{self, Asked, LeftOut};
use mynah_session::sql::Secrets;
use mynah_x::crud::Collection;
use mynah_x::prepare::Execute;
use mynah_x::sql::StmtExecute;
use mynah_x::status::Error;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::redact::{has_statement, is_crud_secret, settings};
use super::state::Text;
use super::values::{prepared, value, words};
use crate::timing::Timing;
use crate::trace::connection::ConnectionTrace;
use crate::trace::events::{REFUSED, UNASKED};
use crate::trace::format::{ErrorTold, LoginTold};
use crate::trace::given::Given;
use crate::trace::record::{About, Record};
use crate::trace::redact::without;
use crate::trace::shown::Shown;

impl ConnectionTrace {
    /// Something was seen. `timing` is that of what is completed.
    pub(crate) fn saw_x(&mut self, event: &Event, about: &About, now: SystemTime, timing: Timing) {
        if matches!(event, Event::LoggedIn | Event::Refused(_) | Event::Lost(_)) {
            self.decide(about);
        }
        let found = match event {
            Event::Completed(answer) => self.x.redaction.completed(answer),
            _ => None,
        };
        match event {
            Event::Login(who) => {
                let login = LoginTold {
                    user: &who.user,
                    schema: &who.schema,
                    method: who.mechanism.as_bytes(),
                    capabilities: None,
                };
                self.write(about, now, |format, line| format.login(line, &login));
            }
            Event::LoggedIn => self.note(about, now, "logged_in", "logged in", b""),
            Event::TlsStarts => self.note(about, now, "tls_requested", "asked for TLS", b""),
            Event::Compressed(algorithm) => {
                let name = algorithm.name().as_bytes();
                self.note(about, now, "compressed", "compresses", name);
            }
            Event::Refused(error) => self.server_says_x(REFUSED, error, about, now),
            Event::Unasked(error) => self.server_says_x(UNASKED, error, about, now),
            Event::Lost(loss) => {
                self.note(about, now, "lost", "no more is seen", lost(loss).as_bytes());
            }
            Event::Started { .. } => {}
            Event::Message(message) => self.message_x(message, about, now),
            Event::Completed(answer) => self.completed_x(answer, found, about, now, timing),
        }
        self.lines.give_away(about.connection);
    }

    fn server_says_x(
        &mut self,
        (event, words): (&'static str, &'static str),
        error: &Error,
        about: &About,
        now: SystemTime,
    ) {
        let told = ErrorTold {
            event,
            words,
            code: error.code,
            sql_state: error.sql_state.as_bytes(),
            message: error.msg.as_bytes(),
        };
        self.write(about, now, |format, line| format.error(line, &told));
    }

    /// `found` is what must not be shown of a statement that was looked at before.
    fn completed_x(
        &mut self,
        answer: &Answer,
        found: Option<Arc<Secrets>>,
        about: &About,
        now: SystemTime,
        timing: Timing,
    ) {
        let is_login = answer.message_type.0 <= ClientMessageType::SESS_AUTHENTICATE_CONTINUE.0
            && answer.message_type != ClientMessageType::CON_CLOSE;
        if self.trace.options.level < 1 || is_login || self.is_recording() {
            return;
        }
        let has_secret =
            is_crud(answer.message_type) && is_crud_secret(&answer.payload, self.rules());
        let (command, asked) = (name(answer.message_type), self.asked_x(answer, found));
        let rules = self.rules();
        let secrets = asked
            .secrets
            .unwrap_or_else(|| Arc::new(rules.secrets(&asked.sql, &settings())));
        let is_unknown = asked.is_unknown && rules.hides;
        let shown = asked.parameters.into_iter();
        let given = Given {
            parameters: match secrets.parameters || is_unknown {
                true => shown.map(|_| Shown::Hidden).collect(),
                false => shown.map(|shown| rules.shown(shown)).collect(),
            },
            left_out: LeftOut {
                bytes: answer
                    .sent
                    .saturating_sub(HEADER + answer.payload.len() as u64),
                ..LeftOut::default()
            },
            ..Given::default()
        };
        let hidden = without(&asked.sql, &secrets);
        let answer = as_classic(answer);
        let record = Record {
            about,
            answer: &answer,
            command,
            sql: &hidden,
            timing,
            foreign: None,
            given: &given,
            secret: !secrets.is_empty()
                || is_unknown
                || has_secret
                || given.has_hidden()
                || rules.match_error(&answer.outcome),
            is_told: false,
        };
        let wanted = self.is_wanted(&record);
        let held = std::mem::take(&mut self.x.held);
        if wanted {
            self.lines.out.push_str(&held);
            self.write(about, now, |format, line| format.command(line, &record));
        }
    }

    fn asked_x(&mut self, answer: &Answer, found: Option<Arc<Secrets>>) -> InWords {
        let frame = Frame {
            message_type: answer.message_type.0,
            payload: answer.payload.clone(),
        };
        let of = |collection: &Collection| -> Bytes {
            let schema = collection.schema.as_deref().unwrap_or_default();
            format!("{schema}.{}", collection.name).into()
        };
        let sql: Bytes = match ClientMessage::from_frame(&frame) {
            Ok(ClientMessage::StmtExecute(statement)) => {
                return InWords {
                    sql: words(&statement),
                    parameters: statement.args.iter().map(value).collect(),
                    is_unknown: false,
                    secrets: found.filter(|_| is_sql(&statement)),
                };
            }
            Ok(ClientMessage::Execute(execute)) => return self.executed_x(&execute),
            Ok(ClientMessage::CursorOpen(open)) => match &open.stmt.prepare_execute {
                Some(execute) => return self.executed_x(execute),
                None => Bytes::new(),
            },
            Ok(ClientMessage::Find(find)) => of(&find.collection),
            Ok(ClientMessage::Insert(insert)) => of(&insert.collection),
            Ok(ClientMessage::Update(update)) => of(&update.collection),
            Ok(ClientMessage::Delete(delete)) => of(&delete.collection),
            Ok(ClientMessage::Prepare(prepare)) => {
                let statement = prepare.stmt.stmt_execute.as_deref();
                let (words, rules) = (prepared(&prepare, of), self.rules());
                let found = found.filter(|_| statement.is_some_and(is_sql));
                let text = Text {
                    secrets: found.unwrap_or_else(|| Arc::new(rules.secrets(&words, &settings()))),
                    words,
                    is_secret: statement.is_none() && is_crud_secret(&answer.payload, rules),
                };
                self.x.prepared.insert(prepare.stmt_id, &text);
                return InWords {
                    sql: text.words,
                    parameters: Vec::new(),
                    is_unknown: text.is_secret,
                    secrets: Some(text.secrets),
                };
            }
            Ok(ClientMessage::Deallocate(deallocate)) => {
                let text = self.x.prepared.remove(deallocate.stmt_id);
                text.unwrap_or_default().words
            }
            Ok(_) => Bytes::new(),
            Err(_) => return self.cut_x(answer),
        };
        InWords {
            sql,
            parameters: Vec::new(),
            is_unknown: false,
            secrets: None,
        }
    }

    fn executed_x(&self, execute: &Execute) -> InWords {
        let text = self.x.prepared.text(execute.stmt_id);
        let is_unknown = match &text {
            Some(text) => text.is_secret,
            None => self.x.prepared.is_incomplete,
        };
        InWords {
            is_unknown,
            secrets: text.as_ref().map(|text| Arc::clone(&text.secrets)),
            sql: text.unwrap_or_default().words,
            parameters: execute.args.iter().map(value).collect(),
        }
    }

    /// A message that can't be read, because it was longer than is held, or is none.
    fn cut_x(&mut self, answer: &Answer) -> InWords {
        let is_cut = answer.sent > HEADER + answer.payload.len() as u64;
        if is_cut && answer.message_type == ClientMessageType::PREPARE_PREPARE {
            self.x.prepared.is_incomplete = true;
        }
        InWords {
            sql: Bytes::new(),
            parameters: Vec::new(),
            is_unknown: is_cut && has_statement(answer.message_type),
            secrets: None,
        }
    }
}

fn is_crud(message_type: ClientMessageType) -> bool {
    [
        ClientMessageType::CRUD_FIND,
        ClientMessageType::CRUD_INSERT,
        ClientMessageType::CRUD_UPDATE,
        ClientMessageType::CRUD_DELETE,
    ]
    .contains(&message_type)
}

/// What was asked for, in words, and its values.
struct InWords {
    sql: Bytes,
    parameters: Vec<Shown>,
    /// Whether it may be about a password without anybody knowing.
    is_unknown: bool,
    /// What must not be shown of it, if that is known by now.
    secrets: Option<Arc<Secrets>>,
}

fn is_sql(statement: &StmtExecute) -> bool {
    statement.namespace_or_default() == "sql"
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
            settings: Default::default(),
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
        schema: answer.schema.clone(),
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

/// Four bytes of length, one of type.
const HEADER: u64 = 5;
