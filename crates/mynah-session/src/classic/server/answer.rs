//! Sends what a handler answered.

use std::vec;

use mynah_classic::response::{BinlogEvent, EofPacket, OkPacket, SqlState};
use mynah_classic::resultset::MetadataFollows;
use mynah_classic::{Capabilities, StatusFlags};

use super::bulk::Bulk;
use super::command_phase::LoggedIn;
use super::machine::{Action, Server, State};
use super::result_set::{Progress, Sending, ok_packet, send_columns, send_eof};
use crate::{Completion, Failure, Outcome, Reply, ResultSet, RowSource, Rows, SessionError};

/// What an answer is to.
#[derive(Debug)]
pub(super) enum Purpose {
    /// A text.
    Query,
    /// A prepared statement, whose rows may be left for COM_STMT_FETCH.
    Execute { statement_id: u32, cursor: bool },
    /// Some rows of a cursor.
    Fetch { statement_id: u32 },
    /// One row of a bulk execution.
    Bulk(Box<Bulk>),
}

/// What is left to send of an answer.
#[derive(Debug)]
pub(super) struct Answering {
    pub(super) purpose: Purpose,
    more: vec::IntoIter<Outcome>,
    sending: Option<Box<Sending>>,
    /// How many more rows of this result are wanted.
    wanted: u64,
    /// Length of the output and number of the next packet before the result, while it may still be
    /// taken back.
    start: Option<(usize, u8)>,
}

/// What a handler is asked, and what follows its answer.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) purpose: Purpose,
    pub(super) more: vec::IntoIter<Outcome>,
}

impl Purpose {
    fn is_binary(&self) -> bool {
        !matches!(self, Self::Query)
    }
}

impl From<Purpose> for Asked {
    fn from(purpose: Purpose) -> Self {
        Self {
            purpose,
            more: Vec::new().into_iter(),
        }
    }
}

impl Server {
    pub(super) fn reply(
        &mut self,
        mut state: LoggedIn,
        asked: Asked,
        reply: Reply,
    ) -> Result<State, SessionError> {
        let Asked { purpose, more } = asked;
        if let (Outcome::Kill(kill), false) = (&reply.outcome, matches!(purpose, Purpose::Bulk(_)))
        {
            return self.kill_by_statement(state, *kill);
        }
        if let Purpose::Bulk(bulk) = purpose {
            return self.bulk_reply(state, bulk, reply);
        }
        let Reply {
            mut outcome,
            more: mut rest,
            encodings,
            ..
        } = reply;
        rest.extend(more);
        let binary = purpose.is_binary();
        if !binary {
            rest.retain(|outcome| !is_out_parameters(outcome));
            if is_out_parameters(&outcome) {
                outcome = Outcome::Ok(Completion::default());
            }
        }
        if !rest.is_empty() && !has_multi_results(state.shared, binary) {
            for outcome in std::iter::once(&outcome).chain(&rest) {
                self.drop_outcome(outcome);
            }
            self.exchange.send_failure(one_result(), state.shared)?;
            return Ok(self.expect_command(state));
        }
        let cursor = matches!(purpose, Purpose::Execute { cursor: true, .. });
        // A command of many packets moves the numbers of its answer.
        let encodings = encodings
            .filter(|_| self.exchange.next_sequence_id() == 1 && rest.is_empty() && !cursor)
            // Whether a client is told columns depends on what it was told before.
            .filter(|_| !binary || !state.shared.contains(Capabilities::MARIADB_CACHE_METADATA));
        if let Some(kept) = &encodings {
            self.take_over(&mut state, &outcome);
            if let Some(packets) = kept.get(state.shared, binary, state.session.flags()) {
                self.exchange.output.extend_from_slice(packets);
                return Ok(self.expect_command(state));
            }
        }
        let (start, shared) = (self.exchange.output.len(), state.shared);
        let told = state.session.flags();
        let answering = Answering {
            purpose,
            more: rest.into_iter(),
            sending: None,
            wanted: u64::MAX,
            start: None,
        };
        let is_sent_whole = is_at_hand(&outcome);
        let next = self.send_outcome(state, answering, outcome)?;
        if let (Some(encodings), State::ExpectCommand(_), true) = (encodings, &next, is_sent_whole)
        {
            let packets = self.exchange.output.get(start..).unwrap_or_default();
            encodings.keep(shared, binary, told, packets);
        }
        Ok(next)
    }

