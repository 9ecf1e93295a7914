//! What an observer of the classic protocol saw.

use std::time::SystemTime;

use bytes::Bytes;
use mynah_classic::connection::{Handshake, HandshakeResponse};
use mynah_session::observe::{Event, Loss};

use super::connection::ConnectionTrace;
use super::events::{REFUSED, UNASKED};
use super::format::LoginTold;
use super::record::About;
use crate::timing::Timing;

impl ConnectionTrace {
    /// Whether an event is of any use here: the start of a command isn't at a level that tells of
    /// its end only.
    pub(crate) fn looks_at(&self, event: &Event) -> bool {
        !matches!(event, Event::Started(_)) || self.trace.options.level >= 2 || self.is_recording()
    }

    /// Something was seen. `timing` is that of a command that is completed.
    pub(crate) fn saw(&mut self, event: &Event, about: &About, now: SystemTime, timing: Timing) {
        if matches!(
            event,
            Event::LoggedIn { .. } | Event::Refused(_) | Event::Lost(_)
        ) {
            self.decide(about);
        }
        match event {
            Event::Message(message) => self.message(message, about, now),
            Event::Started(asked) => self.started(asked, about, now),
            Event::Completed(answer) => self.completed(answer, about, now, timing),
            Event::LoggedIn { .. } => {
                self.note(about, now, "logged_in", "logged in", b"");
            }
            Event::Greeting(greeting) => self.greeting(greeting, about, now),
            Event::Login(login) => self.login(login, about, now),
            Event::TlsRequested => self.note(about, now, "tls_requested", "asked for TLS", b""),
            Event::Compressed(algorithm) => {
                let name = format!("{algorithm:?}").to_lowercase();
                self.note(about, now, "compressed", "compresses", name.as_bytes());
            }
            Event::Refused(error) => self.server_says(REFUSED, error, about, now),
            Event::Unasked(error) => self.server_says(UNASKED, error, about, now),
            Event::Lost(loss) => {
                let why = lost(loss);
                self.note(about, now, "lost", "no more is seen", why.as_bytes());
            }
        }
        self.lines.give_away(about.connection);
    }

    fn greeting(&mut self, greeting: &Handshake, about: &About, now: SystemTime) {
        let (version, id) = match greeting {
            Handshake::V10(greeting) => {
                self.shared = greeting.capabilities;
                (&greeting.server_version, greeting.thread_id)
            }
            Handshake::V9(greeting) => (&greeting.server_version, greeting.thread_id),
        };
        self.write(about, now, |format, line| {
            format.greeting(line, version, id)
        });
    }

    fn login(&mut self, login: &HandshakeResponse, about: &About, now: SystemTime) {
        let capabilities = login.capabilities();
        self.shared &= capabilities;
        let method = match login {
            HandshakeResponse::V41(login) => login.client_plugin_name.clone(),
            _ => Bytes::new(),
        };
        let login = LoginTold {
            user: &about.user,
            schema: &about.schema,
            method: &method,
            capabilities: Some(capabilities),
        };
        self.write(about, now, |format, line| format.login(line, &login));
    }
}

fn lost(loss: &Loss) -> String {
    match loss {
        Loss::Encrypted => "it is encrypted end to end".to_owned(),
        Loss::NoGreeting(error) => format!("the server's greeting makes no sense: {error}"),
        Loss::NoHandshakeResponse(error) => {
            format!("the client's answer to the greeting makes no sense: {error}")
        }
        Loss::NoLoginEnd(error) => format!("the end of the login makes no sense: {error}"),
        Loss::Frame(error) => format!("a compressed frame makes no sense: {error}"),
        Loss::Other(code) => format!("another protocol follows {code:?}"),
        Loss::TooManyCommands => "too many commands wait for their answers".to_owned(),
    }
}
