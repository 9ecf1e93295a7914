use std::time::Duration;

use mynah_classic::StatusFlags;
use mynah_session::observe::Outcome;

use super::object::Object;
use crate::statement::StatementFacts;
use crate::trace::format::Line;
use crate::trace::record::Record;
use crate::trace::shown::HIDDEN;

/// A command and its answer.
pub(super) fn command(line: Line<'_>, record: &Record<'_>) {
    let (about, answer) = (record.about, record.answer);
    let mut object = Object::begin(line, "command");
    object
        .text("client", about.client.as_bytes())
        .text("user", &about.user)
        .text("schema", &about.schema)
        .number("number", answer.command.number)
        .text("command", record.command.as_bytes());
    match record.foreign {
        _ if record.sql.is_empty() => {}
        Some(name) => {
            object.foreign("sql", record.sql, name);
        }
        None => {
            object.text("sql", record.sql);
        }
    }
    if let Some(facts) = record.statement {
        statement(&mut object, facts, record.has_digest_text);
    }
    object.given(record.given);
    if let Some(timing) = record.timing() {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        object
            .number("waited_us", micros(timing.waited))
            .number("first_byte_us", micros(timing.first_byte))
            .number("latency_us", micros(timing.latency));
    }
    match &answer.outcome {
        Outcome::NotAnswered => object.text("outcome", b"not answered"),
        Outcome::Done => object.text("outcome", b"ok"),
        Outcome::Prepared(ok) => object
            .text("outcome", b"ok")
            .number("statement", ok.statement_id)
            .number("num_params", ok.num_params)
            .number("num_columns", ok.num_columns),
        Outcome::Failed(error) => {
            object.text("outcome", b"error").number("error", error.code);
            if let Some(state) = error.sql_state {
                object.text("sql_state", &state.0);
            }
            let message: &[u8] = if record.secret {
                HIDDEN.as_bytes()
            } else {
                &error.message
            };
            object.text("message", message)
        }
        Outcome::Undecodable(error) => object
            .text("outcome", b"undecodable")
            .text("message", error.to_string().as_bytes()),
        Outcome::CutOff => object.text("outcome", b"cut off"),
    };
    object
        .number("rows", answer.rows)
        .number("results", answer.results)
        .number("affected_rows", answer.affected_rows)
        .number("last_insert_id", answer.last_insert_id)
        .number("warnings", answer.warnings)
        .number("sent", answer.sent)
        .number("received", answer.received)
        .number("status_flags", answer.status_flags.bits())
        .flag(
            "in_transaction",
            answer.status_flags.contains(StatusFlags::IN_TRANS),
        );
    for (key, flag) in [
        ("no_index_used", StatusFlags::NO_INDEX_USED),
        ("no_good_index_used", StatusFlags::NO_GOOD_INDEX_USED),
        ("query_was_slow", StatusFlags::QUERY_WAS_SLOW),
    ] {
        if answer.status_flags.contains(flag) {
            object.flag(key, true);
        }
    }
    object.end();
}

/// The kind of a statement, its tables, its effects and its digest.
fn statement(object: &mut Object<'_>, facts: &StatementFacts, has_digest_text: bool) {
    object.text("kind", facts.kind.name().as_bytes());
    if !facts.tables.is_empty() {
        object.texts("tables", &facts.tables);
    }
    if facts.has_more_tables {
        object.flag("more_tables", true);
    }
    if !facts.effects.is_empty() {
        object.texts("effects", &facts.effects);
    }
    if !facts.sets.is_empty() {
        object.texts("sets", &facts.sets);
    }
    if let Some(digest) = &facts.digest {
        object.text("digest", digest.name().as_bytes());
        if has_digest_text {
            object.text("digest_text", digest.text().as_bytes());
        }
    }
}