    fn send_outcome(
        &mut self,
        mut state: LoggedIn,
        mut answering: Answering,
        first: Outcome,
    ) -> Result<State, SessionError> {
        let mut next = Some(first);
        while let Some(outcome) = next {
            self.take_over(&mut state, &outcome);
            match outcome {
                Outcome::Error(failure) => return self.fail(state, answering, failure),
                Outcome::Ok(completion) => {
                    let mut packet = ok_packet(&completion, &state.session, state.shared);
                    packet.status_flags |= answering.more_results();
                    self.exchange.send(&packet, state.shared)?;
                }
                Outcome::LocalInfile(file) => {
                    let asked = Asked {
                        purpose: answering.purpose,
                        more: answering.more,
                    };
                    return self.ask_client_for(state, asked, file);
                }
                Outcome::Kill(kill) => return self.kill_by_statement(state, kill),
                Outcome::Binlog(events) => {
                    for event in events {
                        self.exchange.send(&BinlogEvent { event }, ())?;
                    }
                    // An EOF even for those who know it no more (seen: MySQL 9.7).
                    let shared = state.shared - Capabilities::DEPRECATE_EOF;
                    let end = EofPacket {
                        status_flags: state.session.flags(),
                        ..EofPacket::default()
                    };
                    self.exchange.send(&end, shared)?;
                }
                Outcome::Rows(result) => {
                    let opens_cursor =
                        matches!(answering.purpose, Purpose::Execute { cursor: true, .. })
                            && answering.more.len() == 0;
                    if opens_cursor {
                        return self.open_cursor(state, &answering, result);
                    }
                    self.start_rows(&mut state, &mut answering, result)?;
                    return self.send_rows(state, answering);
                }
            }
            next = answering.more.next();
        }
        Ok(self.expect_command(state))
    }

    fn start_rows(
        &mut self,
        state: &mut LoggedIn,
        answering: &mut Answering,
        result: ResultSet,
    ) -> Result<(), SessionError> {
        answering.start = Some((self.exchange.output.len(), self.exchange.next_sequence_id()));
        // Of several results, or behind others, a client couldn't tell whose columns it knows.
        let is_only = answering.more.len() == 0 && self.exchange.next_sequence_id() == 1;
        let (metadata, shared) = (
            state.metadata_of(&answering.purpose, &result, is_only),
            state.shared,
        );
        let columns = result.columns.clone();
        let sending = Sending::new(result, answering.purpose.is_binary());
        let status_flags = sending.status_flags(&state.session) | answering.more_results();
        send_columns(&mut self.exchange, &columns, metadata, status_flags, shared)?;
        answering.sending = Some(Box::new(sending));
        answering.wanted = u64::MAX;
        Ok(())
    }

    /// Sends rows as far as it goes, and what follows them.
    pub(super) fn send_rows(
        &mut self,
        state: LoggedIn,
        mut answering: Answering,
    ) -> Result<State, SessionError> {
        let Some(sending) = &mut answering.sending else {
            return Ok(self.expect_command(state));
        };
        let fetches = matches!(answering.purpose, Purpose::Fetch { .. });
        match sending.send(&mut self.exchange, &mut answering.wanted) {
            Progress::Sent if fetches => {
                let last = StatusFlags::LAST_ROW_SENT;
                sending.send_end(&mut self.exchange, &state.session, last, state.shared)?;
                Ok(self.expect_command(state))
            }
            Progress::Sent => {
                let more = if answering.more.len() == 0 {
                    StatusFlags::empty()
                } else {
                    StatusFlags::MORE_RESULTS_EXISTS
                };
                sending.send_end(&mut self.exchange, &state.session, more, state.shared)?;
                answering.sending = None;
                match answering.more.next() {
                    Some(outcome) => self.send_outcome(state, answering, outcome),
                    None => Ok(self.expect_command(state)),
                }
            }
            Progress::Enough => {
                let open = StatusFlags::CURSOR_EXISTS;
                sending.send_end(&mut self.exchange, &state.session, open, state.shared)?;
                Ok(self.keep_cursor(state, answering))
            }
            Progress::Full => {
                if answering.start.is_some()
                    && let Err(failure) = sending.check()
                {
                    return self.fail(state, answering, failure);
                }
                answering.start = None;
                self.actions.push_back(Action::Flush);
                Ok(State::ExpectFlushed(state, Box::new(answering)))
            }
            Progress::NeedsRows(source) => {
                answering.start = None;
                self.actions.push_back(Action::AskRows(source));
                Ok(State::ExpectRows(state, Box::new(answering)))
            }
            Progress::Failed(failure) => self.fail(state, answering, failure),
        }
    }

    pub(super) fn more_rows(
        &mut self,
        state: LoggedIn,
        mut answering: Answering,
        rows: Result<Rows, Failure>,
    ) -> Result<State, SessionError> {
        match (rows, &mut answering.sending) {
            (Ok(rows), Some(sending)) => sending.continue_with(rows),
            (Err(failure), _) => {
                answering.sending = None;
                return self.fail(state, answering, failure);
            }
            (Ok(_), None) => {}
        }
        self.send_rows(state, answering)
    }

    /// Ends an answer with an error, in place of the result that it is about if nobody has got any
    /// of that yet.
    fn fail(
        &mut self,
        mut state: LoggedIn,
        answering: Answering,
        failure: Failure,
    ) -> Result<State, SessionError> {
        if let Some(sending) = &answering.sending {
            if let Some((len, sequence_id)) = answering.start {
                self.exchange.take_back(len, sequence_id);
                if let Purpose::Execute { statement_id, .. } = answering.purpose {
                    state.statements().tell_columns(statement_id, None);
                }
            }
            self.drop_rows(sending.source());
        }
        for outcome in answering.more {
            self.drop_outcome(&outcome);
        }
        state.session.warning_count = 1;
        self.exchange.send_failure(failure, state.shared)?;
        Ok(self.expect_command(state))
    }

