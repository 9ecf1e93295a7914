use std::fmt::Debug;

use bytes::Bytes;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Answer, Command, Message};

use super::decoded::Decoded;
use super::given::Given;
use super::shown::Shown;

/// What may be shown of a protocol's commands and messages: their content without secrets. They are given
/// in order.
pub(crate) trait Explain: Debug {
    /// Called when a command starts.
    fn started(&mut self, command: &Command);

    /// A description of a command that has started, as far as it is known by then.
    fn about(&self, command: &Command) -> Option<Bytes>;

    /// Called when a message passes.
    fn message(&mut self, message: &Message) -> Explained;

    /// The fields of a message. `payload` is the part of it that may be shown.
    fn decode(&self, message: &Message, payload: &Bytes) -> Decoded;

    /// What is hidden of the rows that answer a command. Asked for each result, after its columns have passed.
    fn hidden(&self, number: u64) -> HiddenCells;

    /// The description of a command that is complete; `None` for logins, which have lines of their own.
    fn completed(&mut self, answer: &Answer) -> Option<CommandText>;

    /// Called when a command is complete but has no line.
    fn forget(&mut self, answer: &Answer);
}

/// What may be shown of a message.
pub(crate) struct Explained {
    pub(crate) payload: Bytes,
    /// Its sequence id; by the X Protocol, its type.
    pub(super) id: u8,
    /// How many bytes of it a packet has at most; the X Protocol sends messages whole.
    pub(super) packet_len: usize,
    pub(super) cells: Cells,
    /// Whether a filter decides on it alone: it answers nothing that the client has sent, and isn't an error, whose own
    /// line is always shown.
    pub(super) is_unasked: bool,
}

impl Explained {
    /// Of a message of another protocol, of which nothing can be said.
    pub(super) fn nothing() -> Self {
        Self {
            payload: Bytes::new(),
            id: 0,
            packet_len: usize::MAX,
            cells: Cells::None,
            is_unasked: false,
        }
    }
}

/// What of a result's rows is hidden.
#[derive(Clone, Debug, Default)]
pub(crate) struct HiddenCells {
    /// All texts are.
    pub(crate) all: bool,
    /// Whether the cells of each column are.
    pub(crate) columns: Vec<bool>,
}

/// What of a result a message is.
pub(crate) enum Cells {
    None,
    /// A column definition of the classic protocol.
    Definition(ColumnDefinition41),
    /// A column's name and type, as text.
    Column(Bytes, String),
    Row(Vec<Shown>),
}

/// What may be shown of a command.
pub(crate) struct CommandText {
    /// The statement, or whatever else the command is about.
    pub(crate) sql: Bytes,
    /// The character set of the statement, if it can't be read here.
    pub(crate) foreign: Option<&'static str>,
    /// The values that come with it.
    pub(crate) given: Given,
    /// Whether the server's error may quote a password.
    pub(crate) is_secret: bool,
}
