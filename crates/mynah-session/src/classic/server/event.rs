use bytes::Bytes;
use mynah_wire::Packet;
use mynah_wire::compress::Algorithm;

use crate::{Answer, Question, RowSource, Tls};

/// An event on the connection, for [`Server::handle`](super::Server::handle).
#[derive(Debug)]
pub enum Event {
    /// The client sent a packet.
    Packet(Packet),
    /// The client sent the header of a packet whose payload hasn't come in whole. A packet that can't
    /// be taken is refused at once; else nothing follows from it.
    Header {
        /// The packet's sequence id.
        sequence_id: u8,
        /// How many bytes its payload has.
        len: usize,
    },
    /// The answer to [`Action::Ask`].
    Answer(Answer),
    /// The connection is encrypted, as [`Action::StartTls`] asked.
    TlsStarted(Tls),
    /// All that [`Server::output`](super::Server::output) held was sent, as [`Action::Flush`] asked.
    Flushed,
    /// The client closed the connection.
    Eof,
    /// The server ends.
    ShutDown,
    /// The client has sent nothing for as long as it may.
    IdleTooLong,
}

impl From<Answer> for Event {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// What a state waits for.
#[derive(Debug)]
pub(super) enum Input {
    /// A message of the client, whole.
    Message(Bytes),
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
            Self::Message(_) => "Packet",
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
    /// Go on under TLS. What was read behind the packet that came last is the beginning of the
    /// client's handshake.
    StartTls,
    /// Send all of the output, and compress what comes behind it, in both directions.
    Compress(Algorithm),
    /// These rows won't be asked for any more. There is no answer.
    DropRows(RowSource),
    /// The session is as after its login again. There is no answer.
    Reset,
    /// Send all of the output before more is made, and say [`Event::Flushed`].
    Flush,
    /// Send all of the output and close the connection.
    Close,
}
