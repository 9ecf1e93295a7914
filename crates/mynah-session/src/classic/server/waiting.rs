use std::vec;

use bytes::Bytes;

use super::bulk_rows::Bulk;
use super::connecting::FirstResponse;
use super::core::Core;
use super::receiving::Receiving;
use super::result_set::Sending;
use crate::{Kill, Outcome};

/// What a session waits for whose client is logged in.
#[derive(Debug)]
pub(super) enum Waiting {
    /// A command of the client.
    Command,
    /// What a statement, a file or a replica's command comes to.
    Reply(Asked),
    /// What is known of a statement, and its text.
    Prepared(Bytes),
    /// That the output is sent, before more rows follow.
    Flushed(Box<Answering>),
    /// More rows.
    Rows(Box<Answering>),
    /// A piece of a file that the client was asked for.
    File(Box<(Asked, Receiving)>),
    /// The columns of a table.
    Fields,
    /// How the server is doing.
    Statistics,
    /// Which connections there are.
    Processes,
    /// Whether there was a connection to kill.
    Killed(Kill),
    /// Whether a schema may be taken into use.
    Schema(Bytes),
}

/// How a session goes on.
#[derive(Debug)]
pub(super) enum Next {
    /// It waits for this.
    Wait(Waiting),
    /// The client logs in once more.
    LogIn(Box<FirstResponse>),
    /// It is over.
    Closed,
}

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
        match self {
            Self::Command => "ExpectCommand",
            Self::Reply(_) => "ExpectReply",
            Self::Prepared(_) => "ExpectPrepared",
            Self::Flushed(_) => "ExpectFlushed",
            Self::Rows(_) => "ExpectRows",
            Self::File(_) => "ExpectFile",
            Self::Fields => "ExpectFields",
            Self::Statistics => "ExpectStatistics",
            Self::Processes => "ExpectProcesses",
            Self::Killed(_) => "ExpectKilled",
            Self::Schema(_) => "ExpectSchema",
        }
    }
}

impl Purpose {
    /// Whether rows are sent in the binary format.
    pub(super) fn is_binary(&self) -> bool {
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
