mod command;
mod escape;
mod field_writer;
mod given;
mod packet;
mod style;
mod writing;

use bytes::Bytes;
use mynah_net::ConnectionTls;
use mynah_session::observe::{Direction, LoginAttempt};

use super::api::{Format, Line, UnansweredError};
use crate::failure::in_words;
use crate::trace::options::TraceOptions;
use crate::trace::record::{Column, Packet, Record};
use crate::trace::shown::Shown;
use crate::{Closed, PlayedFault};
use escape::escaped;
#[cfg(test)]
pub(in crate::trace) use field_writer::TextFieldWriter;
use style::{BOLD, DIM, PLAIN, RED, Style};
pub(super) use writing::counted;
use writing::{MESSAGE, latency, put};

/// For people: a line for each thing that happens, and more below it at higher levels.
#[derive(Debug)]
pub(super) struct Text {
    style: Style,
}

impl Text {
    pub(super) fn new(options: &TraceOptions) -> Self {
        Self {
            style: Style {
                colours: options.colours,
                width: options.width,
                slow: options.slow,
            },
        }
    }

    /// Writes a line about the connection as a whole.
    fn line(&self, line: Line<'_>, text: &str) {
        let Line { out, time, about } = line;
        let (dim, plain) = (self.style.on(DIM), self.style.on(PLAIN));
        let id = self.style.tag(about.id);
        put(out, format_args!("{dim}{time}{plain} {id} {text}\n"));
    }
}

impl Format for Text {
    /// Writes the time of day only: people know the date.
    fn time(&self, second: &str, micros: u32) -> String {
        let time = second.get(11..).unwrap_or(second);
        format!("{time}.{micros:06}")
    }

    fn lines_lost(&self, time: &str, lines: u64, why: &str) -> String {
        let lines = counted(lines, "line");
        format!("{time} {lines} of the trace are lost: {why}\n")
    }

    fn lines_cut(&self) -> &'static str {
        "    … more than is held for a filter\n"
    }

    fn connected(&self, line: Line<'_>) {
        let about = line.about;
        let by = about.via.as_deref().map(|via| format!(" by {via}"));
        let by = by.unwrap_or_default();
        let text = format!("+ {}{by} to {}", about.client, about.server);
        self.line(line, &text);
    }

    fn passed_over(&self, line: Line<'_>, server: &str, why: &str) {
        let mut text = format!("= not to {server}: ");
        escaped(&mut text, why.as_bytes(), MESSAGE);
        self.line(line, &text);
    }

    fn closed(&self, line: Line<'_>, closed: &Closed) {
        let mut text = String::from("- closed after ");
        let tally = &closed.tally;
        latency(&mut text, tally.lasted);
        for (count, what) in [
            (tally.commands, "command"),
            (tally.errors, "error"),
            (tally.rows, "row"),
        ] {
            if count > 0 || what == "command" {
                put(&mut text, format_args!(", {}", counted(count, what)));
            }
        }
        let (sent, received) = (counted(tally.sent, "byte"), tally.received);
        put(
            &mut text,
            format_args!(", {sent} sent, {received} received"),
        );
        if !closed.why.is_empty() {
            text.push_str(": ");
            escaped(&mut text, closed.why.as_bytes(), 0);
        }
        self.line(line, &text);
    }

    fn side_ended(&self, line: Line<'_>, side: Direction, lost: Option<&str>) {
        let mut text = String::from("= ");
        escaped(&mut text, in_words(side, lost).as_bytes(), 0);
        self.line(line, &text);
    }

    fn fault(&self, line: Line<'_>, played: &PlayedFault) {
        let Line { out, time, about } = line;
        let style = self.style;
        let (dim, red, plain) = (style.on(DIM), style.on(RED), style.on(PLAIN));
        let PlayedFault {
            rule, at, fault, ..
        } = played;
        let id = style.tag(about.id);
        put(
            out,
            format_args!(
                "{dim}{time}{plain} {id} ! the proxy plays {red}fault {rule}: {at} {fault}{plain}\n"
            ),
        );
    }

    fn error(&self, line: Line<'_>, error: &UnansweredError<'_>) {
        let Line { out, time, about } = line;
        let style = self.style;
        let (dim, red, plain) = (style.on(DIM), style.on(RED), style.on(PLAIN));
        let (id, words, code) = (style.tag(about.id), error.words, error.code);
        put(
            out,
            format_args!("{dim}{time}{plain} {id} = {words}: {red}ERROR {code}"),
        );
        if !error.sql_state.is_empty() {
            out.push_str(" (");
            escaped(out, error.sql_state, 0);
            out.push(')');
        }
        out.push(' ');
        escaped(out, error.message, MESSAGE);
        put(out, format_args!("{plain}\n"));
    }

    fn encrypted(&self, line: Line<'_>, side: Direction, tls: ConnectionTls) {
        let side = side.name();
        let text = format!("= {} {} with the {side}", tls.version, tls.cipher);
        self.line(line, &text);
    }

    fn greeting(&self, line: Line<'_>, version: &[u8], thread_id: u32) {
        let mut text = String::from("= server ");
        escaped(&mut text, version, self.style.width);
        put(&mut text, format_args!(", its connection {thread_id}"));
        self.line(line, &text);
    }

    fn login(&self, line: Line<'_>, login: &LoginAttempt) {
        let mut text = String::from("= user ");
        escaped(&mut text, &login.user, self.style.width);
        for (name, value) in [(", schema ", &login.schema), (", ", &login.method)] {
            if !value.is_empty() {
                text.push_str(name);
                escaped(&mut text, value, self.style.width);
            }
        }
        self.line(line, &text);
    }

    fn note(&self, line: Line<'_>, _event: &str, words: &str, more: &[u8]) {
        let mut text = format!("= {words}");
        if !more.is_empty() {
            text.push_str(": ");
            escaped(&mut text, more, 0);
        }
        self.line(line, &text);
    }

    fn started(&self, line: Line<'_>, name: &str, sql: &dyn Fn() -> Option<Bytes>) -> bool {
        let Some(sql) = sql() else { return false };
        let Line { out, time, about } = line;
        let style = self.style;
        let (dim, bold, plain) = (style.on(DIM), style.on(BOLD), style.on(PLAIN));
        let id = style.tag(about.id);
        put(
            out,
            format_args!("{dim}{time}{plain} {id} > {bold}{name}{plain}"),
        );
        if !sql.is_empty() {
            out.push_str(": ");
            escaped(out, &sql, style.width);
        }
        out.push('\n');
        true
    }

    fn command(&self, line: Line<'_>, record: &Record<'_>) {
        command::command(line, self.style, record);
    }

    fn packet(&self, line: Line<'_>, packet: &Packet<'_>) {
        packet::packet(line.out, self.style, line.about.id, packet);
    }

    fn column(&self, line: Line<'_>, _number: u64, column: &Column<'_>) {
        let (out, style) = (line.out, self.style);
        put(
            out,
            format_args!("    {} column ", style.tag(line.about.id)),
        );
        escaped(out, column.name, style.width);
        put(out, format_args!(": {}", column.column_type));
        if let Some(definition) = column.definition
            && !definition.names.table().is_empty()
        {
            out.push_str(" of ");
            escaped(out, definition.names.schema(), style.width);
            out.push('.');
            escaped(out, definition.names.table(), style.width);
        }
        out.push('\n');
    }

    fn row(&self, line: Line<'_>, _number: u64, row: &[Shown]) {
        let (out, style) = (line.out, self.style);
        put(out, format_args!("    {} row ", style.tag(line.about.id)));
        given::values(out, row, style);
        out.push('\n');
    }
}
