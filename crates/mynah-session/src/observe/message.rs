use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_wire::DecodeError;

use super::Direction;
use crate::classic::Part;

/// A message that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The side that sent it.
    pub direction: Direction,
    /// The message, all packets joined; cut if it is longer than is held.
    pub payload: Bytes,
    /// How long it was.
    pub len: u64,
    /// The command that it belongs to, if it does to one.
    pub command: Option<u64>,
    /// What else its protocol says of it.
    pub kind: MessageKind,
}

/// What a protocol says of a message besides its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// One of the classic protocol.
    Classic {
        /// The sequence id of its first packet.
        sequence_id: u8,
        /// What it is.
        what: What,
        /// The capabilities that it is to be read by: those in force, or, before the client has
        /// answered the greeting, those that the server offers.
        capabilities: Capabilities,
    },
    /// One of the X Protocol.
    X {
        /// Its type.
        message_type: u8,
        /// Whether it came compressed.
        compressed: bool,
    },
}

/// What a message of the classic protocol is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// [`Handshake`](mynah_classic::connection::Handshake), or an error in its place.
    Greeting,
    /// [`SslRequest`](mynah_classic::connection::SslRequest).
    SslRequest,
    /// [`HandshakeResponse`](mynah_classic::connection::HandshakeResponse).
    HandshakeResponse,
    /// The server's part of the authentication: a nonce, a key, or a request for a password.
    AuthRequest,
    /// The client's answer to it, which is secret.
    AuthResponse,
    /// The OK or the error that ends a login.
    LoginEnd,
    /// A command.
    Command(CommandCode),
    /// A part of the answer to a command.
    Answer(Part),
    /// A piece of a file that the server asked for.
    File,
    /// A replica's receipt for a piece of a binary log.
    SemiSyncAck,
    /// It answers nothing.
    Unasked,
    /// It can't be what is due.
    Undecodable(DecodeError),
}
