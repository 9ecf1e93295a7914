use mynah_x::Frame;

use crate::x::Notice;
use crate::{Answer, Question, RowSource, Tls};

/// An event on the connection, for [`Server::handle`](super::Server::handle).
#[derive(Debug)]
pub enum Event {
    /// The client sent a frame.
    Frame(Frame),
    /// The client sent what is no frame.
    BadFrame(BadFrame),
    /// The answer to [`Action::Ask`].
    Answer(Answer),
    /// The connection is encrypted, as [`Action::StartTls`] asked.
    TlsStarted(Tls),
    /// A notice is due, see [`Action::StartNotices`].
    Notice(Notice),
    /// All that [`Server::output`](super::Server::output) held was sent, as [`Action::Flush`] asked.
    Flushed,
    /// The client closed the connection.
    Eof,
    /// The server ends.
    ShutDown,
    /// The client has sent nothing for as long as it may.
    IdleTooLong,
}

/// Why what a client sent is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFrame {
    /// It has no room for a type.
    Empty,
    /// It is longer than [`Server::frame_limit`](super::Server::frame_limit).
    TooLarge,
}

impl From<Answer> for Event {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// What a state waits for.
#[derive(Debug)]
pub(super) enum Input {
    /// See [`Event::Frame`].
    Frame(Frame),
    /// See [`Event::Answer`].
    Answer(Answer),
    /// See [`Event::TlsStarted`].
    TlsStarted(Tls),
    /// See [`Event::Flushed`].
    Flushed,
}

impl Input {
    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Frame(_) => "Frame",
            Self::Answer(answer) => answer.name(),
            Self::TlsStarted(_) => "TlsStarted",
            Self::Flushed => "Flushed",
        }
    }
}

/// An action for the caller, besides sending what [`Server::output`](super::Server::output) holds.
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Find the answer, and give it by [`Event::Answer`].
    Ask(Question),
    /// Go on under TLS. What was read behind the message that came last is the beginning of the
    /// client's handshake.
    StartTls,
    /// Give the notices of the handler by [`Event::Notice`], each when it is due; their clock starts
    /// now.
    StartNotices,
    /// These rows won't be asked for any more. There is no answer.
    DropRows(RowSource),
    /// The session is as after its login again. There is no answer.
    Reset,
    /// Send all of the output before more is made, and say [`Event::Flushed`].
    Flush,
    /// Send all of the output and close the connection.
    Close,
}
