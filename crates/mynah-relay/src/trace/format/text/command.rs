use mynah_classic::StatusFlags;
use mynah_session::observe::Outcome;

use super::escape::escaped;
use super::given;
use super::style::{BOLD, DIM, PLAIN, RED, Style, YELLOW};
use super::writing::{MESSAGE, counted, latency, put};
use crate::trace::format::Line;
use crate::trace::record::Record;
use crate::trace::shown::HIDDEN;

/// The line of a command and its answer.
pub(super) fn command(line: Line<'_>, style: Style, record: &Record<'_>) {
    let Line { out, time, .. } = line;
    let (dim, bold, red, plain) = (
        style.on(DIM),
        style.on(BOLD),
        style.on(RED),
        style.on(PLAIN),
    );
    let (id, name) = (style.tag(record.about.id), record.command);
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
    if !record.sql.is_empty() && !record.is_shown {
        out.push_str(": ");
        escaped(out, record.sql, style.width);
    }
    if let Some(name) = record.foreign.filter(|_| !record.is_shown) {
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
            put(out, format_args!(", {red}ERROR {}", error.code));
            if let Some(state) = error.sql_state {
                put(out, format_args!(" ({state})"));
            }
            out.push(' ');
            if record.secret {
                out.push_str(HIDDEN);
            } else {
                escaped(out, &error.message, MESSAGE);
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
