//! What is told of a connection as a whole.

use std::time::SystemTime;

use mynah_classic::response::ErrPacket;
use mynah_net::ConnectionTls;
use mynah_session::observe::{Answer, Direction};

use super::connection::ConnectionTrace;
use super::format::{Ended, ErrorTold};
use super::record::{About, Record, Tally};
use crate::refusal::Refusal;

impl ConnectionTrace {
    /// The connection is there.
    pub(crate) fn opened(&mut self, about: &About, now: SystemTime) {
        let time = self.time(now);
        let (format, line) = self.pen(&time, about);
        format.connected(line);
        self.lines.begin_file(about.connection, &time);
        self.lines.give_away(about.connection);
    }

    /// The connection is gone: `by` says which side has ended it, unless it was as it should be.
    pub(crate) fn closed(
        &mut self,
        about: &About,
        by: &str,
        why: &str,
        tally: &Tally,
        now: SystemTime,
    ) {
        self.decide(about);
        let end = Ended { by, why, tally };
        self.write(about, now, |format, line| format.closed(line, &end));
        self.lines.give_away(about.connection);
    }

    /// A side has closed the connection, or was lost.
    pub(crate) fn side_ended(
        &mut self,
        about: &About,
        side: Direction,
        lost: Option<&str>,
        now: SystemTime,
    ) {
        self.write(about, now, |format, line| {
            format.side_ended(line, side, lost);
        });
        self.lines.give_away(about.connection);
    }

    /// The proxy has told the client an error of its own.
    pub(crate) fn told(&mut self, about: &About, refusal: &Refusal, now: SystemTime) {
        let told = ErrorTold {
            event: "proxy_error",
            words: "the proxy says",
            code: refusal.code.into(),
            sql_state: &refusal.state,
            message: refusal.message.as_bytes(),
        };
        self.write(about, now, |format, line| format.error(line, &told));
        self.lines.give_away(about.connection);
    }

    /// The proxy has ended TLS on a side.
    pub(crate) fn encrypted(
        &mut self,
        about: &About,
        side: &str,
        tls: ConnectionTls,
        now: SystemTime,
    ) {
        self.write(about, now, |format, line| format.encrypted(line, side, tls));
        self.lines.give_away(about.connection);
    }

    /// The server says an error that is no answer to a command.
    pub(super) fn server_says(
        &mut self,
        (event, words): (&'static str, &'static str),
        error: &ErrPacket,
        about: &About,
        now: SystemTime,
    ) {
        let told = ErrorTold {
            event,
            words,
            code: error.error_code.into(),
            sql_state: error.sql_state.as_ref().map_or(b"", |state| &state.0),
            message: &error.error_message,
        };
        self.write(about, now, |format, line| format.error(line, &told));
    }

    /// Something about the connection that a word says, or two.
    pub(super) fn note(
        &mut self,
        about: &About,
        now: SystemTime,
        event: &str,
        words: &str,
        more: &[u8],
    ) {
        self.write(about, now, |format, line| {
            format.note(line, event, words, more);
        });
    }

    /// The user is known, or won't be.
    pub(super) fn decide(&mut self, about: &About) {
        let only = self.trace.options.only.as_ref();
        self.lines.decide(|| {
            let answer = Answer::of_nothing();
            only.is_none_or(|only| only.holds(&Record::of_nothing(about, &answer)))
        });
    }
}

/// Refused logins, and errors that answer nothing: the event's name, and what the text says.
pub(super) const REFUSED: (&str, &str) = ("refused", "the server refuses");
pub(super) const UNASKED: (&str, &str) = ("unasked_error", "the server says, unasked");
