//! Follows a connection, publishes its events, and keeps the facts that the end of the connection depends on.

mod facts;
mod open;

use std::io;
use std::sync::Arc;
use std::time::Instant;

use mynah_net::ConnectionTls;
use mynah_session::observe::{self, Direction, Observer, Options};

use crate::failure::in_words;
use crate::fault::{DueFault, FaultRules, PlayedFault, UpcomingCommand};
use crate::filter::Upcoming;
use crate::gate::{GateCommand, Prepared, Standing};
use crate::pump::{ByteObserver, Follow};
use crate::refusal::Refusal;
use crate::statement::of_upcoming;
use crate::subscribe::{Closed, ClosedBy, Connection, Event, Publisher, Tally};
use crate::trace::{Rule, Rules};
use facts::Facts;

/// Follows one connection: gives its bytes to the protocol's observer, and publishes the events.
#[derive(Debug)]
pub(crate) struct ConnectionObserver {
    observer: Observer,
    options: Options,
    /// Whether each message is an event without watchers, too.
    has_messages: bool,
    publisher: Publisher,
    facts: Facts,
    tally: Tally,
    /// Whether a subscriber uses times. Without one the clock isn't read.
    is_timed: bool,
    /// When the bytes came that are about to be sent on, if that was noted.
    arrived: Option<Instant>,
    opened: Instant,
    is_x: bool,
    /// Which side has ended the connection, and how in words.
    end: Option<(Direction, String)>,
    /// Whether that side was lost, rather than that it has closed.
    is_reset: bool,
    /// How many bytes the server had sent when the client sent its last ones.
    received_at_ask: u64,
    closed: bool,
    /// Whether the first event was published. It has the server, which may be known only later.
    is_begun: bool,
    faults: FaultRules,
    /// What is hidden besides passwords of the statements that rules for faults see.
    redact: Arc<[Rule]>,
    /// Whether it was said that rules for faults don't see the commands.
    unseen_is_told: bool,
}

impl ConnectionObserver {
    /// One of several upstreams was chosen.
    pub(crate) fn begin(&mut self, server: &Arc<str>) {
        self.publisher.set_server(Arc::clone(server));
        self.begin_at_last();
    }

    /// One of several upstreams couldn't be used.
    pub(crate) fn publish_passed_over(&mut self, server: &Arc<str>, why: String) {
        self.begin_at_last();
        let server = Arc::clone(server);
        self.publisher.publish(&Event::PassedOver { server, why });
    }

    /// Publishes the first event unless that is done.
    fn begin_at_last(&mut self) {
        if !std::mem::replace(&mut self.is_begun, true) {
            self.publisher.publish(&Event::Connected);
        }
    }

    /// The proxy has terminated TLS on one side.
    pub(crate) fn encrypted(&mut self, side: Direction, tls: ConnectionTls) {
        self.publisher.publish(&Event::Tls { side, tls });
    }

    /// The X Protocol is spoken; `tls_ends_here` says whether TLS does.
    pub(crate) fn switch_to_x(&mut self, tls_ends_here: bool) {
        self.is_x = true;
        self.observer = Observer::x(self.options, tls_ends_here, self.opened);
    }

    /// It is the classic one that is spoken, though it looked otherwise.
    pub(crate) fn switch_to_classic(&mut self) {
        self.is_x = false;
        self.observer = Observer::classic(self.options, self.opened);
    }

    /// Whether the X Protocol is spoken.
    pub(crate) fn is_x(&self) -> bool {
        self.is_x
    }

    /// Whether the server of the classic protocol has greeted.
    pub(crate) fn has_greeted(&self) -> bool {
        self.facts.greeted
    }

    /// What is known of the protocol.
    pub(crate) fn followed(&self) -> &Observer {
        &self.observer
    }

    /// The proxy sends the client this error.
    pub(crate) fn publish_error(&mut self, refusal: &Refusal) {
        self.begin_at_last();
        self.publisher.publish(&Event::ProxyError(refusal.into()));
    }

    /// A fault is played at the command that has begun last.
    pub(crate) fn publish_fault(&mut self, due: &DueFault) {
        self.publish_played(due.played(self.tally.commands));
    }

    /// This fault is played.
    pub(crate) fn publish_played(&mut self, played: PlayedFault) {
        self.publisher.publish(&Event::Fault(played));
    }

