use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComChangeUser, ComInitDb, CommandCode};
use mynah_classic::connection::HandshakeResponse;
use mynah_net::ClientConnection;
use mynah_session::Login;
use mynah_session::observe::{self, Answer, Event, Outcome};
use mynah_wire::Message as _;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessageType, Message as _};

use super::schema;
use crate::counters::Counters;
use crate::timing::{Clock, Timing};
use crate::tls_reload::TlsReload;
use crate::trace::{About, ConnectionTrace, Tally, command_name, command_text, x_name};

/// What becomes of what is seen.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) about: About,
    pub(super) connection: Arc<ClientConnection>,
    pub(super) trace: Option<ConnectionTrace>,
    pub(super) counters: Option<Arc<Counters>>,
    /// Whether there is anybody who is told.
    pub(super) is_told: bool,
    pub(super) tls: TlsReload,
    /// When the bytes came that are told of, if that was noted.
    pub(super) arrived: Option<Instant>,
    pub(super) clock: Clock,
    pub(super) opened: Instant,
    pub(super) tally: Tally,
    pub(super) change_user: bool,
    pub(super) greeted: bool,
    pub(super) logged_in: bool,
    /// The capabilities in force.
    pub(super) shared: Capabilities,
    /// Whether the server or the proxy has refused the client.
    pub(super) refused: bool,
    /// Whether the client has said that it goes, and nothing since.
    pub(super) said_goodbye: bool,
    /// Whether a command never had its answer.
    pub(super) cut_off: bool,
    /// The sequence id that an error has before the login is done.
    pub(super) next_sequence_id: u8,
    pub(super) login: Login,
    pub(super) is_x: bool,
}

impl Report {
    pub(super) fn saw(&mut self, event: &Event) {
        let mut timing = Timing::default();
        match event {
            Event::Greeting(_) => self.greeted = true,
            Event::Login(login) => self.logs_in(login),
            Event::LoggedIn { ok, shared } => {
                self.logged_in = true;
                self.shared = *shared;
                if let Some(schema) = observe::schema_in(ok) {
                    self.is(self.about.user.clone(), schema);
                }
                self.connection.set_login(&self.login);
            }
            Event::Refused(error) => {
                self.refused = true;
                if let Some(counters) = &self.counters {
                    counters.failed(error.error_code.into());
                }
            }
            Event::Started(asked) => {
                self.said_goodbye = asked.code == CommandCode::QUIT;
                self.change_user |= asked.code == CommandCode::CHANGE_USER;
                if !self.is_told {
                    return;
                }
                self.tally.commands += 1;
                self.connection.count_statement();
                let now = self.now();
                self.clock.begin(asked.number, now);
            }
            Event::Completed(answer) if !self.is_told => return self.follow_tls(answer),
            Event::Completed(answer) => {
                let answered = answer.outcome != Outcome::NotAnswered;
                let timed = self.ended(answer.asked.number, answered);
                timing = timed.unwrap_or_default();
                let error = match &answer.outcome {
                    Outcome::Failed(error) => Some(error.error_code.into()),
                    _ => None,
                };
                self.tally.rows += answer.rows;
                self.tally.errors += u64::from(error.is_some());
                if let Some(counters) = &self.counters {
                    let command = command_name(answer.asked.code);
                    counters.completed(command, answer.rows, error, timed);
                }
            }
            _ => {}
        }
        if let Some(trace) = &mut self.trace
            && trace.looks_at(event)
        {
            trace.saw(event, &self.about, SystemTime::now(), timing);
        }
        if let Event::Completed(answer) = event {
            self.cut_off |= answer.outcome == Outcome::CutOff;
            self.follow(answer);
            self.follow_tls(answer);
        }
    }

