use mynah_x::Frame;

use crate::x::Notice;
use crate::{Answer, Question, RowSource, Tls};

/// Something that happened on the connection, for [`Server::handle`](super::Server::handle).
#[derive(Debug)]
pub enum Event {
    /// A frame of the client was received.
    Frame(Frame),
    /// The client sent bytes that are no valid frame.
    BadFrame(BadFrame),
    /// The caller has the answer to the question that the session asked by [`Action::Ask`].
    Answer(Answer),
    /// The TLS handshake that [`Action::StartTls`] asked for is done.
    TlsStarted(Tls),
    /// A notice is due, see [`Action::StartNotices`].
    Notice(Notice),
    /// The whole output was sent, as [`Action::Flush`] asked.
    Flushed,
    /// The client closed the connection.
    Eof,
    /// The server shuts down: a client that is logged in gets error 1053.
    ShutDown,
    /// The client was idle for longer than it may: a client that is logged in gets error 4031.
    IdleTooLong,
}

/// Why bytes of the client are no valid frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFrame {
    /// The frame's length is 0, so that it has no message type.
    Empty,
    /// The frame is longer than [`Server::frame_limit`](super::Server::frame_limit).
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

/// Something that the caller has to do, besides sending the bytes of
/// [`Server::output`](super::Server::output).
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Find the answer to this question, and pass it as [`Event::Answer`].
    Ask(Question),
    /// Send the whole output, then start the TLS handshake. Bytes that were read behind the last message belong to
    /// the client's handshake.
    StartTls,
    /// Pass the handler's notices as [`Event::Notice`], each after its delay, which starts now.
    StartNotices,
    /// Inform the handler that this source's rows aren't needed any more. No event answers it.
    DropRows(RowSource),
    /// Inform the handler that this prepared statement is gone. No event answers it.
    CloseStatement(u32),
    /// Inform the handler that the client has reset the session. No event answers it.
    Reset,
    /// Send the whole output, then pass [`Event::Flushed`]: the session makes more of a long answer only
    /// then.
    Flush,
    /// Send the whole output and close the connection.
    Close,
}
