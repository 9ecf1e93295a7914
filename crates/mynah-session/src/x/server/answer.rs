//! Sends the handler's answer.

use mynah_x::datatypes::Scalar;
use mynah_x::notice::{Frame as Notice, FrameType, Level, Parameter};
use mynah_x::resultset::{
    FetchDone, FetchDoneMoreOutParams, FetchDoneMoreResultsets, FetchSuspended,
};
use mynah_x::sql::StmtExecuteOk;
use mynah_x::status::Ok as XOk;

use super::core::Core;
use super::event::Action;
use super::logged_in::LoggedIn;
use super::outgoing::Outgoing;
use super::sending::Sending;
use super::waiting::{Answering, Asked, Next, Style, Waiting};
use super::{failures, kill};
use crate::progress::Progress;
use crate::x::column::metadata;
use crate::{
    Completion, Failure, Outcome, Question, Reply, ResultSet, Rows, SessionError, Warning,
    WarningLevel,
};

pub(super) fn reply(
    session: &mut LoggedIn,
    core: &mut Core,
    asked: Asked,
    reply: Reply,
) -> Result<Next, SessionError> {
    let Reply {
        outcome, mut more, ..
    } = reply;
    more.insert(0, outcome);
    if asked.statement_id.is_none() {
        more.retain(|outcome| !outcome.is_out_parameters());
    }
    let mut more = more.into_iter();
    let first = more
        .next()
        .unwrap_or_else(|| Outcome::Ok(Completion::default()));
    let answering = Answering {
        wanted: asked.cursor.map_or(u64::MAX, |(_, rows)| rows),
        asked,
        more,
        sending: None,
        start: None,
    };
    send_outcome(session, core, answering, first)
}

fn send_outcome(
    session: &mut LoggedIn,
    core: &mut Core,
    mut answering: Answering,
    first: Outcome,
) -> Result<Next, SessionError> {
    let mut next = Some(first);
    while let Some(outcome) = next {
        // Only now: what follows an error isn't sent, and doesn't change the session.
        session.take_over(core, &outcome);
        match outcome {
            Outcome::Error(failure) => return fail_answer(session, core, answering, &failure),
            Outcome::Ok(completion) => match answering.more.next() {
                // A result without rows in front of others has no message.
                Some(outcome) => next = Some(outcome),
                None => return finish(session, core, &answering.asked, &completion),
            },
            Outcome::LocalInfile(_) => {
                let failure = failures::not_in_x("a file");
                return fail_answer(session, core, answering, &failure);
            }
            Outcome::Kill(kill) => return kill::kill(session, core, kill, answering.asked),
            Outcome::Binlog(_) => {
                let failure = failures::not_in_x("a binary log");
                return fail_answer(session, core, answering, &failure);
            }
            Outcome::Packets(packets) => {
                core.outgoing.seal()?;
                if let Err(failure) = core.outgoing.raw(&packets) {
                    return fail_answer(session, core, answering, &failure);
                }
                match answering.more.next() {
                    Some(outcome) => next = Some(outcome),
                    // They say themselves that the answer ends.
                    None => return Next::message(core),
                }
            }
            Outcome::Rows(result) => {
                start_rows(core, &mut answering, result);
                return send_rows(session, core, answering);
            }
        }
    }
    finish(session, core, &answering.asked, &Completion::default())
}

fn start_rows(core: &mut Core, answering: &mut Answering, result: ResultSet) {
    answering.start = Some(core.outgoing.mark());
    put_columns(&mut core.outgoing, &result, answering.asked.compact);
    answering.sending = Some(Sending::new(result));
}

pub(super) fn put_columns(outgoing: &mut Outgoing, result: &ResultSet, compact: bool) {
    for column in result.columns.iter() {
        outgoing.result(metadata(column, compact));
    }
}

/// Sends rows as far as it goes, and what follows them.
pub(super) fn send_rows(
    session: &mut LoggedIn,
    core: &mut Core,
    mut answering: Answering,
) -> Result<Next, SessionError> {
    let Some(sending) = &mut answering.sending else {
        return Next::message(core);
    };
    match sending.send(&mut core.outgoing, &mut answering.wanted) {
        Progress::Sent => end_rows(session, core, answering),
        Progress::Enough => {
            core.outgoing.result(FetchSuspended {});
            core.outgoing.seal()?;
            core.outgoing.send(StmtExecuteOk {});
            session.cursors.keep(answering);
            Next::message(core)
        }
        Progress::Full => {
            if answering.start.is_some()
                && let Err(failure) = sending.check()
            {
                return fail_answer(session, core, answering, &failure);
            }
            answering.start = None;
            core.outgoing.seal()?;
            core.actions.push_back(Action::Flush);
            Ok(Next::Wait(Waiting::Flushed(Box::new(answering))))
        }
        Progress::NeedsRows(source) => {
            answering.start = None;
            core.ask(Question::Rows(source));
            Ok(Next::Wait(Waiting::Rows(Box::new(answering))))
        }
        Progress::Failed(failure) => fail_answer(session, core, answering, &failure),
    }
}

