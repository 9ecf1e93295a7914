use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComChangeUser, ComInitDb, CommandCode};
use mynah_classic::connection::HandshakeResponse;
use mynah_net::{Admitted, ClientConnection, ConnectionTls};
use mynah_session::Login;
use mynah_session::observe::{self, Answer, Direction, Event, Observer, Options, Outcome};
use mynah_wire::Message as _;

use crate::carry::{OpenRoute, Shared};
use crate::counters::Counters;
use crate::login::LoginGate;
use crate::pump::Watch;
use crate::refusal::Refusal;
use crate::trace::{About, ConnectionTrace, command_name, x_name};
use crate::{Protocol, x};

/// Looks on while a connection is carried, and tells whoever wants to know.
#[derive(Debug)]
pub(crate) struct Witness {
    observer: Observer,
    /// In its place, where the X Protocol is spoken.
    x: Option<Box<observe::x::Observer>>,
    options: Options,
    report: Report,
    /// Whether COM_CHANGE_USER has to be known of before what follows it passes.
    stops_at_change_user: bool,
    /// The same of another login by the X Protocol.
    gate: Option<LoginGate>,
    ended: bool,
    server: String,
}

/// What becomes of what is seen.
#[derive(Debug)]
struct Report {
    about: About,
    connection: Arc<ClientConnection>,
    trace: Option<ConnectionTrace>,
    counters: Option<Arc<Counters>>,
    /// Whether there is anybody who is told.
    is_told: bool,
    /// When the bytes came that are told of, if that was noted.
    arrived: Option<Instant>,
    /// When the commands began that have no answer yet.
    begun: VecDeque<(u64, Instant)>,
    commands: u64,
    change_user: bool,
    greeted: bool,
    /// The sequence id that an error has before the login is done.
    next_sequence_id: u8,
    login: Login,
    is_x: bool,
}

impl Witness {
    pub(crate) fn new(shared: &Shared, route: &OpenRoute, admitted: &Admitted) -> Self {
        let trace = shared.trace.as_ref();
        let level = trace.map_or(0, |trace| trace.options.level);
        let hex = trace.is_some_and(|t| t.options.format == crate::Format::Hex);
        let is_told = trace.is_some() || shared.counters.is_some();
        let options = if is_told {
            Options {
                messages: level >= 2 || hex,
                ..Options::default()
            }
        } else {
            JUST_WHERE_IT_STANDS
        };
        let about = About {
            connection: admitted.id(),
            client: admitted.peer(),
            listener: admitted.listener().to_string(),
            server: route.route.upstream.to_string(),
            ..About::default()
        };
        let mut report = Report {
            about,
            connection: Arc::clone(admitted.connection()),
            trace: trace.map(ConnectionTrace::new),
            counters: shared.counters.clone(),
            is_told,
            arrived: None,
            begun: VecDeque::new(),
            commands: 0,
            change_user: false,
            greeted: false,
            next_sequence_id: 2,
            login: Login::default(),
            is_x: route.route.protocol == Protocol::X,
        };
        if let Some(counters) = &report.counters {
            counters.connected();
        }
        if let Some(trace) = &mut report.trace {
            trace.opened(&report.about, SystemTime::now());
        }
        Self {
            observer: Observer::new(options),
            x: None,
            options,
            report,
            stops_at_change_user: false,
            gate: None,
            ended: false,
            server: route.route.upstream.to_string(),
        }
    }

    /// TLS has come to be on one side.
    pub(crate) fn encrypted(&mut self, side: &str, tls: ConnectionTls) {
        if let Some(trace) = &mut self.report.trace {
            trace.encrypted(&self.report.about, side, tls, SystemTime::now());
        }
    }

    /// The X Protocol is spoken; `tls_ends_here` says whether TLS does.
    pub(crate) fn speaks_x(&mut self, tls_ends_here: bool) {
        self.report.is_x = true;
        let observer = observe::x::Observer::new(self.options, tls_ends_here);
        self.x = Some(Box::new(observer));
    }

    /// Another login of the client must not pass as it is.
    pub(crate) fn stops_at_logins(&mut self) {
        match self.x {
            Some(_) => self.gate = Some(LoginGate::default()),
            None => self.stops_at_change_user = true,
        }
    }

    /// Whether the X Protocol is spoken.
    pub(crate) fn is_x(&self) -> bool {
        self.report.is_x
    }

    /// Where an error has its place before the login is done: its sequence id, and the
    /// capabilities in force.
    pub(crate) fn place_for_refusal(&self) -> (u8, Capabilities) {
        if !self.report.greeted {
            return (0, Capabilities::empty());
        }
        (self.report.next_sequence_id, Capabilities::PROTOCOL_41)
    }

    /// The login has failed where the client expects this sequence id.
    pub(crate) fn failed_at(&mut self, sequence_id: u8) {
        self.report.next_sequence_id = sequence_id;
    }

    /// The connection has ended, for a reason or as it should.
    pub(crate) fn end(&mut self, why: &str) {
        self.ended = true;
        let report = &mut self.report;
        self.observer.end(&mut |event| report.saw(&event));
        if let Some(x) = &mut self.x {
            x.end(&mut |event| report.saw_x(&event));
        }
        if let Some(counters) = &report.counters
            && !report.greeted
            && !report.is_x
        {
            counters.refused();
        }
        if let Some(trace) = &mut report.trace {
            trace.closed(&report.about, why, report.commands, SystemTime::now());
        }
    }

    /// What a client that has been silent is told when it has to go.
    pub(crate) fn words_of_idle(&self) -> Option<Bytes> {
        let sees = self.observer.is_in_command_phase() && self.report.begun.is_empty();
        sees.then(|| Refusal::idle().packet(0, self.observer.shared()))
    }
}

