use std::fmt::Debug;

use bytes::Bytes;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Answer, Command, Message};

use super::decoded::Decoded;
use super::given::Given;
use super::shown::Shown;

/// What may be shown of a protocol's commands and messages: their content without secrets. They are given
/// in order.
pub(super) trait Explain: Debug {
    /// Called when a command starts.
    fn started(&mut self, command: &Command);

    /// A description of a command that has started, as far as it is known by then.
    fn about(&self, command: &Command) -> Option<Bytes>;

    /// Called when a message passes.
    fn message(&mut self, message: &Message) -> Explained;

    /// The fields of a message. `payload` is the part of it that may be shown.
    fn decode(&self, message: &Message, payload: &Bytes) -> Decoded;

    /// The description of a command that is complete; `None` for logins, which have lines of their own.
    fn completed(&mut self, answer: &Answer) -> Option<CommandText>;

    /// Called when a command is complete but has no line.
    fn forget(&mut self, answer: &Answer);
}

/// What may be shown of a message.
pub(super) struct Explained {
    pub(super) payload: Bytes,
    /// Its sequence id; by the X Protocol, its type.
    pub(super) id: u8,
    /// How many bytes of it a packet has at most; the X Protocol sends messages whole.
    pub(super) packet_len: usize,
    pub(super) cells: Cells,
    /// Whether it answers nothing that the client has sent.
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

/// What of a result a message is.
pub(super) enum Cells {
    None,
    /// A column definition of the classic protocol.
    Definition(ColumnDefinition41),
    /// A column's name and type, as text.
    Column(Bytes, String),
    Row(Vec<Shown>),
}

/// What may be shown of a command.
pub(super) struct CommandText {
    /// The statement, or whatever else the command is about.
    pub(super) sql: Bytes,
    /// The character set of the statement, if it can't be read here.
    pub(super) foreign: Option<&'static str>,
    /// The values that come with it.
    pub(super) given: Given,
    /// Whether the server's error may quote a password.
    pub(super) is_secret: bool,
}
