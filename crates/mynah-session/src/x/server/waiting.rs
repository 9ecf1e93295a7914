use std::vec;

use mynah_x::crud::{DataModel, Insert};
use mynah_x::sql::StmtExecute;

use super::core::Core;
use super::entering::Entering;
use super::outgoing::Mark;
use super::sending::Sending;
use super::statements::PreparedStatement;
use crate::{Kill, Outcome, RowSource, SessionError};

/// What a session waits for whose client is logged in.
#[derive(Debug)]
pub(super) enum Waiting {
    /// A message of the client.
    Message,
    /// What a statement comes to.
    Reply(Box<Asked>),
    /// What a command comes to.
    Command(Box<StmtExecute>),
    /// What is known of a statement, with the number that it gets.
    Prepared(Box<(u32, PreparedStatement)>),
    /// That the output is sent, before more rows follow.
    Flushed(Box<Answering>),
    /// More rows.
    Rows(Box<Answering>),
    /// That the output is sent, before messages that came in one are answered further.
    Drained,
    /// Which connections there are.
    Processes,
    /// Whether there was a connection to kill.
    Killed(Kill, Box<Asked>),
}

/// How a session goes on.
#[derive(Debug)]
pub(super) enum Next {
    /// It waits for this.
    Wait(Waiting),
    /// The client has to log in again.
    LogIn(Box<Entering>),
    /// It is over.
    Closed,
}

impl Next {
    /// A message is done with.
    pub(super) fn message(core: &mut Core) -> Result<Self, SessionError> {
        core.outgoing.seal()?;
        Ok(Self::Wait(Waiting::Message))
    }
}

impl Waiting {
    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Message => "ExpectMessage",
            Self::Reply(_) => "ExpectReply",
            Self::Command(_) => "ExpectCommand",
            Self::Prepared(_) => "ExpectPrepared",
            Self::Flushed(_) => "ExpectFlushed",
            Self::Rows(_) => "ExpectRows",
            Self::Drained => "ExpectDrained",
            Self::Processes => "ExpectProcesses",
            Self::Killed(..) => "ExpectKilled",
        }
    }
}

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
    pub(super) more: vec::IntoIter<Outcome>,
    pub(super) sending: Option<Sending>,
    /// How many more rows are wanted.
    pub(super) wanted: u64,
    /// What was there before the result, while it may still be taken back.
    pub(super) start: Option<Mark>,
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
