mod report;
mod schema;

use std::io;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_net::{Admitted, ConnectionTls};
use mynah_session::Login;
use mynah_session::observe::{self, Direction, Observer, Options};
use mynah_wire::compress::Deflator;

use crate::Protocol;
use crate::carry::{OpenRoute, Shared};
use crate::failure::in_words;
use crate::login::LoginGate;
use crate::pump::Watch;
use crate::refusal::Refusal;
use crate::timing::Clock;
use crate::tls_reload::TlsReload;
use crate::trace::{About, ConnectionTrace, Tally, Trace};
use crate::x;
use report::Report;

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
    /// Which side has ended the connection, and how in words.
    end: Option<(Direction, String)>,
    closed: bool,
}

impl Witness {
    pub(crate) fn new(shared: &Shared, route: &OpenRoute, admitted: &Admitted) -> Self {
        let trace = shared.trace.as_ref();
        let is_told = trace.is_some() || shared.counters.is_some();
        let options = if is_told {
            Options {
                messages: trace.is_some_and(Trace::wants_messages),
                ..Options::default()
            }
        } else {
            JUST_WHERE_IT_STANDS
        };
        let about = About {
            connection: admitted.id(),
            client: admitted.peer(),
            via: admitted.via(),
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
            tls: TlsReload(shared.own_tls.clone()),
            arrived: None,
            clock: Clock::default(),
            opened: Instant::now(),
            tally: Tally::default(),
            change_user: false,
            greeted: false,
            logged_in: false,
            shared: Capabilities::empty(),
            refused: false,
            said_goodbye: false,
            cut_off: false,
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
            end: None,
            closed: false,
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

    /// It is the classic one that is spoken, though it looked otherwise.
    pub(crate) fn speaks_classic(&mut self) {
        self.report.is_x = false;
        self.x = None;
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

    /// The proxy tells the client this.
    pub(crate) fn tells(&mut self, refusal: &Refusal) {
        let report = &mut self.report;
        report.refused = true;
        if let Some(counters) = &report.counters {
            counters.failed(refusal.code.into());
        }
        if let Some(trace) = &mut report.trace {
            trace.told(&report.about, refusal, SystemTime::now());
        }
    }

    /// Which side has ended the connection, in words.
    pub(crate) fn why(&self) -> &str {
        self.end.as_ref().map_or("", |(_, words)| words)
    }

    /// Whether the end is one that somebody should know of: the server has closed on a client that
    /// had not said goodbye.
    pub(crate) fn is_alarming(&self) -> bool {
        let by_server = matches!(self.end, Some((Direction::Server, _)));
        by_server && !self.report.said_goodbye && !self.is_opaque()
    }

    fn is_opaque(&self) -> bool {
        match &self.x {
            Some(x) => x.is_opaque(),
            None => self.observer.is_opaque(),
        }
    }

    /// The connection is gone: because of a side that has ended it, or for a reason of the proxy's.
    pub(crate) fn end(&mut self, reason: Option<&str>) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        let report = &mut self.report;
        self.observer.end(&mut |event| report.saw(&event));
        if let Some(x) = &mut self.x {
            x.end(&mut |event| report.saw_x(&event));
        }
        if let Some(counters) = &report.counters
            && report.refused
            && !report.logged_in
        {
            counters.refused();
        }
        let healthy = report.said_goodbye && !report.cut_off;
        let (by, why) = match (reason, &self.end) {
            (Some(why), _) => ("proxy", why),
            (None, Some(_)) if healthy => ("", ""),
            (None, Some((Direction::Client, why))) => ("client", &**why),
            (None, Some((Direction::Server, why))) => ("server", &**why),
            (None, None) => ("", ""),
        };
        if let Some(trace) = &mut report.trace {
            report.tally.lasted = report.opened.elapsed();
            trace.closed(&report.about, by, why, &report.tally, SystemTime::now());
        }
    }

    /// What a client that has been silent is told when it has to go.
    pub(crate) fn words_of_idle(&mut self) -> Option<Bytes> {
        let sees = self.observer.is_in_command_phase() && !self.observer.awaits_answer();
        sees.then(|| {
            let refusal = Refusal::idle();
            self.tells(&refusal);
            self.in_frame(refusal.packet(0, self.observer.shared()))
        })
    }

    /// A packet of the proxy's own, as it has to be where packets are compressed.
    fn in_frame(&self, packet: Bytes) -> Bytes {
        let Some((algorithm, next)) = self.observer.frame_for_error() else {
            return packet;
        };
        let mut wire = BytesMut::new();
        match Deflator::new(algorithm, next).write(&packet, &mut wire) {
            Ok(()) => wire.freeze(),
            // Then the connection just closes.
            Err(_) => Bytes::new(),
        }
    }

    /// What a client is told when the proxy ends; nothing where the protocol has no place for it.
    pub(crate) fn words_of_shutdown(&mut self) -> Option<Bytes> {
        let refusal = Refusal::shutdown();
        let words = match &self.x {
            Some(x) if x.is_between_messages() => x::error(refusal.code, &refusal.message),
            Some(_) => return None,
            None => {
                let place = self.observer.place_for_error()?;
                self.in_frame(refusal.packet(place, self.observer.shared()))
            }
        };
        self.tells(&refusal);
        Some(words)
    }
}

/// A connection that is closed by request ends without more ado.
impl Drop for Witness {
    fn drop(&mut self) {
        self.end(Some("closed by request"));
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
        let passed = match from {
            Direction::Client => &mut report.tally.sent,
            Direction::Server => &mut report.tally.received,
        };
        *passed += bytes.len() as u64;
        if let Some(x) = &mut self.x {
            x.observe(from, bytes, &mut |event| report.saw_x(&event));
        } else {
            self.observer
                .observe(from, bytes, &mut |event| report.saw(&event));
        }
        if from == Direction::Server && report.is_told {
            let answering = match &self.x {
                Some(x) => x.answering(),
                None => self.observer.answering(),
            };
            if let Some(number) = answering {
                report.answering(number);
            }
        }
        report.arrived = None;
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

    /// It is told when it happens, and what has no answer won't get one from a server that has gone.
    fn ended(&mut self, side: Direction, lost: Option<&io::Error>) {
        if self.end.is_some() {
            return;
        }
        let lost = lost.map(ToString::to_string);
        let words = in_words(side, lost.as_deref());
        let report = &mut self.report;
        if !report.said_goodbye {
            report.connection.set_ended(&words);
            if let Some(trace) = &mut report.trace {
                trace.side_ended(&report.about, side, lost.as_deref(), SystemTime::now());
            }
        }
        if side == Direction::Server {
            self.observer.cut_off(&mut |event| report.saw(&event));
            if let Some(x) = &mut self.x {
                x.cut_off(&mut |event| report.saw_x(&event));
            }
        }
        self.end = Some((side, words));
    }
}

/// Enough to know whether an answer is due, and what is in force.
const JUST_WHERE_IT_STANDS: Options = Options {
    messages: false,
    max_held: 16 * 1024,
};
