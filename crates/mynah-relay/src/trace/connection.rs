use std::collections::VecDeque;
use std::time::SystemTime;

use mynah_classic::Capabilities;
use mynah_classic::response::ErrPacket;
use mynah_session::observe::{Event, Loss};

use super::commands::Open;
use super::hex::HexFile;
use super::only::Wanted;
use super::record::{About, ErrorTold};
use super::text::Style;
use super::{Format, Trace, x};
use crate::timing::Timing;

/// Tells of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionTrace {
    pub(super) trace: Trace,
    pub(super) style: Style,
    pub(super) shared: Capabilities,
    /// What was written of what is happening, and not been given away.
    pub(super) out: String,
    /// The time, as it was last written, and which second that was.
    pub(super) stamp: (u64, String),
    /// The commands that have begun.
    pub(super) open: VecDeque<Open>,
    /// The last command whose start text has told of.
    pub(super) last_told: Option<u64>,
    /// Whether the server's warnings may be about a statement that is hidden.
    pub(super) warnings_are_secret: bool,
    pub(super) wanted: Wanted,
    pub(super) file: Option<HexFile>,
    pub(super) x: x::State,
}

impl ConnectionTrace {
    pub(crate) fn new(trace: &Trace) -> Self {
        let options = &trace.options;
        Self {
            style: Style {
                colours: options.colours,
                width: options.width,
                slow: options.slow,
            },
            trace: trace.clone(),
            shared: Capabilities::empty(),
            out: String::new(),
            stamp: (u64::MAX, String::new()),
            open: VecDeque::new(),
            last_told: None,
            warnings_are_secret: false,
            wanted: match &options.only {
                None => Wanted::Yes,
                Some(_) => Wanted::NotDecided(String::new()),
            },
            file: None,
            x: x::State::default(),
        }
    }

    /// Whether an event is of any use here: the start of a command isn't at a level that tells of
    /// its end only.
    pub(crate) fn looks_at(&self, event: &Event) -> bool {
        let options = &self.trace.options;
        !matches!(event, Event::Started(_)) || options.level >= 2 || options.format == Format::Hex
    }

    /// Something was seen. `timing` is that of a command that is completed.
    pub(crate) fn saw(&mut self, event: &Event, about: &About, now: SystemTime, timing: Timing) {
        let format = self.trace.options.format;
        if matches!(
            event,
            Event::LoggedIn { .. } | Event::Refused(_) | Event::Lost(_)
        ) {
            self.decide(about);
        }
        match event {
            Event::Message(message) => self.message(message, about, now),
            Event::Started(asked) if format == Format::Hex => {
                self.open_command(asked);
            }
            Event::Completed(answer) if format == Format::Hex => {
                self.close_command(answer);
            }
            Event::Greeting(greeting) if format == Format::Hex => self.is_offered(greeting),
            Event::Login(login) if format == Format::Hex => self.is_shared(login),
            _ if format == Format::Hex => {}
            Event::Started(asked) => self.started(asked, about, now),
            Event::Completed(answer) => self.completed(answer, about, now, timing),
            Event::LoggedIn { .. } => {
                self.note(about, now, "logged_in", "logged in", b"");
            }
            Event::Greeting(greeting) => {
                self.is_offered(greeting);
                self.greeting(greeting, about, now);
            }
            Event::Login(login) => {
                self.is_shared(login);
                self.login(login, about, now);
            }
            Event::TlsRequested => self.note(about, now, "tls_requested", "asked for TLS", b""),
            Event::Compressed(algorithm) => {
                let name = format!("{algorithm:?}").to_lowercase();
                self.note(about, now, "compressed", "compresses", name.as_bytes());
            }
            Event::Refused(error) => {
                self.server_says("refused", "the server refuses", error, about, now);
            }
            Event::Unasked(error) => {
                self.server_says(
                    "unasked_error",
                    "the server says, unasked",
                    error,
                    about,
                    now,
                );
            }
            Event::Lost(loss) => {
                let why = lost(loss);
                self.note(about, now, "lost", "no more is seen", why.as_bytes());
            }
        }
        self.give_away(about);
    }

    fn server_says(
        &mut self,
        event: &'static str,
        words: &'static str,
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
        self.error(about, now, &told);
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
