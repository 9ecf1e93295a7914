//! What is told of a connection as a whole.

use std::io;
use std::time::SystemTime;

use bytes::Bytes;
use mynah_classic::connection::{Handshake, HandshakeResponse};
use mynah_net::ConnectionTls;
use mynah_session::observe::Direction;

use super::connection::ConnectionTrace;
use super::hex::HexFile;
use super::json::side_name;
use super::record::{About, ErrorTold, Tally};
use super::{Format, hex, json, text};
use crate::failure::in_words;
use crate::refusal::Refusal;

impl ConnectionTrace {
    /// The connection is there.
    pub(crate) fn opened(&mut self, about: &About, now: SystemTime) {
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => {
                let by = about.via.as_deref().map(|via| format!(" by {via}"));
                let by = by.unwrap_or_default();
                let text = format!("+ {}{by} to {}", about.client, about.server);
                text::line(&mut self.out, self.style, &time, about, &text);
            }
            Format::Json => {
                let mut object = json::Object::begin(&mut self.out, &time, "connect", about);
                object.text("client", about.client.as_bytes());
                if let Some(via) = &about.via {
                    object.text("via", via.as_bytes());
                }
                object
                    .text("listener", about.listener.as_bytes())
                    .text("server", about.server.as_bytes())
                    .end();
            }
            Format::Hex => {
                hex::head(&mut self.out, about, &time);
                self.file = HexFile::create(&self.trace.sink, about, &time);
            }
        }
        self.give_away(about);
    }

    /// The connection is gone: `by` says who has ended it, unless it was as it should be.
    pub(crate) fn closed(
        &mut self,
        about: &About,
        by: &str,
        why: &str,
        tally: &Tally,
        now: SystemTime,
    ) {
        self.decide(about);
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => {
                let mut text = String::from("- closed after ");
                text::tally(&mut text, tally);
                if !why.is_empty() {
                    text.push_str(": ");
                    text::escaped(&mut text, why.as_bytes(), 0);
                }
                text::line(&mut self.out, self.style, &time, about, &text);
            }
            Format::Json => {
                let mut object = json::Object::begin(&mut self.out, &time, "close", about);
                let lasted = u64::try_from(tally.lasted.as_micros()).unwrap_or(u64::MAX);
                object
                    .number("duration_us", lasted)
                    .number("commands", tally.commands)
                    .number("errors", tally.errors)
                    .number("rows", tally.rows)
                    .number("sent", tally.sent)
                    .number("received", tally.received);
                for (key, value) in [("by", by), ("why", why)] {
                    if !value.is_empty() {
                        object.text(key, value.as_bytes());
                    }
                }
                object.end();
            }
            Format::Hex => {}
        }
        self.give_away(about);
    }

    /// A side has closed the connection, or was lost.
    pub(crate) fn side_ended(
        &mut self,
        about: &About,
        side: Direction,
        lost: Option<&io::Error>,
        now: SystemTime,
    ) {
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => {
                let mut text = String::from("= ");
                text::escaped(&mut text, in_words(side, lost).as_bytes(), 0);
                text::line(&mut self.out, self.style, &time, about, &text);
            }
            Format::Json => {
                let mut object = json::Object::begin(&mut self.out, &time, "ended", about);
                object.text("side", side_name(side));
                match lost {
                    None => object.text("how", b"closed"),
                    Some(error) => object
                        .text("how", b"lost")
                        .text("message", error.to_string().as_bytes()),
                };
                object.end();
            }
            Format::Hex => {}
        }
        self.give_away(about);
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
        self.error(about, now, &told);
        self.give_away(about);
    }

    /// An error that is no answer to a command.
    pub(super) fn error(&mut self, about: &About, now: SystemTime, told: &ErrorTold<'_>) {
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => text::error(&mut self.out, self.style, &time, about, told),
            Format::Json => {
                let mut object = json::Object::begin(&mut self.out, &time, told.event, about);
                object.number("error", told.code);
                if !told.sql_state.is_empty() {
                    object.text("sql_state", told.sql_state);
                }
                object.text("message", told.message).end();
            }
            Format::Hex => {}
        }
    }

    /// The proxy has ended TLS on a side.
    pub(crate) fn encrypted(
        &mut self,
        about: &About,
        side: &str,
        tls: ConnectionTls,
        now: SystemTime,
    ) {
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => {
                let text = format!("= {} {} with the {side}", tls.version, tls.cipher);
                text::line(&mut self.out, self.style, &time, about, &text);
            }
            Format::Json => json::Object::begin(&mut self.out, &time, "tls", about)
                .text("side", side.as_bytes())
                .text("version", tls.version.as_bytes())
                .text("cipher", tls.cipher.as_bytes())
                .end(),
            Format::Hex => {}
        }
        self.give_away(about);
    }

    pub(super) fn is_offered(&mut self, greeting: &Handshake) {
        if let Handshake::V10(greeting) = greeting {
            self.shared = greeting.capabilities;
        }
    }

    pub(super) fn is_shared(&mut self, login: &HandshakeResponse) {
        self.shared &= login.capabilities();
    }

    pub(super) fn greeting(&mut self, greeting: &Handshake, about: &About, now: SystemTime) {
        let (version, id) = match greeting {
            Handshake::V10(greeting) => (&greeting.server_version, greeting.thread_id),
            Handshake::V9(greeting) => (&greeting.server_version, greeting.thread_id),
        };
        let time = self.time(now);
        match self.trace.options.format {
            Format::Json => json::Object::begin(&mut self.out, &time, "greeting", about)
                .text("server_version", version)
                .number("thread_id", id)
                .end(),
            _ => {
                let mut text = String::from("= server ");
                text::escaped(&mut text, version, self.style.width);
                text.push_str(&format!(", its connection {id}"));
                text::line(&mut self.out, self.style, &time, about, &text);
            }
        }
    }

    pub(super) fn login(&mut self, login: &HandshakeResponse, about: &About, now: SystemTime) {
        let method = match login {
            HandshakeResponse::V41(login) => login.client_plugin_name.clone(),
            _ => Bytes::new(),
        };
        let time = self.time(now);
        if self.trace.options.format == Format::Json {
            let mut object = json::Object::begin(&mut self.out, &time, "login", about);
            object
                .text("user", &about.user)
                .text("schema", &about.schema)
                .text("method", &method)
                .number("capabilities", login.capabilities().bits());
            object.end();
            return;
        }
        let mut text = String::from("= user ");
        text::escaped(&mut text, &about.user, self.style.width);
        for (name, value) in [(", schema ", &about.schema), (", ", &method)] {
            if !value.is_empty() {
                text.push_str(name);
                text::escaped(&mut text, value, self.style.width);
            }
        }
        text::line(&mut self.out, self.style, &time, about, &text);
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
        let time = self.time(now);
        if self.trace.options.format == Format::Json {
            let mut object = json::Object::begin(&mut self.out, &time, event, about);
            if !more.is_empty() {
                object.text("message", more);
            }
            return object.end();
        }
        let mut text = format!("= {words}");
        if !more.is_empty() {
            text.push_str(": ");
            text::escaped(&mut text, more, 0);
        }
        text::line(&mut self.out, self.style, &time, about, &text);
    }
}
