//! Sends what a handler answered.

use std::vec;

use mynah_x::crud::{DataModel, Insert};
use mynah_x::datatypes::Scalar;
use mynah_x::notice::{Frame as Notice, FrameType, Level, Parameter};
use mynah_x::resultset::{
    FetchDone, FetchDoneMoreOutParams, FetchDoneMoreResultsets, FetchSuspended,
};
use mynah_x::sql::StmtExecuteOk;
use mynah_x::status::Ok as XOk;

use super::failures;
use super::machine::{Action, Server, State};
use super::messages::{LoggedIn, Next};
use super::outgoing::Mark;
use super::sending::{Progress, Sending};
use crate::x::column::metadata;
use crate::{
    Completion, Failure, Outcome, Reply, ResultSet, RowSource, Rows, Warning, WarningLevel,
};

/// What an answer is to, which decides what is said besides its rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Style {
    /// A text.
    Sql,
    /// Documents or rows that are read.
    Find,
    /// Documents or rows that are inserted; the ids that documents have got.
    Insert { is_table: bool, ids: Vec<String> },
    /// Documents or rows that are changed or deleted.
    Change,
    /// A view.
    View,
    /// A command.
    Admin,
}

/// What a handler is asked, and how its answer is sent.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) style: Style,
    /// Whether columns have no names.
    pub(super) compact: bool,
    /// The cursor that the answer is for, and how many rows of it are wanted at first.
    pub(super) cursor: Option<(u32, u64)>,
    /// The prepared statement that is run, if it is one.
    pub(super) statement_id: Option<u32>,
}

/// What is left to send of an answer.
#[derive(Debug)]
pub(super) struct Answering {
    pub(super) asked: Asked,
    more: vec::IntoIter<Outcome>,
    sending: Option<Sending>,
    /// How many more rows are wanted.
    pub(super) wanted: u64,
    /// What was there before the result, while it may still be taken back.
    start: Option<Mark>,
}

impl Style {
    pub(super) fn insert(insert: &Insert, ids: Vec<String>) -> Self {
        Self::Insert {
            is_table: insert.data_model == Some(DataModel::Table.into()),
            ids,
        }
    }
}

impl Asked {
    pub(super) fn new(style: Style, compact: bool) -> Self {
        Self {
            style,
            compact,
            cursor: None,
            statement_id: None,
        }
    }
}