/// A connection that is closed by request ends without more ado.
impl Drop for Witness {
    fn drop(&mut self) {
        if !self.ended {
            self.end("closed by request");
        }
    }
}

impl Watch for Witness {
    fn arrived(&mut self) {
        if self.report.is_told {
            self.report.arrived = Some(Instant::now());
        }
    }

    fn passed(&mut self, from: Direction, bytes: &[u8]) {
        let report = &mut self.report;
        if let Some(counters) = &report.counters {
            counters.passed(from, bytes.len());
        }
        if let Some(x) = &mut self.x {
            x.observe(from, bytes, &mut |event| report.saw_x(&event));
        } else {
            self.observer
                .observe(from, bytes, &mut |event| report.saw(&event));
        }
        self.report.arrived = None;
    }

    fn may_pass(&mut self, from: Direction, bytes: &[u8]) -> usize {
        match &mut self.gate {
            Some(gate) if from == Direction::Client => gate.may_pass(bytes),
            _ => bytes.len(),
        }
    }

    fn wants_stop(&mut self) -> bool {
        if let Some(gate) = &self.gate {
            return gate.is_closed();
        }
        self.stops_at_change_user && std::mem::take(&mut self.report.change_user)
    }

    fn awaits_answer(&self) -> bool {
        self.x.as_ref().is_some_and(|x| x.awaits_answer())
    }

    fn tls_is_ended_here(&mut self) {
        self.observer.tls_is_ended_here();
    }

    fn last_words(&mut self) -> Option<Bytes> {
        let why = "it closed the connection before its answer was complete";
        let refusal = Refusal::lost(&self.server, why);
        if let Some(x) = &self.x {
            let has_place = x.has_place_for_error();
            return has_place.then(|| x::error(refusal.code, &refusal.message));
        }
        let sequence_id = self.observer.place_for_error()?;
        Some(refusal.packet(sequence_id, self.observer.shared()))
    }
}

impl Report {
    fn saw(&mut self, event: &Event) {
        let mut latency = Duration::ZERO;
        match event {
            Event::Greeting(_) => self.greeted = true,
            Event::Login(login) => self.logs_in(login),
            Event::LoggedIn { .. } => self.connection.set_login(&self.login),
            Event::Started(asked) => {
                self.change_user |= asked.code == CommandCode::CHANGE_USER;
                if !self.is_told {
                    return;
                }
                self.commands += 1;
                self.connection.count_statement();
                let now = self.now();
                self.begun.push_back((asked.number, now));
            }
            Event::Completed(_) if !self.is_told => return,
            Event::Completed(answer) => {
                latency = self.ended(answer.asked.number);
                if let Some(counters) = &self.counters {
                    let error = match &answer.outcome {
                        Outcome::Failed(error) => Some(error.error_code.into()),
                        _ => None,
                    };
                    let command = command_name(answer.asked.code);
                    counters.completed(command, answer.rows, error, latency);
                }
            }
            _ => {}
        }
        if let Some(trace) = &mut self.trace
            && trace.looks_at(event)
        {
            trace.saw(event, &self.about, SystemTime::now(), latency);
        }
        if let Event::Completed(answer) = event {
            self.follow(answer);
        }
    }

    fn saw_x(&mut self, event: &observe::x::Event) {
        if !self.is_told {
            return;
        }
        let mut latency = Duration::ZERO;
        match event {
            observe::x::Event::Login(who) => self.is(who.user.clone(), who.schema.clone()),
            observe::x::Event::LoggedIn => self.connection.set_login(&self.login),
            observe::x::Event::Started { number, .. } => {
                self.commands += 1;
                self.connection.count_statement();
                let now = self.now();
                self.begun.push_back((*number, now));
            }
            observe::x::Event::Completed(answer) => {
                latency = self.ended(answer.number);
                if let Some(counters) = &self.counters {
                    let error = match &answer.outcome {
                        observe::x::Outcome::Failed(error) => Some(error.code),
                        _ => None,
                    };
                    let command = x_name(answer.message_type);
                    counters.completed(command, answer.rows, error, latency);
                }
            }
            _ => {}
        }
        if let Some(trace) = &mut self.trace {
            trace.saw_x(event, &self.about, SystemTime::now(), latency);
        }
    }

    /// When what is told of came.
    fn now(&self) -> Instant {
        self.arrived.unwrap_or_else(Instant::now)
    }

    /// How long something took that has its answer now.
    fn ended(&mut self, number: u64) -> Duration {
        let place = self.begun.iter().position(|(begun, _)| *begun == number);
        let begun = place.and_then(|place| self.begun.remove(place));
        let now = self.now();
        begun.map_or(Duration::ZERO, |(_, begun)| {
            now.saturating_duration_since(begun)
        })
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

    /// Another schema, or another user.
    fn follow(&mut self, answer: &Answer) {
        if answer.outcome != Outcome::Done {
            return;
        }
        let payload = &answer.asked.payload;
        match answer.asked.code {
            CommandCode::INIT_DB => {
                if let Ok(command) = ComInitDb::from_payload(payload, ()) {
                    self.is(self.about.user.clone(), command.schema_name);
                    self.connection.set_login(&self.login);
                }
            }
            CommandCode::CHANGE_USER => {
                let shared = Capabilities::PROTOCOL_41 | Capabilities::SECURE_CONNECTION;
                if let Ok(change) = ComChangeUser::from_payload(payload, shared) {
                    self.is(change.user, change.schema_name);
                    self.connection.set_login(&self.login);
                }
            }
            _ => {}
        }
    }
}

/// Enough to know where an error has its place, and what is in force.
const JUST_WHERE_IT_STANDS: Options = Options {
    messages: false,
    max_held: 16 * 1024,
};
