//! The lines of a trace for the events of a connection.

use std::time::SystemTime;

use mynah_session::observe::{self, Answer, ServerError};

use super::connection::ConnectionTrace;
use super::format::UnansweredError;
use super::record::Record;
use crate::subscribe::{Seen, Subscriber};
use crate::{Connection, Event};

impl Subscriber for ConnectionTrace {
    fn on_event(&mut self, seen: Seen<'_>) {
        let (about, now) = (seen.connection, seen.at);
        match seen.event {
            Event::Observed(observe::Event::Identified { .. }) => return,
            Event::Observed(observe::Event::Completed(answer)) => {
                self.completed(answer, about, now, seen.statement);
            }
            Event::Observed(event) => self.observed(event, about, now),
            Event::Connected => {
                let time = self.time(now);
                let (format, line) = self.pen(&time, about);
                format.connected(line);
                self.lines.begin_file(about.id, &time);
            }
            Event::PassedOver { server, why } => self.write(about, now, |format, line| {
                format.passed_over(line, server, why);
            }),
            Event::Tls { side, tls } => {
                self.write(about, now, |format, line| {
                    format.encrypted(line, *side, *tls)
                });
            }
            Event::ProxyError(error) => self.error(PROXY_ERROR, error, about, now),
            Event::Fault(played) => self.write(about, now, |format, line| {
                format.fault(line, played);
            }),
            Event::SideEnded { side, lost } => self.write(about, now, |format, line| {
                format.side_ended(line, *side, lost.as_deref());
            }),
            Event::Closed(closed) => {
                self.decide(about);
                self.write(about, now, |format, line| format.closed(line, closed));
            }
        }
        self.lines.give_away(about.id);
    }
}

impl ConnectionTrace {
    fn observed(&mut self, event: &observe::Event, about: &Connection, now: SystemTime) {
        use observe::Event;
        match event {
            Event::Started(command) => self.started(command, about, now),
            Event::Message(message) => self.message(message, about, now),
            Event::Greeting {
                server_version,
                thread_id,
            } => self.write(about, now, |format, line| {
                format.greeting(line, server_version, *thread_id);
            }),
            Event::TlsRequested => self.note(about, now, "tls_requested", "asked for TLS", b""),
            Event::Login(login) => {
                self.write(about, now, |format, line| format.login(line, login));
            }
            Event::LoggedIn => {
                self.decide(about);
                self.note(about, now, "logged_in", "logged in", b"");
            }
            Event::Compressed(compression) => {
                let name = compression.to_string();
                self.note(about, now, "compressed", "compresses", name.as_bytes());
            }
            Event::Refused(error) => {
                self.decide(about);
                self.error(REFUSED, error, about, now);
            }
            Event::Unasked(error) => self.error(UNASKED, error, about, now),
            Event::Lost(loss) => {
                self.decide(about);
                let why = loss.to_string();
                self.note(about, now, "lost", "no more is seen", why.as_bytes());
            }
            _ => {}
        }
    }

    /// Writes an error that is no answer to a command.
    fn error(
        &mut self,
        (event, words): (&'static str, &'static str),
        error: &ServerError,
        about: &Connection,
        now: SystemTime,
    ) {
        let unanswered = UnansweredError {
            event,
            words,
            code: error.code,
            sql_state: error.sql_state.as_ref().map_or(b"", |state| &state.0),
            message: &error.message,
        };
        self.write(about, now, |format, line| format.error(line, &unanswered));
    }

    /// Writes a line about the connection that consists of a word or two.
    fn note(&mut self, about: &Connection, now: SystemTime, event: &str, words: &str, more: &[u8]) {
        self.write(about, now, |format, line| {
            format.note(line, event, words, more);
        });
    }

    /// Decides whether the connection is traced, now that its user is known or won't be.
    fn decide(&mut self, about: &Connection) {
        let only = self.trace.options.only.as_ref();
        self.lines.decide(|| {
            let answer = Answer::none();
            only.is_none_or(|only| only.holds(&Record::none(about, &answer)))
        });
    }
}

/// Errors that are no answers: the event's name, and what the text says.
const PROXY_ERROR: (&str, &str) = ("proxy_error", "the proxy says");
const REFUSED: (&str, &str) = ("refused", "the server refuses");
const UNASKED: (&str, &str) = ("unasked_error", "the server says, unasked");
