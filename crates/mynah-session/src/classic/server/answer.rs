//! Sends the handler's answer.

use mynah_classic::error_code;
use mynah_classic::response::{BinlogEvent, EofPacket, SqlState};
use mynah_classic::resultset::MetadataFollows;
use mynah_classic::{Capabilities, StatusFlags};

use super::bulk_rows::are_units;
use super::core::Core;
use super::event::Action;
use super::logged_in::LoggedIn;
use super::result_set::{Sending, ok_packet, send_columns};
use super::waiting::{Answering, Asked, Next, Purpose, Waiting};
use super::{cursor, kill, local_infile};
use crate::progress::Progress;
use crate::{Completion, Failure, Outcome, Question, Reply, ResultSet, Rows, SessionError};

pub(super) fn reply(
    session: &mut LoggedIn,
    core: &mut Core,
    asked: Asked,
    reply: Reply,
) -> Result<Next, SessionError> {
    if let Outcome::Kill(kill) = &reply.outcome {
        return kill::by_statement(session, core, *kill);
    }
    let Asked { purpose, more } = asked;
    let Reply {
        mut outcome,
        more: mut rest,
        encodings,
        ..
    } = reply;
    rest.extend(more);
    // A replica that registers reads one OK; the log follows only when it is requested.
    if matches!(
        (&purpose, &outcome),
        (Purpose::Registration, Outcome::Binlog(_))
    ) {
        outcome = Outcome::Ok(Completion::default());
    }
    let binary = purpose.is_binary();
    if !has_out_parameters(session.shared, binary) {
        rest.retain(|outcome| !outcome.is_out_parameters());
        if outcome.is_out_parameters() {
            outcome = Outcome::Ok(Completion::default());
        }
    }
    if !rest.is_empty() && !has_multi_results(session.shared, binary) {
        for outcome in std::iter::once(&outcome).chain(&rest) {
            core.drop_outcome(outcome);
        }
        session.send_failure(core, one_result())?;
        return Ok(Next::command(core));
    }
    let cursor = matches!(purpose, Purpose::Execute { cursor: true, .. });
    // Kept packets are numbered from 1; the answer to a command of several packets begins with another number.
    let encodings = encodings
        .filter(|_| core.exchange.next_sequence_id() == 1 && rest.is_empty() && !cursor)
        // With MARIADB_CACHE_METADATA, whether columns are sent depends on what this client got before.
        .filter(|_| {
            !binary
                || !session
                    .shared
                    .contains(Capabilities::MARIADB_CACHE_METADATA)
        });
    // The session changes even if the packets are kept ones, and before them: their status flags are those of
    // the changed session.
    if let Some(kept) = &encodings {
        session.take_over(core, &outcome);
        if let Some(packets) = kept.get(session.shared, binary, session.session.flags()) {
            core.exchange.output.extend_from_slice(packets);
            return Ok(Next::command(core));
        }
    }
    let (start, shared) = (core.exchange.output.len(), session.shared);
    let flags = session.session.flags();
    let answering = Answering {
        purpose,
        more: rest.into_iter(),
        sending: None,
        wanted: u64::MAX,
        start: None,
    };
    let is_sent_whole = is_at_hand(&outcome);
    let next = send_outcome(session, core, answering, outcome)?;
    if let (Some(encodings), Next::Wait(Waiting::Command), true) = (encodings, &next, is_sent_whole)
    {
        let packets = core.exchange.output.get(start..).unwrap_or_default();
        encodings.keep(shared, binary, flags, packets);
    }
    Ok(next)
}

