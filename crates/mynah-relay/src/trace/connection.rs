use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use jiff::Timestamp;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_net::ConnectionTls;
use mynah_session::observe::{Answer, Asked, Event, Loss};
use mynah_x::resultset::FieldType;

use super::hex::{self, HexFile};
use super::record::{About, Record, Shown};
use super::text::{self, Style};
use super::{Format, Trace, describe, json, redact, secrets::Secrets, values};

/// Tells of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionTrace {
    pub(super) trace: Trace,
    pub(super) style: Style,
    pub(super) shared: Capabilities,
    /// What was written of what is happening, and not been given away.
    pub(super) out: String,
    /// The time, as it was last written, and which second that was.
    stamp: (u64, String),
    /// The commands that have begun.
    pub(super) open: VecDeque<Open>,
    file: Option<HexFile>,
    /// Of the X Protocol: the statements that are prepared, the columns of the result that comes,
    /// whether its rows have begun, and lines whose fate isn't decided.
    pub(super) prepared_x: HashMap<u32, Bytes>,
    pub(super) columns_x: Vec<Option<FieldType>>,
    pub(super) rows_x: bool,
    pub(super) held_x: String,
}

#[derive(Debug)]
pub(super) struct Open {
    pub(super) number: u64,
    pub(super) secret: bool,
    pub(super) columns: Vec<ColumnDefinition41>,
    /// Its lines, as long as it isn't known whether they are wanted.
    held: String,
    cut: bool,
}

impl ConnectionTrace {
    pub(crate) fn new(trace: &Trace) -> Self {
        let options = &trace.options;
        Self {
            style: Style {
                colours: options.colours,
                width: options.width,
            },
            trace: trace.clone(),
            shared: Capabilities::empty(),
            out: String::new(),
            stamp: (u64::MAX, String::new()),
            open: VecDeque::new(),
            file: None,
            prepared_x: HashMap::new(),
            columns_x: Vec::new(),
            rows_x: false,
            held_x: String::new(),
        }
    }