    /// Which side has ended the connection, in words.
    pub(crate) fn why(&self) -> &str {
        self.end.as_ref().map_or("", |(_, words)| words)
    }

    /// Whether the server has ended the connection of a client that had not said goodbye, as far as can be seen. If the
    /// connection can't be followed, this may be the server's answer to a goodbye.
    pub(crate) fn is_ended_by_server(&self) -> bool {
        let by_server = matches!(self.end, Some((Direction::Server, _)));
        by_server && !self.facts.said_goodbye
    }

    /// Whether the server may be gone: it has ended the connection, and not because it has refused the login. If the
    /// connection can't be followed, an end that it has made in order may be its answer to a goodbye, unless it had
    /// answered what the client has sent last.
    pub(crate) fn is_lost_by_server(&self) -> bool {
        let answer = self.tally.received.saturating_sub(self.received_at_ask);
        let is_unasked = self.is_reset || !self.observer.is_opaque() || answer > MOST_ALERT;
        self.is_ended_by_server() && !self.facts.is_refused && is_unasked
    }

    /// Whether the end is worth a warning: the server has closed the connection of a client that had not said
    /// goodbye.
    pub(crate) fn is_alarming(&self) -> bool {
        self.is_ended_by_server() && !self.observer.is_opaque()
    }

    /// The connection is gone: because of a side that has ended it, or for a reason of the proxy's.
    pub(crate) fn end(&mut self, reason: Option<&str>) {
        // The first reason counts, and `drop` ends it again.
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        // What was open has no more messages, so that all can see how it ends.
        self.follow_watchers(true);
        self.begin_at_last();
        let now = self.now();
        let (observer, mut sink) = self.parts();
        observer.end(now, &mut |event| sink.see(event));
        // A client that has said goodbye expects its connection to end, whichever side closes it.
        let healthy = self.facts.said_goodbye && !self.facts.cut_off;
        let (by, why) = match (reason, &self.end) {
            (Some(why), _) => (Some(ClosedBy::Proxy), why),
            (None, Some((side, why))) if !healthy => (Some((*side).into()), &**why),
            (None, _) => (None, ""),
        };
        self.tally.lasted = self.opened.elapsed();
        let closed = Closed {
            by,
            why: why.to_owned(),
            tally: self.tally,
        };
        self.publisher.publish(&Event::Closed(closed));
    }

    /// Has watchers join and leave, if there are others than before.
    #[inline]
    fn follow_watchers(&mut self, is_over: bool) {
        let Some(watching) = self.publisher.changed_watching() else {
            return;
        };
        let is_at_rest = self.observer.is_at_rest();
        watching.follow(&self.observer, is_at_rest || is_over);
        if is_at_rest {
            self.options.messages = self.has_messages || watching.wants_messages();
            self.observer.set_messages(self.options.messages);
        }
    }

    /// The time at which the present bytes were received.
    fn now(&mut self) -> Instant {
        // The time at which bytes have come, rather than that at which they are explained.
        match self.arrived.take() {
            Some(arrived) => arrived,
            None if self.is_timed => Instant::now(),
            None => self.opened,
        }
    }

    /// The protocol's observer, and the receiver of its events.
    fn parts(&mut self) -> (&mut Observer, EventSink<'_>) {
        let sink = EventSink {
            facts: &mut self.facts,
            tally: &mut self.tally,
            publisher: &mut self.publisher,
        };
        (&mut self.observer, sink)
    }
}

/// Receives the events of the protocol's observer.
struct EventSink<'a> {
    facts: &'a mut Facts,
    tally: &'a mut Tally,
    publisher: &'a mut Publisher,
}

impl EventSink<'_> {
    fn see(&mut self, event: observe::Event) {
        self.facts.note(&event);
        self.tally.count(&event);
        self.publisher.publish(&Event::Observed(event));
    }
}

/// A connection that is closed by request ends without more ado.
impl Drop for ConnectionObserver {
    fn drop(&mut self) {
        // The task was aborted: even then the last event must come.
        self.end(Some("closed by request"));
    }
}

impl ByteObserver for ConnectionObserver {
    fn arrived(&mut self) {
        if self.is_timed {
            self.arrived = Some(Instant::now());
        }
    }

