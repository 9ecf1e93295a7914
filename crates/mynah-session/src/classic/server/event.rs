use bytes::Bytes;
use mynah_wire::Packet;
use mynah_wire::compress::Algorithm;

use crate::{Answer, Question, RowSource, SessionError, Tls};

/// Something that happened on the connection, for [`Server::handle`](super::Server::handle).
#[derive(Debug)]
pub enum Event {
    /// A packet of the client was received.
    Packet(Packet),
    /// The header of a packet was received, but not all of its payload. A packet with a wrong sequence id or
    /// one that is too long is refused at once; otherwise nothing happens.
    Header {
        /// The packet's sequence id.
        sequence_id: u8,
        /// The length of the packet's payload in bytes.
        len: usize,
    },
    /// The caller has the answer to the question that the session asked by [`Action::Ask`].
    Answer(Answer),
    /// The TLS handshake that [`Action::StartTls`] asked for is done.
    TlsStarted(Tls),
    /// The whole output was sent, as [`Action::Flush`] asked.
    Flushed,
    /// The client closed the connection.
    Eof,
    /// The server shuts down: a client that is logged in gets error 1053, unless it is sending a file.
    ShutDown,
    /// The client was idle for longer than it may: a client that is logged in gets error 4031, unless it is sending a
    /// file.
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
    /// A message of the client, joined from its packets.
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

/// Something that the caller has to do, besides sending the bytes of
/// [`Server::output`](super::Server::output).
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Find the answer to this question, and pass it as [`Event::Answer`].
    Ask(Question),
    /// Start the TLS handshake. Bytes that were read behind the last packet belong to the client's handshake.
    StartTls,
    /// Send the whole output; from then on, compress what is sent and decompress what is received.
    Compress(Algorithm),
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

pub(super) fn unexpected(state: &'static str, event: &'static str) -> SessionError {
    SessionError::Unexpected { state, event }
}
