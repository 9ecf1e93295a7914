//! Log records of sessions. None of them contains a password: those in statements are masked.

use std::fmt::Write;
use std::io::Error;
use std::time::Duration;

use mynah_fault::Fault;
use mynah_session::sql::{Secrets, Settings};
use mynah_session::{Failure, Login, Outcome, Reply, SessionError, Statement};

use super::Drive;
use super::session::Session;
use crate::Worker;

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// Logs a statement: what answered it, with what outcome, how long that took.
    pub(super) fn log_statement(
        &self,
        answered_by: Option<String>,
        statement: &Statement,
        reply: &Reply,
        took: Duration,
    ) {
        let secrets = Secrets::of(&statement.text, &Settings::default());
        let masked = secrets.mask(&statement.text);
        let answered_by = answered_by.map_or_else(String::new, |by| format!("{by}: "));
        log::info!(listener:% = self.connection.log_name();
            "connection {}: {answered_by}{}: {} us: {}",
            self.connection.id(), outcome(reply), took.as_micros(), shown(&masked));
    }

    pub(super) fn log_fault(&self, fault: &Fault) {
        log::info!(listener:% = self.connection.log_name();
            "connection {}: fault: {fault}", self.connection.id());
    }

    pub(super) fn log_login(&self, first: bool, login: &Login, schema: Option<&[u8]>) {
        if !log::log_enabled!(log::Level::Info) {
            return;
        }
        let mut text = shown(&login.username);
        // Writing to a string can't fail.
        text.push_str(if first { " logged in" } else { " continues" });
        if let Some(schema) = schema {
            let _written = write!(text, ", schema {}", shown(schema));
        }
        if let Some(tls) = &login.tls {
            let _written = write!(text, ", {} {}", tls.version, tls.cipher);
        }
        log::info!(listener:% = self.connection.log_name();
            "connection {}: {text}", self.connection.id());
    }

    /// Logs the error with which the session closes the connection, if there is one.
    pub(super) fn log_closing_failure(&self) {
        let refusal = self.session.refusal().map(|failure| ("refused", failure));
        let end = || Some(("ended", self.session.ended_with()?));
        if let Some((word, failure)) = refusal.or_else(end) {
            log::info!(listener:% = self.connection.log_name();
                "connection {}: {word}: {} {}",
                self.connection.id(), failure.code, shown(&failure.message));
        }
    }

    pub(super) fn log_error(&self, error: &SessionError) {
        log::warn!(listener:% = self.connection.log_name();
            "connection {}: {error}: {}",
            self.connection.id(), shown(&error.failure().message));
    }

    /// Logs why the client gets no notices.
    pub(super) fn log_notices(&self, failure: &Failure) {
        log::warn!(listener:% = self.connection.log_name();
            "connection {}: no notices: {}", self.connection.id(), shown(&failure.message));
    }

    pub(super) fn log_tls_failure(&self, error: &Error) {
        log::warn!(listener:% = self.connection.log_name();
            "connection {}: TLS failed: {error}", self.connection.id());
    }
}

/// An answer in few words.
fn outcome(reply: &Reply) -> String {
    match &reply.outcome {
        Outcome::Ok(completion) => match completion.affected_rows {
            0 => "ok".to_owned(),
            rows => format!("ok, {rows} affected"),
        },
        Outcome::Rows(result) => match result.rows.source() {
            Some(_) => "rows as they are made".to_owned(),
            None if result.rows.len() == 1 => "1 row".to_owned(),
            None => format!("{} rows", result.rows.len()),
        },
        Outcome::Error(failure) => format!("error {}", failure.code),
        Outcome::Kill(_) => "a connection is ended".to_owned(),
        Outcome::LocalInfile(_) => "a file is asked for".to_owned(),
        Outcome::Packets(packets) => format!("{} packets as they are", packets.len()),
        Outcome::Binlog(events) => format!("{} events", events.len()),
    }
}

/// A client's text on one line, cut if it is long.
fn shown(text: &[u8]) -> String {
    let start = text.get(..MAX_SHOWN * 4).unwrap_or(text);
    let start = String::from_utf8_lossy(start);
    let mut shown: String = start
        .chars()
        .take(MAX_SHOWN)
        .map(|char| match char {
            '\'' | '"' => char.to_string(),
            _ => char.escape_debug().to_string(),
        })
        .collect();
    if start.len() < text.len() || start.chars().nth(MAX_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// How many characters of a text are logged.
const MAX_SHOWN: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_one_line_and_not_too_long() {
        assert_eq!(shown(b"select 'a\nb'"), r"select 'a\nb'");
        assert_eq!(shown("é".repeat(200).as_bytes()), "é".repeat(200));
        let long = shown("é".repeat(100_000).as_bytes());
        assert_eq!(long.chars().count(), 201);
        assert!(long.ends_with('…'));
        assert_eq!(shown(b"\xff\0"), "\u{fffd}\\0");
    }
}