impl Server {
    pub(super) fn reply(&mut self, mut state: Box<LoggedIn>, asked: Asked, reply: Reply) -> Next {
        let Reply {
            outcome, mut more, ..
        } = reply;
        for outcome in std::iter::once(&outcome).chain(&more) {
            self.take_over(&mut state, outcome);
        }
        more.insert(0, outcome);
        if asked.statement_id.is_none() {
            more.retain(|outcome| !is_out_parameters(outcome));
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
        self.send_outcome(state, answering, first)
    }

    fn send_outcome(
        &mut self,
        state: Box<LoggedIn>,
        mut answering: Answering,
        first: Outcome,
    ) -> Next {
        let mut next = Some(first);
        while let Some(outcome) = next {
            match outcome {
                Outcome::Error(failure) => return self.fail_answer(state, answering, &failure),
                Outcome::Ok(completion) => match answering.more.next() {
                    // Nothing is said of a statement without rows before others.
                    Some(outcome) => next = Some(outcome),
                    None => return self.finish(state, &answering.asked, &completion),
                },
                Outcome::LocalInfile(_) => {
                    let failure = failures::not_in_x("a file");
                    return self.fail_answer(state, answering, &failure);
                }
                Outcome::Kill(kill) => return self.kill(state, kill, answering.asked),
                Outcome::Binlog(_) => {
                    let failure = failures::not_in_x("a binary log");
                    return self.fail_answer(state, answering, &failure);
                }
                Outcome::Rows(result) => {
                    self.start_rows(&mut answering, result);
                    return self.send_rows(state, answering);
                }
            }
        }
        self.finish(state, &answering.asked, &Completion::default())
    }

    fn start_rows(&mut self, answering: &mut Answering, result: ResultSet) {
        answering.start = Some(self.outgoing.mark());
        for column in result.columns.iter() {
            self.outgoing
                .result(metadata(column, answering.asked.compact));
        }
        answering.sending = Some(Sending::new(result));
    }

    /// Sends rows as far as it goes, and what follows them.
    pub(super) fn send_rows(&mut self, state: Box<LoggedIn>, mut answering: Answering) -> Next {
        let Some(sending) = &mut answering.sending else {
            return self.expect_message(state);
        };
        match sending.send(&mut self.outgoing, &mut answering.wanted) {
            Progress::Sent => self.end_rows(state, answering),
            Progress::Enough => {
                self.outgoing.result(FetchSuspended {});
                self.outgoing.seal()?;
                self.outgoing.send(StmtExecuteOk {});
                self.keep_cursor(state, answering)
            }
            Progress::Full => {
                if answering.start.is_some()
                    && let Err(failure) = sending.check()
                {
                    return self.fail_answer(state, answering, &failure);
                }
                answering.start = None;
                self.outgoing.seal()?;
                self.actions.push_back(Action::Flush);
                Ok(State::ExpectFlushed(state, Box::new(answering)))
            }
            Progress::NeedsRows(source) => {
                answering.start = None;
                self.actions.push_back(Action::AskRows(source));
                Ok(State::ExpectRows(state, Box::new(answering)))
            }
            Progress::Failed(failure) => self.fail_answer(state, answering, &failure),
        }
    }

    /// What follows the last row of a result.
    fn end_rows(&mut self, state: Box<LoggedIn>, mut answering: Answering) -> Next {
        let end = match answering.sending.take() {
            Some(sending) => sending.end,
            None => Completion::default(),
        };
        match answering.more.next() {
            None => {
                self.outgoing.result(FetchDone {});
                self.finish(state, &answering.asked, &end)
            }
            Some(outcome) => {
                if is_out_parameters(&outcome) {
                    self.outgoing.result(FetchDoneMoreOutParams {});
                } else {
                    self.outgoing.result(FetchDoneMoreResultsets {});
                }
                if let (Outcome::Ok(completion), 0) = (&outcome, answering.more.len()) {
                    // As after a procedure: no columns, no rows.
                    self.outgoing.result(FetchDone {});
                    return self.finish(state, &answering.asked, completion);
                }
                self.send_outcome(state, answering, outcome)
            }
        }
    }

    /// What is said of a statement that succeeded, when its rows are sent.
    fn finish(&mut self, mut state: Box<LoggedIn>, asked: &Asked, completion: &Completion) -> Next {
        if state.warnings {
            for warning in &completion.warnings {
                self.outgoing.notice(&warning_notice(warning));
            }
        }
        self.say_of(asked, completion);
        self.outgoing.seal()?;
        match asked.style {
            Style::View => self.outgoing.send(XOk { msg: None }),
            _ => self.outgoing.send(StmtExecuteOk {}),
        }
        if let Some((id, _)) = asked.cursor {
            state.cursors.reach_end(id, asked);
        }
        self.expect_message(state)
    }

    /// The notices of a statement, in the order that a server has for each kind.
    fn say_of(&mut self, asked: &Asked, completion: &Completion) {
        let affected = |server: &mut Self| {
            let rows = Scalar::uint(completion.affected_rows);
            server
                .outgoing
                .state_changed(Parameter::RowsAffected, vec![rows]);
        };
        let message = |server: &mut Self| {
            if !completion.message.is_empty() {
                let message = Scalar::string(completion.message.clone());
                server
                    .outgoing
                    .state_changed(Parameter::ProducedMessage, vec![message]);
            }
        };
        let insert_id = |server: &mut Self| {
            if completion.last_insert_id != 0 {
                let id = Scalar::uint(completion.last_insert_id);
                server
                    .outgoing
                    .state_changed(Parameter::GeneratedInsertId, vec![id]);
            }
        };
        match &asked.style {
            Style::Sql => {
                affected(self);
                insert_id(self);
                message(self);
            }
            Style::Insert { is_table, ids } => {
                message(self);
                affected(self);
                if *is_table {
                    insert_id(self);
                } else if !ids.is_empty() {
                    let ids = ids.iter().map(|id| Scalar::octets(id.clone())).collect();
                    self.outgoing
                        .state_changed(Parameter::GeneratedDocumentIds, ids);
                }
            }
            Style::Change => {
                message(self);
                affected(self);
            }
            Style::Find | Style::View | Style::Admin => {}
        }
    }

    pub(super) fn more_rows(
        &mut self,
        state: Box<LoggedIn>,
        mut answering: Answering,
        rows: Result<Rows, Failure>,
    ) -> Next {
        match (rows, &mut answering.sending) {
            (Ok(rows), Some(sending)) => sending.continue_with(rows),
            (Err(failure), _) => {
                answering.sending = None;
                return self.fail_answer(state, answering, &failure);
            }
            (Ok(_), None) => {}
        }
        self.send_rows(state, answering)
    }

    /// Ends an answer with an error, in place of the result that it is about if nobody has got any
    /// of that yet.
    fn fail_answer(
        &mut self,
        state: Box<LoggedIn>,
        answering: Answering,
        failure: &Failure,
    ) -> Next {
        if let Some(sending) = &answering.sending {
            if let Some(start) = answering.start {
                self.outgoing.take_back(start);
            }
            self.drop_rows(sending.source());
        }
        for outcome in answering.more {
            if let Outcome::Rows(result) = outcome {
                self.drop_rows(result.rows.source());
            }
        }
        self.fail_message(state, failure)
    }

    /// Nobody will ask for these rows any more.
    pub(super) fn drop_rows(&mut self, source: Option<RowSource>) {
        self.actions.extend(source.map(Action::DropRows));
    }

    /// Takes over what an outcome says of the session.
    fn take_over(&mut self, state: &mut LoggedIn, outcome: &Outcome) {
        let completion = match outcome {
            Outcome::Ok(completion) => completion,
            Outcome::Rows(result) => &result.end,
            _ => return,
        };
        let schema = state.session.schema.clone();
        state.session.take_over(completion, self.greeted.dialect);
        if state.session.schema != schema {
            self.login_version += 1;
        }
    }
}

impl Answering {
    /// What was sent so far, the client has got.
    pub(super) fn fetched(&mut self) {
        self.start = None;
    }

    /// The rest of an answer whose rows are fetched some at a time.
    pub(super) fn source(&self) -> Option<RowSource> {
        self.sending.as_ref().and_then(Sending::source)
    }
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

fn is_out_parameters(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Rows(result) if result.is_out_parameters)
}