    /// The connection is there.
    pub(crate) fn opened(&mut self, about: &About, now: SystemTime) {
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => {
                let text = format!("+ {} to {}", about.client, about.server);
                text::line(&mut self.out, self.style, &time, about, &text);
            }
            Format::Json => json::Object::begin(&mut self.out, &time, "connect", about)
                .text("client", about.client.as_bytes())
                .text("listener", about.listener.as_bytes())
                .text("server", about.server.as_bytes())
                .end(),
            Format::Hex => {
                hex::head(&mut self.out, about, &time);
                self.file = self
                    .trace
                    .sink
                    .folder()
                    .map(|folder| HexFile::create(folder, about, &time));
            }
        }
        self.give_away(about);
    }

    /// The connection is gone, for a reason or at its end.
    pub(crate) fn closed(&mut self, about: &About, why: &str, commands: u64, now: SystemTime) {
        let time = self.time(now);
        match self.trace.options.format {
            Format::Text => {
                let mut text = format!("- closed after {}", text::counted(commands, "command"));
                if !why.is_empty() {
                    text.push_str(": ");
                    text::escaped(&mut text, why.as_bytes(), 0);
                }
                text::line(&mut self.out, self.style, &time, about, &text);
            }
            Format::Json => {
                let mut object = json::Object::begin(&mut self.out, &time, "close", about);
                object.number("commands", commands);
                if !why.is_empty() {
                    object.text("why", why.as_bytes());
                }
                object.end();
            }
            Format::Hex => {}
        }
        self.give_away(about);
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

    /// Whether an event is of any use here: the start of a command isn't at a level that tells of
    /// its end only.
    pub(crate) fn looks_at(&self, event: &Event) -> bool {
        let options = &self.trace.options;
        !matches!(event, Event::Started(_)) || options.level >= 2 || options.format == Format::Hex
    }

    /// Something was seen. `latency` is that of a command that is completed.
    pub(crate) fn saw(&mut self, event: &Event, about: &About, now: SystemTime, latency: Duration) {
        let format = self.trace.options.format;
        match event {
            Event::Message(message) => self.message(message, about, now),
            Event::Started(asked) if format == Format::Hex => {
                let sql = describe::about(asked, self.shared);
                self.open_command(asked.number, &sql);
            }
            Event::Completed(answer) if format == Format::Hex => {
                let number = answer.asked.number;
                self.open.retain(|open| open.number != number);
            }
            Event::Greeting(greeting) if format == Format::Hex => self.is_offered(greeting),
            Event::Login(login) if format == Format::Hex => self.is_shared(login),
            _ if format == Format::Hex => {}
            Event::Started(asked) => self.started(asked, about, now),
            Event::Completed(answer) => self.completed(answer, about, now, latency),
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
                let text = format!(
                    "ERROR {} {}",
                    error.error_code,
                    String::from_utf8_lossy(&error.error_message)
                );
                self.note(about, now, "refused", "the server says", text.as_bytes());
            }
            Event::Lost(loss) => {
                let why = lost(loss);
                self.note(about, now, "lost", "no more is seen", why.as_bytes());
            }
        }
        self.give_away(about);
    }

    fn started(&mut self, asked: &Asked, about: &About, now: SystemTime) {
        if self.trace.options.level < 2 {
            return;
        }
        let sql = describe::about(asked, self.shared);
        self.open_command(asked.number, &sql);
        if self.trace.options.format == Format::Text {
            let name = describe::name(asked.code);
            let sql = self.hidden(&sql);
            let time = self.time(now);
            text::started(&mut self.out, self.style, &time, about, name, &sql);
            self.hold(asked.number);
        }
    }

    /// The command, which a packet of it may have come before.
    fn open_command(&mut self, number: u64, sql: &[u8]) {
        if self.open.iter().any(|open| open.number == number) {
            return;
        }
        self.open.push_back(Open {
            number,
            secret: !self.trace.options.show_secrets && redact::is_secret(sql),
            columns: Vec::new(),
            held: String::new(),
            cut: false,
        });
    }

    fn completed(&mut self, answer: &Answer, about: &About, now: SystemTime, latency: Duration) {
        if self.trace.options.level < 1 {
            return;
        }
        let asked = &answer.asked;
        let sql = describe::about(asked, self.shared);
        let secrets = if self.trace.options.show_secrets {
            Secrets::default()
        } else {
            Secrets::of(&sql)
        };
        let parameters = self.parameters(asked, &secrets);
        let hidden = without(&sql, &secrets);
        let record = Record {
            about,
            answer,
            command: describe::name(asked.code),
            sql: &hidden,
            latency,
            parameters: &parameters,
            secret: !secrets.is_empty(),
        };
        let wanted = self.is_wanted(&record);
        let place = self
            .open
            .iter()
            .position(|open| open.number == asked.number);
        if let Some(open) = place.and_then(|place| self.open.remove(place))
            && wanted
        {
            self.out.push_str(&open.held);
        }
        if wanted {
            let time = self.time(now);
            match self.trace.options.format {
                Format::Json => json::command(&mut self.out, &time, &record),
                _ => text::command(&mut self.out, self.style, &time, &record),
            }
        }
    }

    pub(super) fn is_wanted(&self, record: &Record<'_>) -> bool {
        let filter = self.trace.options.filter.as_ref();
        filter.is_none_or(|filter| filter.holds(record))
    }

    fn parameters(&self, asked: &Asked, secrets: &Secrets) -> Vec<Shown> {
        let Some(executed) = &asked.executed else {
            return Vec::new();
        };
        if asked.code != CommandCode::STMT_EXECUTE {
            return Vec::new();
        }
        let Ok(parameters) = executed.parameters(&asked.payload, self.shared) else {
            return Vec::new();
        };
        if secrets.parameters {
            return vec![Shown::Hidden; parameters.len()];
        }
        parameters.iter().map(values::parameter).collect()
    }

    /// Text without its passwords.
    fn hidden(&self, sql: &Bytes) -> Bytes {
        if self.trace.options.show_secrets {
            return sql.clone();
        }
        without(sql, &Secrets::of(sql))
    }

    /// The lines of a command wait for its end if a filter has to decide about them.
    pub(super) fn hold(&mut self, number: u64) {
        if self.trace.options.filter.is_none() {
            return self.put();
        }
        let open = self.open.iter_mut().find(|open| open.number == number);
        let Some(open) = open else {
            return self.out.clear();
        };
        if open.held.len() < MOST_HELD {
            open.held.push_str(&self.out);
        } else if !std::mem::replace(&mut open.cut, true) {
            open.held.push_str("    … more than is held for a filter\n");
        }
        self.out.clear();
    }

    pub(super) fn give_away(&mut self, about: &About) {
        if self.out.is_empty() {
            return;
        }
        match &mut self.file {
            Some(file) => {
                file.put(&self.out);
                self.out.clear();
            }
            None => {
                if self.trace.options.format == Format::Hex {
                    let id = about.connection;
                    if LAST_IN_HEX.swap(id, Ordering::Relaxed) != id && !self.out.starts_with('#') {
                        self.out.insert_str(0, &format!("# connection: {id}\n"));
                    }
                }
                self.put();
            }
        }
    }

    fn put(&mut self) {
        self.trace.sink.put(self.out.as_bytes());
        self.out.clear();
        if self.out.capacity() > KEPT {
            self.out = String::new();
        }
    }

    /// The time in UTC, to the microsecond.
    pub(super) fn time(&mut self, now: SystemTime) -> String {
        let since = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        if self.stamp.0 != since.as_secs() {
            let second = i64::try_from(since.as_secs()).unwrap_or_default();
            let time = Timestamp::from_second(second)
                .unwrap_or_default()
                .to_string();
            self.stamp = (since.as_secs(), time.trim_end_matches('Z').to_owned());
        }
        let second = &self.stamp.1;
        let start = match self.trace.options.format {
            // People know what day it is.
            Format::Text => second.get(11..).unwrap_or(second),
            _ => second,
        };
        let end = if self.trace.options.format == Format::Text {
            ""
        } else {
            "Z"
        };
        format!("{start}.{:06}{end}", since.subsec_micros())
    }
}

/// A statement with `'…'` where its passwords are.
pub(super) fn without(sql: &Bytes, secrets: &Secrets) -> Bytes {
    if secrets.ranges.is_empty() {
        return sql.clone();
    }
    let (mut shown, mut from) = (Vec::new(), 0);
    for range in &secrets.ranges {
        shown.extend_from_slice(sql.get(from..range.start).unwrap_or_default());
        shown.extend_from_slice(text::HIDDEN.as_bytes());
        from = range.end;
    }
    shown.extend_from_slice(sql.get(from..).unwrap_or_default());
    shown.into()
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

/// Which connection wrote last, where all write to one place.
static LAST_IN_HEX: AtomicU32 = AtomicU32::new(0);

/// How much of a command is held for a filter to decide about.
pub(super) const MOST_HELD: usize = 1024 * 1024;

/// How much buffer is kept.
const KEPT: usize = 64 * 1024;