    pub(super) fn saw_x(&mut self, event: &observe::x::Event) {
        if let observe::x::Event::Completed(answer) = event
            && answer.message_type == ClientMessageType::SQL_STMT_EXECUTE
            && answer.outcome == observe::x::Outcome::Done
            && let Ok(execute) = StmtExecute::from_payload(&answer.payload)
        {
            self.tls.follow(&execute.stmt);
        }
        if let observe::x::Event::Started { message_type, .. } = event {
            self.said_goodbye = [ClientMessageType::CON_CLOSE, ClientMessageType::SESS_CLOSE]
                .contains(message_type);
        }
        if !self.is_told {
            return;
        }
        let mut timing = Timing::default();
        match event {
            observe::x::Event::Login(who) => self.is(who.user.clone(), who.schema.clone()),
            observe::x::Event::LoggedIn => {
                self.logged_in = true;
                self.connection.set_login(&self.login);
            }
            // The command that it answers is counted among those that failed.
            observe::x::Event::Refused(_) => self.refused = true,
            observe::x::Event::Started { number, .. } => {
                self.tally.commands += 1;
                self.connection.count_statement();
                let now = self.now();
                self.clock.begin(*number, now);
            }
            observe::x::Event::Completed(answer) => {
                self.cut_off |= answer.outcome == observe::x::Outcome::CutOff;
                let timed = self.ended(answer.number, true);
                timing = timed.unwrap_or_default();
                let error = match &answer.outcome {
                    observe::x::Outcome::Failed(error) => Some(error.code),
                    _ => None,
                };
                self.tally.rows += answer.rows;
                self.tally.errors += u64::from(error.is_some());
                if let Some(counters) = &self.counters {
                    let command = x_name(answer.message_type);
                    counters.completed(command, answer.rows, error, timed);
                }
            }
            _ => {}
        }
        if let Some(trace) = &mut self.trace {
            trace.saw_x(event, &self.about, SystemTime::now(), timing);
        }
        if let observe::x::Event::Completed(answer) = event {
            self.follow_x(answer);
        }
    }

    /// When what is told of came.
    fn now(&self) -> Instant {
        self.arrived.unwrap_or_else(Instant::now)
    }

    /// How long something took that is done now, and is answered or not.
    fn ended(&mut self, number: u64, answered: bool) -> Option<Timing> {
        if answered {
            let now = self.now();
            return Some(self.clock.end(number, now));
        }
        self.clock.take(number);
        None
    }

    /// Some of the answer to a command has come.
    pub(super) fn answering(&mut self, number: u64) {
        let now = self.now();
        self.clock.answering(number, now);
    }

    fn logs_in(&mut self, login: &HandshakeResponse) {
        let (user, schema) = match login {
            HandshakeResponse::V41(login) => (&login.username, &login.database),
            HandshakeResponse::V320(login) => (&login.username, &login.database),
            HandshakeResponse::Ssl(_) => return,
        };
        self.is(user.clone(), schema.clone());
    }

    fn is(&mut self, user: Bytes, schema: Bytes) {
        self.login.username = user.clone();
        self.login.schema = Some(schema.clone()).filter(|schema| !schema.is_empty());
        self.about.user = user;
        self.about.schema = schema;
    }

    /// TLS begins anew where the server's does.
    fn follow_tls(&self, answer: &Answer) {
        let is_query = answer.asked.code == CommandCode::QUERY;
        if is_query && answer.outcome == Outcome::Done {
            self.tls
                .follow(answer.asked.payload.get(1..).unwrap_or_default());
        }
    }

    /// Another schema, or another user.
    fn follow(&mut self, answer: &Answer) {
        if answer.outcome == Outcome::Done {
            self.follow_command(answer);
        }
        // What the server says is right.
        if let Some(schema) = &answer.schema {
            self.uses(schema.clone());
        }
    }

    fn follow_command(&mut self, answer: &Answer) {
        let payload = &answer.asked.payload;
        match answer.asked.code {
            CommandCode::INIT_DB => {
                if let Ok(command) = ComInitDb::from_payload(payload, ()) {
                    self.uses(command.schema_name);
                }
            }
            CommandCode::CHANGE_USER => {
                let shared = Capabilities::PROTOCOL_41 | Capabilities::SECURE_CONNECTION;
                if let Ok((change, _)) = ComChangeUser::from_payload_lenient(payload, shared) {
                    self.is(change.user, change.schema_name);
                    self.connection.set_login(&self.login);
                }
            }
            CommandCode::QUERY | CommandCode::STMT_EXECUTE => {
                let sql = command_text(&answer.asked, self.shared);
                if let Some(schema) = schema::of_use(&sql) {
                    self.uses(schema.into());
                }
            }
            _ => {}
        }
    }

    /// The same of the X Protocol.
    fn follow_x(&mut self, answer: &observe::x::Answer) {
        if let Some(schema) = &answer.schema {
            return self.uses(schema.clone());
        }
        if answer.message_type == ClientMessageType::SQL_STMT_EXECUTE
            && answer.outcome == observe::x::Outcome::Done
            && let Ok(execute) = StmtExecute::from_payload(&answer.payload)
            && execute.namespace_or_default() == "sql"
            && let Some(schema) = schema::of_use(&execute.stmt)
        {
            self.uses(schema.into());
        }
    }

    fn uses(&mut self, schema: Bytes) {
        self.is(self.about.user.clone(), schema);
        self.connection.set_login(&self.login);
    }
}
