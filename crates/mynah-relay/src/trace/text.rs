//! For people: a line for each thing that happens, and more below it at higher levels.

use std::fmt::Write;
use std::time::Duration;

use mynah_classic::StatusFlags;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Direction, Outcome};

use super::decoded::Decoded;
use super::fields::TextTeller;
use super::record::{About, ErrorTold, Packet, Record, Shown};

/// How text is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) colours: bool,
    /// How many characters of a text are shown; 0 for all.
    pub(super) width: usize,
}

impl Style {
    fn on(self, code: &'static str) -> &'static str {
        if self.colours { code } else { "" }
    }
}

/// A line about the connection as a whole.
pub(super) fn line(out: &mut String, style: Style, time: &str, about: &About, text: &str) {
    let (dim, plain) = (style.on(DIM), style.on(PLAIN));
    let id = about.connection;
    put(out, format_args!("{dim}{time}{plain} [{id}] {text}\n"));
}

/// The line of an error that is no answer to a command.
pub(super) fn error(
    out: &mut String,
    style: Style,
    time: &str,
    about: &About,
    error: &ErrorTold<'_>,
) {
    let (dim, red, plain) = (style.on(DIM), style.on(RED), style.on(PLAIN));
    let (id, words) = (about.connection, error.words);
    put(
        out,
        format_args!(
            "{dim}{time}{plain} [{id}] = {words}: {red}ERROR {}",
            error.code
        ),
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

/// The line of a command and its answer.
pub(super) fn command(out: &mut String, style: Style, time: &str, record: &Record<'_>) {
    let (dim, bold, red, plain) = (
        style.on(DIM),
        style.on(BOLD),
        style.on(RED),
        style.on(PLAIN),
    );
    let id = record.about.connection;
    let name = record.command;
    put(
        out,
        format_args!("{dim}{time}{plain} [{id}] {bold}{name}{plain}"),
    );
    if let Some(timing) = record.timing() {
        out.push(' ');
        latency(out, timing.latency);
        if !timing.waited.is_zero() {
            out.push_str(" after ");
            latency(out, timing.waited);
            out.push_str(" behind others");
        }
    }
    outcome(out, record, red, plain);
    if !record.sql.is_empty() {
        out.push_str(": ");
        escaped(out, record.sql, style.width);
    }
    if !record.parameters.is_empty() {
        out.push_str(" <- ");
        values(out, record.parameters, style);
    }
    out.push('\n');
}

fn outcome(out: &mut String, record: &Record<'_>, red: &str, plain: &str) {
    let answer = record.answer;
    match &answer.outcome {
        Outcome::NotAnswered => {}
        Outcome::Done => {
            if answer.rows > 0 || answer.result_sets > 0 {
                put(out, format_args!(", {}", counted(answer.rows, "row")));
            }
            if answer.results > 1 {
                put(out, format_args!(" in {} results", answer.results));
            }
            if answer.affected_rows > 0 {
                put(out, format_args!(", {} affected", answer.affected_rows));
            }
            if answer.last_insert_id > 0 {
                put(out, format_args!(", id {}", answer.last_insert_id));
            }
            if answer.warnings > 0 {
                let warnings = counted(answer.warnings.into(), "warning");
                put(out, format_args!(", {warnings}"));
            }
            for (flag, word) in [
                (StatusFlags::IN_TRANS, "in transaction"),
                (StatusFlags::CURSOR_EXISTS, "cursor"),
            ] {
                if answer.status_flags.contains(flag) {
                    put(out, format_args!(", {word}"));
                }
            }
        }
        Outcome::Prepared(ok) => {
            let (id, params) = (ok.statement_id, counted(ok.num_params.into(), "parameter"));
            put(out, format_args!(", statement {id}, {params}"));
        }
        Outcome::Failed(error) => {
            put(out, format_args!(", {red}ERROR {}", error.error_code));
            if let Some(state) = error.sql_state {
                put(out, format_args!(" ({state})"));
            }
            out.push(' ');
            if record.secret {
                out.push_str(HIDDEN);
            } else {
                escaped(out, &error.error_message, MESSAGE);
            }
            out.push_str(plain);
        }
        Outcome::Undecodable(error) => {
            put(
                out,
                format_args!(", {red}the answer makes no sense: {error}{plain}"),
            );
        }
        Outcome::CutOff => put(out, format_args!(", {red}never answered{plain}")),
    }
}

/// A command as it starts.
pub(super) fn started(
    out: &mut String,
    style: Style,
    time: &str,
    about: &About,
    name: &str,
    sql: &[u8],
) {
    let (dim, bold, plain) = (style.on(DIM), style.on(BOLD), style.on(PLAIN));
    let id = about.connection;
    put(
        out,
        format_args!("{dim}{time}{plain} [{id}] > {bold}{name}{plain}"),
    );
    if !sql.is_empty() {
        out.push_str(": ");
        escaped(out, sql, style.width);
    }
    out.push('\n');
}

pub(super) fn column(out: &mut String, style: Style, id: u32, column: &ColumnDefinition41) {
    put(out, format_args!("    [{id}] column "));
    escaped(out, column.names.name(), style.width);
    put(out, format_args!(": {:?}", column.column_type));
    if !column.names.table().is_empty() {
        out.push_str(" of ");
        escaped(out, column.names.schema(), style.width);
        out.push('.');
        escaped(out, column.names.table(), style.width);
    }
    out.push('\n');
}

pub(super) fn column_x(out: &mut String, style: Style, id: u32, name: &[u8], field_type: &str) {
    put(out, format_args!("    [{id}] column "));
    escaped(out, name, style.width);
    put(out, format_args!(": {field_type}\n"));
}

pub(super) fn row(out: &mut String, style: Style, id: u32, row: &[Shown]) {
    put(out, format_args!("    [{id}] row "));
    values(out, row, style);
    out.push('\n');
}

pub(super) fn packet(out: &mut String, style: Style, id: u32, packet: &Packet<'_>) {
    let arrow = match packet.direction {
        Direction::Client => "C->S",
        Direction::Server => "S->C",
    };
    let (sequence_id, len) = (packet.sequence_id, packet.len);
    let Decoded {
        name,
        fields,
        rest,
        why,
    } = &packet.decoded;
    put(
        out,
        format_args!("    [{id}] {arrow} #{sequence_id} {len} bytes, {name}"),
    );
    if let Some(fields) = fields {
        let end = out.len();
        out.push(' ');
        let width = style.width;
        fields.tell(&mut TextTeller { out, width });
        if out.get(end..) == Some(" {}") {
            out.truncate(end);
        }
    }
    if !rest.is_empty() {
        out.push_str(", left over: ");
        escaped(out, rest, 0);
    }
    if let Some(why) = why {
        out.push_str(": ");
        escaped(out, why.as_bytes(), 0);
    }
    out.push('\n');
    if let Some(bytes) = packet.bytes {
        dump(out, id, bytes);
    }
}

/// Sixteen bytes on a line, as numbers and as characters.
fn dump(out: &mut String, id: u32, bytes: &[u8]) {
    for (number, line) in bytes.chunks(16).enumerate() {
        put(out, format_args!("    [{id}] {:06x} ", number * 16));
        for at in 0..16 {
            match line.get(at) {
                Some(byte) => put(out, format_args!(" {byte:02x}")),
                None => out.push_str("   "),
            }
        }
        out.push_str("  ");
        out.extend(line.iter().map(|&byte| match byte {
            b' '..=b'~' => char::from(byte),
            _ => '.',
        }));
        out.push('\n');
    }
}

fn values(out: &mut String, values: &[Shown], style: Style) {
    out.push('(');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        match value {
            Shown::Null => out.push_str("NULL"),
            Shown::Number(text) => escaped(out, text.as_bytes(), style.width),
            Shown::Plain(text) => put(out, format_args!("'{text}'")),
            Shown::Bytes(bytes) => {
                out.push('\'');
                escaped(out, bytes, style.width);
                out.push('\'');
            }
            Shown::LongData => out.push_str("(sent before)"),
            Shown::Hidden => out.push_str(HIDDEN),
        }
    }
    out.push(')');
}

/// Text of others: harmless to a terminal, one line, and cut if it is long.
pub(super) fn escaped(out: &mut String, text: &[u8], width: usize) {
    let most = if width == 0 { usize::MAX } else { width };
    let mut shown = 0;
    for chunk in text.utf8_chunks() {
        for char in chunk.valid().chars() {
            if shown == most {
                put(out, format_args!("… ({} bytes)", text.len()));
                return;
            }
            shown += 1;
            match char {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                char if is_harmful(char) => put(out, format_args!("{}", char.escape_unicode())),
                char => out.push(char),
            }
        }
        for byte in chunk.invalid() {
            if shown == most {
                put(out, format_args!("… ({} bytes)", text.len()));
                return;
            }
            shown += 1;
            put(out, format_args!("\\x{byte:02x}"));
        }
    }
}

/// What moves the cursor, or turns the direction of text.
fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn latency(out: &mut String, latency: Duration) {
    let micros = latency.as_micros();
    if micros < 1_000_000 {
        put(
            out,
            format_args!("{}.{:03} ms", micros / 1000, micros % 1000),
        );
    } else {
        put(out, format_args!("{:.3} s", latency.as_secs_f64()));
    }
}

pub(super) fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _written = out.write_fmt(text);
}

pub(super) const HIDDEN: &str = "(hidden)";
/// How many characters of an error message are shown; servers cut them at 512.
const MESSAGE: usize = 1024;
const DIM: &str = "\x1b[2m";
const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const PLAIN: &str = "\x1b[0m";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_harmless_to_a_terminal() {
        let shown = |text: &[u8], width| {
            let mut out = String::new();
            escaped(&mut out, text, width);
            out
        };
        assert_eq!(shown(b"a\n\x1b[31mb\x07", 0), "a\\n\\u{1b}[31mb\\u{7}");
        assert_eq!(shown("é\u{202e}".as_bytes(), 0), "é\\u{202e}");
        assert_eq!(shown(b"\xff\xfea", 0), "\\xff\\xfea");
        assert_eq!(shown(b"abcdef", 3), "abc… (6 bytes)");
        assert_eq!(shown(b"abc", 3), "abc");
    }
}
