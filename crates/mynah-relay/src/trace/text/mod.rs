//! For people: a line for each thing that happens, and more below it at higher levels.

mod escape;
mod given;
mod packet;
mod style;

use std::fmt::Write;
use std::time::Duration;

use mynah_classic::StatusFlags;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::Outcome;

use super::record::{About, ErrorTold, Record, Shown, Tally};
pub(super) use escape::escaped;
pub(super) use packet::packet;
pub(super) use style::Style;
use style::{BOLD, DIM, PLAIN, RED, YELLOW};

/// A line about the connection as a whole.
pub(super) fn line(out: &mut String, style: Style, time: &str, about: &About, text: &str) {
    let (dim, plain) = (style.on(DIM), style.on(PLAIN));
    let id = style.tag(about.connection);
    put(out, format_args!("{dim}{time}{plain} {id} {text}\n"));
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
    let (id, words) = (style.tag(about.connection), error.words);
    put(
        out,
        format_args!(
            "{dim}{time}{plain} {id} = {words}: {red}ERROR {}",
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
    let (id, name) = (style.tag(record.about.connection), record.command);
    let timing = record.timing();
    let is_slow = timing.is_some_and(|timing| timing.latency >= style.slow);
    let slow = if is_slow { style.on(YELLOW) } else { "" };
    put(
        out,
        format_args!("{dim}{time}{plain} {id} {bold}{slow}{name}"),
    );
    if !is_slow {
        out.push_str(plain);
    }
    if let Some(timing) = timing {
        out.push(' ');
        latency(out, timing.latency);
        if !timing.waited.is_zero() {
            out.push_str(" after ");
            latency(out, timing.waited);
            out.push_str(" behind others");
        }
    }
    if is_slow {
        out.push_str(plain);
    }
    outcome(out, record, red, plain);
    if !record.sql.is_empty() && !record.is_told {
        out.push_str(": ");
        escaped(out, record.sql, style.width);
    }
    if let Some(name) = record.foreign.filter(|_| !record.is_told) {
        put(out, format_args!(" ({name})"));
    }
    given::given(out, record.given, style);
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
                (StatusFlags::NO_INDEX_USED, "no index"),
                (StatusFlags::NO_GOOD_INDEX_USED, "no good index"),
                (StatusFlags::QUERY_WAS_SLOW, "slow for the server"),
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
    let id = style.tag(about.connection);
    put(
        out,
        format_args!("{dim}{time}{plain} {id} > {bold}{name}{plain}"),
    );
    if !sql.is_empty() {
        out.push_str(": ");
        escaped(out, sql, style.width);
    }
    out.push('\n');
}

pub(super) fn column(out: &mut String, style: Style, id: u32, column: &ColumnDefinition41) {
    put(out, format_args!("    {} column ", style.tag(id)));
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
    put(out, format_args!("    {} column ", style.tag(id)));
    escaped(out, name, style.width);
    put(out, format_args!(": {field_type}\n"));
}

pub(super) fn row(out: &mut String, style: Style, id: u32, row: &[Shown]) {
    put(out, format_args!("    {} row ", style.tag(id)));
    given::values(out, row, style);
    out.push('\n');
}

/// How long a connection lasted, and what there was on it.
pub(super) fn tally(out: &mut String, tally: &Tally) {
    latency(out, tally.lasted);
    for (count, what) in [
        (tally.commands, "command"),
        (tally.errors, "error"),
        (tally.rows, "row"),
    ] {
        if count > 0 || what == "command" {
            put(out, format_args!(", {}", counted(count, what)));
        }
    }
    let (sent, received) = (counted(tally.sent, "byte"), tally.received);
    put(out, format_args!(", {sent} sent, {received} received"));
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