fn send_outcome(
    session: &mut LoggedIn,
    core: &mut Core,
    mut answering: Answering,
    mut outcome: Outcome,
) -> Result<Next, SessionError> {
    // Each outcome but the last has MORE_RESULTS_EXISTS, by which the client knows that another follows
    // ("Multi-Resultset"). Rows leave this loop: `send_rows` continues with the next outcome when they are
    // sent.
    loop {
        session.take_over(core, &outcome);
        match outcome {
            Outcome::Error(failure) => return fail(session, core, answering, failure),
            Outcome::Ok(completion) => {
                let mut packet = ok_packet(&completion, &session.session, session.shared);
                packet.status_flags |= answering.more_results();
                core.exchange.send(&packet, session.shared)?;
            }
            Outcome::LocalInfile(_) if !session.shared.contains(Capabilities::LOCAL_FILES) => {
                return fail(session, core, answering, local_infile::disabled());
            }
            Outcome::LocalInfile(file) => {
                let asked = Asked {
                    purpose: answering.purpose,
                    more: answering.more,
                };
                return local_infile::ask_client(core, asked, file);
            }
            Outcome::Kill(kill) => return kill::by_statement(session, core, kill),
            Outcome::Binlog(events) => {
                for event in events {
                    core.exchange.send(&BinlogEvent { event }, ())?;
                }
                // An EOF, also for clients with DEPRECATE_EOF (seen: MySQL 9.7).
                let shared = session.shared - Capabilities::DEPRECATE_EOF;
                let end = EofPacket {
                    status_flags: session.session.flags(),
                    ..EofPacket::default()
                };
                core.exchange.send(&end, shared)?;
            }
            Outcome::Packets(packets) => {
                if let Err(failure) = core.exchange.send_raw(&packets) {
                    return fail(session, core, answering, failure);
                }
            }
            Outcome::Rows(result) => {
                // A cursor holds one result, so a reply of several is sent as a whole.
                let opens_cursor =
                    matches!(answering.purpose, Purpose::Execute { cursor: true, .. })
                        && answering.more.len() == 0;
                if opens_cursor {
                    return cursor::open(session, core, &answering, result);
                }
                start_rows(session, core, &mut answering, result)?;
                return send_rows(session, core, answering);
            }
        }
        outcome = match answering.more.next() {
            Some(next) => next,
            None => return Ok(Next::command(core)),
        };
    }
}

fn start_rows(
    session: &mut LoggedIn,
    core: &mut Core,
    answering: &mut Answering,
    result: ResultSet,
) -> Result<(), SessionError> {
    // As long as nothing of the result is flushed, an error can still take its place.
    answering.start = Some((core.exchange.output.len(), core.exchange.next_sequence_id()));
    // With several results, it isn't defined which columns a client may keep, so it gets all of them.
    let is_only = answering.more.len() == 0 && core.exchange.next_sequence_id() == 1;
    let (metadata, shared) = (
        metadata_of(session, &answering.purpose, &result, is_only),
        session.shared,
    );
    let columns = result.columns.clone();
    let sending = Sending::new(result, answering.purpose.is_binary());
    let status_flags = sending.status_flags(&session.session) | answering.more_results();
    send_columns(&mut core.exchange, &columns, metadata, status_flags, shared)?;
    answering.sending = Some(Box::new(sending));
    answering.wanted = u64::MAX;
    Ok(())
}

/// Sends rows as far as it goes, and what follows them.
pub(super) fn send_rows(
    session: &mut LoggedIn,
    core: &mut Core,
    mut answering: Answering,
) -> Result<Next, SessionError> {
    let Some(sending) = &mut answering.sending else {
        return Ok(Next::command(core));
    };
    let fetches = matches!(answering.purpose, Purpose::Fetch { .. });
    // `Sent`, `Enough` and `Failed` end this result. `Full` and `NeedsRows` suspend it: the state keeps what
    // is left, and `Event::Flushed` or more rows come back here.
    match sending.send(&mut core.exchange, &mut answering.wanted) {
        Progress::Sent if fetches => {
            let last = StatusFlags::LAST_ROW_SENT;
            sending.send_end(&mut core.exchange, &session.session, last, session.shared)?;
            Ok(Next::command(core))
        }
        Progress::Sent => {
            let more = if answering.more.len() == 0 {
                StatusFlags::empty()
            } else {
                StatusFlags::MORE_RESULTS_EXISTS
            };
            sending.send_end(&mut core.exchange, &session.session, more, session.shared)?;
            answering.sending = None;
            match answering.more.next() {
                Some(outcome) => send_outcome(session, core, answering, outcome),
                None => Ok(Next::command(core)),
            }
        }
        Progress::Enough => {
            let open = StatusFlags::CURSOR_EXISTS;
            sending.send_end(&mut core.exchange, &session.session, open, session.shared)?;
            Ok(cursor::keep(session, core, answering))
        }
        Progress::Full => {
            // A row that can't be sent should fail the whole result, as it does on a server. After the flush
            // it is too late for that, so all rows at hand are checked before.
            if answering.start.is_some()
                && let Err(failure) = sending.check()
            {
                return fail(session, core, answering, failure);
            }
            answering.start = None;
            core.actions.push_back(Action::Flush);
            Ok(Next::Wait(Waiting::Flushed(Box::new(answering))))
        }
        Progress::NeedsRows(source) => {
            // The output may be sent before the script has made more rows, so nothing can be taken back from here on.
            answering.start = None;
            core.ask(Question::Rows(source));
            Ok(Next::Wait(Waiting::Rows(Box::new(answering))))
        }
        Progress::Failed(failure) => fail(session, core, answering, failure),
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
            return fail(session, core, answering, failure);
        }
        (Ok(_), None) => {}
    }
    send_rows(session, core, answering)
}