    fn open_cursor(
        &mut self,
        mut state: LoggedIn,
        answering: &Answering,
        result: ResultSet,
    ) -> Result<State, SessionError> {
        let (columns, shared) = (result.columns.clone(), state.shared);
        let sending = Sending::new(result, true);
        if let Err(failure) = sending.check() {
            self.drop_rows(sending.source());
            self.exchange.send_failure(failure, shared)?;
            return Ok(self.expect_command(state));
        }
        let status_flags = sending.status_flags(&state.session) | StatusFlags::CURSOR_EXISTS;
        let metadata = state.metadata();
        if let Purpose::Execute { statement_id, .. } = answering.purpose {
            state.statements().tell_columns(statement_id, None);
        }
        send_columns(&mut self.exchange, &columns, metadata, status_flags, shared)?;
        if shared.contains(Capabilities::DEPRECATE_EOF) {
            let end = OkPacket {
                status_flags,
                ..OkPacket::default()
            };
            send_eof(&mut self.exchange, end, shared)?;
        }
        if let Purpose::Execute { statement_id, .. } = answering.purpose
            && let Ok((_, statement)) = state.statements().get(statement_id)
        {
            statement.cursor = Some(Box::new(sending));
        }
        Ok(self.expect_command(state))
    }

    /// Sends the next rows of a cursor.
    pub(super) fn fetch(
        &mut self,
        state: LoggedIn,
        statement_id: u32,
        cursor: Box<Sending>,
        num_rows: u32,
    ) -> Result<State, SessionError> {
        let answering = Answering {
            purpose: Purpose::Fetch { statement_id },
            more: Vec::new().into_iter(),
            sending: Some(cursor),
            wanted: num_rows.into(),
            start: None,
        };
        self.send_rows(state, answering)
    }

    fn keep_cursor(&mut self, mut state: LoggedIn, answering: Answering) -> State {
        if let Purpose::Fetch { statement_id } = answering.purpose
            && let Ok((_, statement)) = state.statements().get(statement_id)
        {
            statement.cursor = answering.sending;
        }
        self.expect_command(state)
    }

    /// Nobody will ask for these rows any more.
    pub(super) fn drop_rows(&mut self, source: Option<RowSource>) {
        self.actions.extend(source.map(Action::DropRows));
    }

    pub(super) fn drop_outcome(&mut self, outcome: &Outcome) {
        if let Outcome::Rows(result) = outcome {
            self.drop_rows(result.rows.source());
        }
    }

    /// Takes over what an outcome says of the session.
    pub(super) fn take_over(&mut self, state: &mut LoggedIn, outcome: &Outcome) {
        let completion = match outcome {
            Outcome::Ok(completion) => completion,
            Outcome::Rows(result) => &result.end,
            _ => return,
        };
        if state.take_over(completion) {
            self.login_version += 1;
        }
    }
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

impl LoggedIn {
    /// Whether columns are described.
    pub(super) fn metadata(&self) -> MetadataFollows {
        let may = self
            .shared
            .contains(Capabilities::OPTIONAL_RESULTSET_METADATA);
        if may && self.session.without_metadata {
            MetadataFollows::NONE
        } else {
            MetadataFollows::FULL
        }
    }

    /// The same for a result. MariaDB's clients keep the columns of a prepared statement, and aren't
    /// told them again until they change.
    fn metadata_of(
        &mut self,
        purpose: &Purpose,
        result: &ResultSet,
        is_only: bool,
    ) -> MetadataFollows {
        let keeps = self.shared.contains(Capabilities::MARIADB_CACHE_METADATA);
        match purpose {
            Purpose::Execute { statement_id, .. } if keeps => {
                let columns = is_only.then_some(&result.columns);
                match self.statements().tell_columns(*statement_id, columns) {
                    true => MetadataFollows::NONE,
                    false => self.metadata(),
                }
            }
            _ => self.metadata(),
        }
    }
}

/// Whether all that there is to an outcome is known.
fn is_at_hand(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Rows(result) => result.rows.source().is_none(),
        Outcome::Ok(_) | Outcome::Error(_) => true,
        Outcome::LocalInfile(_) | Outcome::Binlog(_) | Outcome::Kill(_) => false,
    }
}

fn is_out_parameters(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Rows(result) if result.is_out_parameters)
}

fn has_multi_results(shared: Capabilities, binary: bool) -> bool {
    shared.contains(if binary {
        Capabilities::PS_MULTI_RESULTS
    } else {
        Capabilities::MULTI_RESULTS
    }) || (!binary && shared.contains(Capabilities::MULTI_STATEMENTS))
}

/// What a client is told that takes no more than one.
fn one_result() -> Failure {
    Failure {
        code: 1312,
        sql_state: SqlState(*b"0A000"),
        message: "PROCEDURE can't return a result set in the given context: the client takes one \
                  result of a statement"
            .into(),
    }
}
