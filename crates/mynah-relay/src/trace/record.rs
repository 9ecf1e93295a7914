use std::time::Duration;

use bytes::Bytes;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Answer, Direction, Outcome};

use super::decoded::Decoded;
use super::given::Given;
use crate::timing::Timing;

/// What is known of a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) connection: u32,
    pub(crate) client: String,
    /// The load balancer that has brought it, if there is one.
    pub(crate) via: Option<String>,
    pub(crate) listener: String,
    pub(crate) server: String,
    pub(crate) user: Bytes,
    pub(crate) schema: Bytes,
}

/// A command with its answer: what filters look at and formats show.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) about: &'a About,
    pub(crate) answer: &'a Answer,
    /// The command's name, without `COM_`.
    pub(crate) command: &'a str,
    /// The statement, or whatever else the command is about.
    pub(crate) sql: &'a [u8],
    pub(crate) timing: Timing,
    /// The character set of the statement, if it can't be read here.
    pub(crate) foreign: Option<&'static str>,
    /// The values that come with it.
    pub(crate) given: &'a Given,
    /// Whether the server's words may quote a password.
    pub(crate) secret: bool,
    /// Whether text has shown the statement, as the last one that has begun.
    pub(crate) is_told: bool,
}

impl<'a> Record<'a> {
    /// How long the answer took, if there is one.
    pub(crate) fn timing(&self) -> Option<Timing> {
        (self.answer.outcome != Outcome::NotAnswered).then_some(self.timing)
    }

    /// Of something that is no command, about a connection.
    pub(crate) fn of_nothing(about: &'a About, answer: &'a Answer) -> Self {
        const NOTHING: &Given = &Given::NOTHING;
        Self {
            about,
            answer,
            command: "",
            sql: b"",
            timing: Timing::default(),
            foreign: None,
            given: NOTHING,
            secret: false,
            is_told: false,
        }
    }
}

/// How long a connection lasted, and what there was on it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) lasted: Duration,
    pub(crate) commands: u64,
    /// Commands that failed.
    pub(crate) errors: u64,
    pub(crate) rows: u64,
    /// Bytes that the client sent.
    pub(crate) sent: u64,
    /// Bytes that the server sent.
    pub(crate) received: u64,
}

/// A message that passed, as formats show it.
pub(super) struct Packet<'a> {
    pub(super) direction: Direction,
    /// Its sequence id; by the X Protocol, its type.
    pub(super) id: u8,
    /// How long it was.
    pub(super) len: u64,
    /// What may be shown of it.
    pub(super) payload: &'a [u8],
    /// How many bytes of a message a packet has at most; the X Protocol sends messages whole.
    pub(super) packet_len: usize,
    /// Reads it, where its fields are shown.
    pub(super) decode: &'a dyn Fn() -> Decoded,
    /// Whether its bytes are shown besides.
    pub(super) with_bytes: bool,
    /// The command it belongs to, if it does to one.
    pub(super) number: Option<u64>,
}

/// A column, as formats show it.
pub(super) struct Column<'a> {
    pub(super) name: &'a [u8],
    pub(super) column_type: String,
    /// What the classic protocol says besides.
    pub(super) definition: Option<&'a ColumnDefinition41>,
}
