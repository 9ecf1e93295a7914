use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Answer, Direction, Timing};

use super::decoded::Decoded;
use super::given::Given;
use crate::Connection;
use crate::statement::StatementFacts;

/// A command with its answer: what filters look at and formats show.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) about: &'a Connection,
    pub(crate) answer: &'a Answer,
    /// The command's name, without `COM_`.
    pub(crate) command: &'a str,
    /// The statement, or whatever else the command is about.
    pub(crate) sql: &'a [u8],
    /// The character set of the statement, if it can't be read here.
    pub(crate) foreign: Option<&'static str>,
    /// The values that come with it.
    pub(crate) given: &'a Given,
    /// Whether the server's error may quote a password.
    pub(crate) secret: bool,
    /// Whether text has shown the statement at its start, with no other started since.
    pub(crate) is_shown: bool,
    /// What is known of the statement, if that is asked for.
    pub(crate) statement: Option<&'a StatementFacts>,
    /// Whether the text of its digest is shown.
    pub(crate) has_digest_text: bool,
}

impl<'a> Record<'a> {
    /// How long the answer took, if there is one.
    pub(crate) fn timing(&self) -> Option<Timing> {
        self.answer.timing
    }

    /// Of something that is no command, about a connection.
    pub(crate) fn none(about: &'a Connection, answer: &'a Answer) -> Self {
        const NOTHING: &Given = &Given::NOTHING;
        Self {
            about,
            answer,
            command: "",
            sql: b"",
            foreign: None,
            given: NOTHING,
            secret: false,
            is_shown: false,
            statement: None,
            has_digest_text: false,
        }
    }
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