/// Ends an answer with an error. The error takes the place of the failed result if none of that has been
/// sent.
fn fail(
    session: &mut LoggedIn,
    core: &mut Core,
    answering: Answering,
    failure: Failure,
) -> Result<Next, SessionError> {
    if let Some(sending) = &answering.sending {
        if let Some((len, sequence_id)) = answering.start {
            core.exchange.take_back(len, sequence_id);
            // The columns were taken back as well: the client doesn't have them.
            if let Purpose::Execute { statement_id, .. } = answering.purpose {
                session.statements().note_columns(statement_id, None);
            }
        }
        core.drop_rows(sending.source());
    }
    for outcome in answering.more {
        core.drop_outcome(&outcome);
    }
    // An error among rows was no outcome of its own.
    session.session.take_over_error(failure.code);
    // An error counts as a warning, as SHOW WARNINGS would list it.
    session.session.warning_count = 1;
    session.send_failure(core, failure)?;
    Ok(Next::command(core))
}

/// Sends the next rows of a cursor.
pub(super) fn fetch(
    session: &mut LoggedIn,
    core: &mut Core,
    statement_id: u32,
    cursor: Box<Sending>,
    num_rows: u32,
) -> Result<Next, SessionError> {
    let answering = Answering {
        purpose: Purpose::Fetch { statement_id },
        more: Vec::new().into_iter(),
        sending: Some(cursor),
        wanted: num_rows.into(),
        start: None,
    };
    send_rows(session, core, answering)
}

impl Answering {
    fn more_results(&self) -> StatusFlags {
        if self.more.len() == 0 {
            StatusFlags::empty()
        } else {
            StatusFlags::MORE_RESULTS_EXISTS
        }
    }
}

/// Whether the columns of a result are sent. MariaDB's clients cache the columns of a prepared statement, and
/// get them again only when they change.
fn metadata_of(
    session: &mut LoggedIn,
    purpose: &Purpose,
    result: &ResultSet,
    is_only: bool,
) -> MetadataFollows {
    let keeps = session
        .shared
        .contains(Capabilities::MARIADB_CACHE_METADATA);
    match purpose {
        Purpose::Execute { statement_id, .. } if keeps => {
            // The columns of unit results are never those that a client keeps for the statement.
            let is_kept = is_only && !are_units(result);
            let columns = is_kept.then_some(&result.columns);
            match session.statements().note_columns(*statement_id, columns) {
                true => MetadataFollows::NONE,
                false => session.metadata(),
            }
        }
        _ => session.metadata(),
    }
}

/// Whether an outcome can be sent without asking for more rows.
fn is_at_hand(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Rows(result) => result.rows.source().is_none(),
        Outcome::Ok(_) | Outcome::Error(_) => true,
        Outcome::LocalInfile(_) | Outcome::Binlog(_) | Outcome::Kill(_) | Outcome::Packets(_) => {
            false
        }
    }
}

/// Whether a client goes on reading behind the first result. MULTI_STATEMENTS implies it for text.
pub(super) fn has_multi_results(shared: Capabilities, binary: bool) -> bool {
    let also = match binary {
        true => Capabilities::PS_MULTI_RESULTS,
        false => Capabilities::MULTI_STATEMENTS,
    };
    shared.intersects(Capabilities::MULTI_RESULTS | also)
}

/// Whether a client gets OUT parameters: a result set of the binary protocol, for clients with PS_MULTI_RESULTS only.
/// A CALL by COM_QUERY has none ("COM_STMT_EXECUTE Response").
pub(super) fn has_out_parameters(shared: Capabilities, binary: bool) -> bool {
    binary && shared.contains(Capabilities::PS_MULTI_RESULTS)
}

/// The error for a client that takes only one result, where there are several.
pub(super) fn one_result() -> Failure {
    Failure {
        code: error_code::ER_SP_BADSELECT,
        sql_state: SqlState(*b"0A000"),
        message: "PROCEDURE can't return a result set in the given context: the client takes one \
                  result of a statement"
            .into(),
    }
}
