use std::vec;

use bytes::Bytes;
use mynah_classic::command::Command;
use strum::IntoStaticStr;

use super::bulk_rows::Bulk;
use super::connecting::FirstResponse;
use super::core::Core;
use super::receiving::Receiving;
use super::result_set::Sending;
use crate::{Kill, Outcome};

/// What a session waits for whose client is logged in.
#[derive(Debug, IntoStaticStr)]
#[strum(prefix = "Expect")]
pub(super) enum Waiting {
    /// A command of the client.
    Command,
    /// The answer to a statement, a file or a replica's command.
    Reply(Asked),
    /// The handler's word on a statement to prepare, which is kept here.
    Prepared(Bytes),
    /// The event that the output is sent; then more rows follow.
    Flushed(Box<Answering>),
    /// More rows, from the handler.
    Rows(Box<Answering>),
    /// A piece of a file that the client was asked for.
    File(Box<(Asked, Receiving)>),
    /// The columns of a table.
    Fields,
    /// The numbers of COM_STATISTICS.
    Statistics,
    /// The list of open connections.
    Processes,
    /// Whether the connection to kill exists.
    Killed(Kill),
    /// Whether the client may switch to this schema.
    Schema(Bytes),
    /// Whether the handler answers this bulk execution as a whole.
    Bulk(Box<Bulk>),
    /// Whether the handler answers this command.
    Administration(Box<Command>),
}

/// How a session goes on.
#[derive(Debug)]
pub(super) enum Next {
    /// The session waits for this.
    Wait(Waiting),
    /// The client logs in again (COM_CHANGE_USER).
    LogIn(Box<FirstResponse>),
    /// The connection is closed.
    Closed,
}

/// What an answer is to.
#[derive(Debug)]
pub(super) enum Purpose {
    /// A text, or a request for a binary log.
    Query,
    /// A replica that registers.
    Registration,
    /// A prepared statement, whose rows may be left for COM_STMT_FETCH.
    Execute { statement_id: u32, cursor: bool },
    /// Some rows of a cursor.
    Fetch { statement_id: u32 },
    /// One row of a bulk execution.
    Bulk(Box<Bulk>),
}

/// What a handler is asked, and what follows its answer.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) purpose: Purpose,
    pub(super) more: vec::IntoIter<Outcome>,
}

/// What is left to send of an answer.
#[derive(Debug)]
pub(super) struct Answering {
    pub(super) purpose: Purpose,
    pub(super) more: vec::IntoIter<Outcome>,
    pub(super) sending: Option<Box<Sending>>,
    /// How many more rows of this result are wanted.
    pub(super) wanted: u64,
    /// Length of the output and number of the next packet before the result, while it may still be
    /// taken back.
    pub(super) start: Option<(usize, u8)>,
}

impl Next {
    /// The next packet is the first of a command.
    pub(super) fn command(core: &mut Core) -> Self {
        core.exchange.start_command();
        Self::Wait(Waiting::Command)
    }
}

impl Waiting {
    /// Whether the client may send something.
    pub(super) fn wants_packet(&self) -> bool {
        matches!(self, Self::Command | Self::File(_))
    }

    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        self.into()
    }
}

impl Purpose {
    /// Whether rows are sent in the binary format.
    pub(super) fn is_binary(&self) -> bool {
        !matches!(self, Self::Query | Self::Registration)
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