    fn passed(&mut self, from: Direction, bytes: &[u8]) {
        self.follow_watchers(false);
        let now = self.now();
        self.publisher.bytes(from, bytes.len());
        self.tally.count_bytes(from, bytes.len());
        if from == Direction::Client {
            self.received_at_ask = self.tally.received;
        }
        let (observer, mut sink) = self.parts();
        observer.observe(from, bytes, now, &mut |event| sink.see(event));
    }

    fn answered(&mut self, bytes: &[u8]) {
        self.publisher.set_answered_by_gate(true);
        self.passed(Direction::Server, bytes);
        self.publisher.set_answered_by_gate(false);
    }

    fn begin_decrypted(&mut self) {
        self.observer.begin_decrypted();
    }

    /// Publishes that a side has ended the connection. If it is the server, commands without an answer end as
    /// cut off.
    fn ended(&mut self, side: Direction, lost: Option<&io::Error>) {
        // Only the first end counts: the other side closes because of it.
        if self.end.is_some() {
            return;
        }
        self.follow_watchers(false);
        self.begin_at_last();
        self.is_reset = lost.is_some();
        let lost = lost.map(ToString::to_string);
        self.end = Some((side, in_words(side, lost.as_deref())));
        if !self.facts.said_goodbye {
            self.publisher.publish(&Event::SideEnded { side, lost });
        }
        if side == Direction::Server {
            let now = self.now();
            let (observer, mut sink) = self.parts();
            observer.cut_off(now, &mut |event| sink.see(event));
        }
    }
}

impl Follow for ConnectionObserver {
    fn standing(&self) -> Standing {
        let observer = &self.observer;
        let has_commands = observer.is_x() || observer.is_in_command_phase();
        // A single command can't be taken out of a compressed packet, so gates don't decide there.
        if observer.is_opaque() || observer.is_compressed() || !has_commands {
            Standing::Opaque
        } else if observer.awaits_answer() || !observer.is_between_messages() {
            Standing::AnswerDue
        } else {
            Standing::Ready(observer.shared())
        }
    }

    fn awaits_answer(&self) -> bool {
        self.observer.is_x() && self.observer.awaits_answer()
    }

    fn change_users(&self) -> u32 {
        self.facts.change_users
    }

    #[inline]
    fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    #[inline]
    fn wants_commands(&self) -> bool {
        self.has_faults() && !self.observer.is_inside_command()
    }

    fn is_x(&self) -> bool {
        self.is_x
    }

    fn prepared(&self, id: u32) -> Option<Prepared> {
        let sql = self.observer.prepared_sql(id);
        let message_type = self.observer.prepared_message_type(id);
        (sql.is_some() || message_type.is_some()).then(|| Prepared {
            sql,
            executed: self.observer.prepared(id),
            message_type,
        })
    }

    fn due_fault(&mut self, command: &GateCommand<'_>) -> Option<Box<DueFault>> {
        if self.faults.is_empty() {
            return None;
        }
        let prepared = command.prepared_id();
        let prepared = prepared.and_then(|id| self.observer.prepared_text(id));
        let about = prepared.unwrap_or_else(|| command.about());
        let wants = self.faults.wants();
        let rules = Rules::hiding(&self.redact);
        let statement = match wants.any() {
            true => of_upcoming(command, &self.observer, rules, wants),
            false => None,
        };
        let upcoming = UpcomingCommand {
            command: Upcoming {
                about: self.publisher.connection(),
                command: command.kind_name(),
                sql: &about,
                statement: statement.as_ref(),
            },
            number: self.tally.commands + 1,
            logs_in: command.logs_in(),
        };
        self.faults.due(&upcoming).map(Box::new)
    }

    fn note_unseen(&mut self) {
        if self.unseen_is_told {
            return;
        }
        let observer = &self.observer;
        let has_commands = observer.is_x() || observer.is_in_command_phase();
        let why = match (observer.is_opaque(), observer.is_compressed()) {
            (true, _) => "it is encrypted, or can't be followed",
            // Before the login is done, there are no commands.
            (false, true) if has_commands => "it compresses",
            _ => return,
        };
        self.unseen_is_told = true;
        let Connection { id, listener, .. } = self.publisher.connection();
        log::warn!(listener:%; "connection {id}: rules for faults don't see its commands: {why}");
    }
}

/// The bytes of the alert by which a server may end TLS, but not of an answer: 24 in TLS 1.3, 31 in TLS 1.2 (AES-GCM).
const MOST_ALERT: u64 = 32;