/// Continues after the last row of a result.
fn end_rows(
    session: &mut LoggedIn,
    core: &mut Core,
    mut answering: Answering,
) -> Result<Next, SessionError> {
    let end = match answering.sending.take() {
        Some(sending) => sending.end,
        None => Completion::default(),
    };
    match answering.more.next() {
        None => {
            core.outgoing.result(FetchDone {});
            finish(session, core, &answering.asked, &end)
        }
        Some(outcome) => {
            put_more(&mut core.outgoing, &outcome);
            if let (Outcome::Ok(completion), 0) = (&outcome, answering.more.len()) {
                session.take_over(core, &outcome);
                // As after a procedure: no columns, no rows.
                core.outgoing.result(FetchDone {});
                return finish(session, core, &answering.asked, completion);
            }
            send_outcome(session, core, answering, outcome)
        }
    }
}

/// Says behind rows what follows them.
pub(super) fn put_more(outgoing: &mut Outgoing, following: &Outcome) {
    if following.is_out_parameters() {
        outgoing.result(FetchDoneMoreOutParams {});
    } else {
        outgoing.result(FetchDoneMoreResultsets {});
    }
}

/// Sends the end of a statement that succeeded, after its rows.
fn finish(
    session: &mut LoggedIn,
    core: &mut Core,
    asked: &Asked,
    completion: &Completion,
) -> Result<Next, SessionError> {
    put_notices(
        &mut core.outgoing,
        &asked.style,
        completion,
        session.warnings,
    );
    core.outgoing.seal()?;
    put_end(&mut core.outgoing, &asked.style);
    if let Some((id, _)) = asked.cursor {
        session.cursors.reach_end(id, asked);
    }
    Next::message(core)
}

/// The last message of an answer.
pub(super) fn put_end(outgoing: &mut Outgoing, style: &Style) {
    match style {
        Style::View => outgoing.send(XOk { msg: None }),
        _ => outgoing.send(StmtExecuteOk {}),
    }
}

/// The notices of a statement, in the order that a server has for each kind; its warnings only if they are wanted.
pub(super) fn put_notices(
    outgoing: &mut Outgoing,
    style: &Style,
    completion: &Completion,
    warnings: bool,
) {
    for warning in completion.warnings.iter().filter(|_| warnings) {
        outgoing.notice(&warning_notice(warning));
    }
    let affected = |outgoing: &mut Outgoing| {
        let rows = Scalar::uint(completion.affected_rows);
        outgoing.state_changed(Parameter::RowsAffected, vec![rows]);
    };
    let message = |outgoing: &mut Outgoing| {
        if !completion.message.is_empty() {
            let message = Scalar::string(completion.message.clone());
            outgoing.state_changed(Parameter::ProducedMessage, vec![message]);
        }
    };
    let insert_id = |outgoing: &mut Outgoing| {
        if completion.last_insert_id != 0 {
            let id = Scalar::uint(completion.last_insert_id);
            outgoing.state_changed(Parameter::GeneratedInsertId, vec![id]);
        }
    };
    match style {
        Style::Sql => {
            affected(outgoing);
            insert_id(outgoing);
            message(outgoing);
        }
        Style::Insert { is_table, ids } => {
            message(outgoing);
            affected(outgoing);
            if *is_table {
                insert_id(outgoing);
            } else if !ids.is_empty() {
                let ids = match &*completion.document_ids {
                    [] => ids.iter().map(|id| Scalar::octets(id.clone())).collect(),
                    given => given.iter().map(|id| Scalar::octets(id.clone())).collect(),
                };
                outgoing.state_changed(Parameter::GeneratedDocumentIds, ids);
            }
        }
        Style::Change => {
            message(outgoing);
            affected(outgoing);
        }
        Style::Find | Style::View | Style::Admin => {}
    }
}

pub(super) fn more_rows(
    session: &mut LoggedIn,
    core: &mut Core,
    mut answering: Answering,
    rows: Result<Rows, Failure>,
) -> Result<Next, SessionError> {
    match (rows, &mut answering.sending) {
        (Ok(rows), Some(sending)) => sending.continue_with(rows),
        (Err(failure), _) => {
            answering.sending = None;
            return fail_answer(session, core, answering, &failure);
        }
        (Ok(_), None) => {}
    }
    send_rows(session, core, answering)
}

/// Ends an answer with an error. The error takes the place of the failed result if none of that has been
/// sent.
fn fail_answer(
    session: &mut LoggedIn,
    core: &mut Core,
    answering: Answering,
    failure: &Failure,
) -> Result<Next, SessionError> {
    if let Some(sending) = &answering.sending {
        if let Some(start) = answering.start {
            core.outgoing.take_back(start);
        }
        core.drop_rows(sending.source());
    }
    for outcome in answering.more {
        core.drop_outcome(&outcome);
    }
    // An error among rows was no outcome of its own.
    session.session.take_over_error(failure.code);
    session.fail(core, failure)
}

fn warning_notice(warning: &Warning) -> Notice {
    let level = match warning.level {
        WarningLevel::Note => Level::Note,
        WarningLevel::Warning => Level::Warning,
        WarningLevel::Error => Level::Error,
    };
    let message = mynah_x::notice::Warning {
        level: Some(level.into()),
        code: warning.code.into(),
        msg: String::from_utf8_lossy(&warning.message).into_owned(),
    };
    Notice::local(FrameType::Warning, &message)
}
