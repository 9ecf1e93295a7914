use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_wire::DecodeError;

use super::Direction;
use crate::classic::Part;

/// A message that passed, in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The side that sent the message.
    pub direction: Direction,
    /// The message, joined from its packets; cut off if it is longer than
    /// [`Options::max_held`](super::Options::max_held) allows.
    pub payload: Bytes,
    /// The length of the whole message in bytes, of which `payload` may have only the beginning.
    pub len: u64,
    /// The [number](super::Command::number) of the command that the message belongs to. `None` for the login of the
    /// classic protocol, and for messages that a server sends unasked; in the X Protocol every message of a client
    /// is a command, also at the login.
    pub command: Option<u64>,
    /// What the message is in its protocol.
    pub kind: MessageKind,
}

/// What a message is in its protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// A message of the classic protocol.
    Classic {
        /// The sequence id of the message's first packet.
        sequence_id: u8,
        /// The type of the message, as its place on the connection shows it.
        what: What,
        /// The capability flags by which the message is read: those in force, or, before the client has answered
        /// the greeting, those that the server offers.
        capabilities: Capabilities,
    },
    /// A message of the X Protocol.
    X {
        /// The number of the message's type, which has one meaning from clients and another from servers.
        message_type: u8,
        /// Whether the message was inside a compressed one.
        compressed: bool,
    },
}

/// The type of a message of the classic protocol, as its place on the connection shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A [`Handshake`](mynah_classic::connection::Handshake) of the server, or an error in its place.
    Greeting,
    /// An [`SslRequest`](mynah_classic::connection::SslRequest) of the client.
    SslRequest,
    /// A [`HandshakeResponse`](mynah_classic::connection::HandshakeResponse) of the client.
    HandshakeResponse,
    /// The server's part of an authentication exchange: a nonce, a key, or a request for the password.
    AuthRequest,
    /// The client's part of an authentication exchange. It is secret.
    AuthResponse,
    /// The OK or ERR packet that ends a login.
    LoginEnd,
    /// A command of the client.
    Command(CommandCode),
    /// A part of the answer to a command.
    Answer(Part),
    /// A piece of a file that the client sends for LOAD DATA LOCAL INFILE.
    File,
    /// A replica's acknowledgement of a piece of a binary log, in semi-synchronous replication.
    SemiSyncAck,
    /// A message of the server that answers no command, or of a client before the greeting.
    Unasked,
    /// A message that can't be decoded as one that may follow at its place on the connection.
    Undecodable(DecodeError),
}
