use std::vec;

use mynah_x::crud::{DataModel, Insert};
use mynah_x::sql::StmtExecute;
use strum::IntoStaticStr;

use super::core::Core;
use super::entering::Entering;
use super::outgoing::Mark;
use super::sending::Sending;
use super::statements::PreparedStatement;
use crate::{Kill, Outcome, RowSource, SessionError};

/// What a session waits for whose client is logged in.
#[derive(Debug, IntoStaticStr)]
#[strum(prefix = "Expect")]
pub(super) enum Waiting {
    /// A message of the client.
    Message,
    /// The answer to a statement.
    Reply(Box<Asked>),
    /// The answer to a command of the X Plugin.
    Command(Box<StmtExecute>),
    /// The handler's word on a statement to prepare, with the id that the client gave it.
    Prepared(Box<(u32, PreparedStatement)>),
    /// The event that the output is sent; then more rows follow.
    Flushed(Box<Answering>),
    /// More rows, from the handler.
    Rows(Box<Answering>),
    /// The event that the output is sent; then the rest of a compressed message's messages is handled.
    Drained,
    /// The list of open connections.
    Processes,
    /// Whether the connection to kill exists.
    Killed(Kill, Box<Asked>),
}

/// How a session goes on.
#[derive(Debug)]
pub(super) enum Next {
    /// The session waits for this.
    Wait(Waiting),
    /// The client has to log in again.
    LogIn(Box<Entering>),
    /// The connection is closed.
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
        self.into()
    }
}

/// What an answer is to, which decides what is said besides its rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Style {
    /// An SQL text.
    Sql,
    /// A read of documents or rows.
    Find,
    /// An insert of documents or rows; `ids` are those that documents were given.
    Insert { is_table: bool, ids: Vec<String> },
    /// A change or removal of documents or rows.
    Change,
    /// A statement about a view.
    View,
    /// A command of the X Plugin.
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
