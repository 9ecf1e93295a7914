use bytes::Bytes;
use mynah_x::ClientMessageType;
use mynah_x::compress::Algorithm;
use mynah_x::status::Error;

use crate::observe::Direction;

/// What an [`Observer`](super::Observer) saw.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The client logs in.
    Login(Who),
    /// The server has let the client in.
    LoggedIn,
    /// The server won't have the client.
    Refused(Error),
    /// The server says an error that answers nothing, as it does before it closes a connection.
    Unasked(Error),
    /// Both sides may compress from here on.
    Compressed(Algorithm),
    /// What follows is encrypted.
    TlsStarts,
    /// A message, of those that are asked for.
    Message(Message),
    /// The client has asked for something.
    Started {
        /// Counts what the client asks for, from 1.
        number: u64,
        /// What it is.
        message_type: ClientMessageType,
    },
    /// What the client asked for has all of its answer.
    Completed(Box<Answer>),
    /// From here on the bytes say nothing to who looks on.
    Lost(Loss),
}

/// Who logs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The user's name, as far as it is said in plain.
    pub user: Bytes,
    /// The schema to start in.
    pub schema: Bytes,
    /// The authentication mechanism.
    pub mechanism: String,
}

/// A message that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub direction: Direction,
    /// Its type.
    pub message_type: u8,
    /// The message; cut if it is longer than is held.
    pub payload: Bytes,
    /// How long it was.
    pub len: u64,
    /// Whether it came compressed.
    pub compressed: bool,
    /// Which of the client's messages it answers, or is.
    pub number: Option<u64>,
}

/// What came of something that a client asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Counts what the client asks for, from 1.
    pub number: u64,
    /// What it is.
    pub message_type: ClientMessageType,
    /// The message; cut, or empty, if it was longer than is held.
    pub payload: Bytes,
    /// How it ended.
    pub outcome: Outcome,
    /// How many rows there were.
    pub rows: u64,
    /// How many results.
    pub results: u32,
    /// How many rows were changed.
    pub affected_rows: u64,
    /// The first number that was given to a row.
    pub last_insert_id: u64,
    /// How many warnings there were.
    pub warnings: u16,
    /// The schema that the session has from here on, if the server told of a change.
    pub schema: Option<Bytes>,
    /// How many bytes the client sent for it, with headers, before compression.
    pub sent: u64,
    /// How many bytes the server sent, likewise.
    pub received: u64,
}

/// How something that a client asked for ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It failed.
    Failed(Error),
    /// The connection ended before the answer did.
    CutOff,
}

/// Why bytes say nothing any more to who looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// They are encrypted.
    Encrypted,
    /// A frame has no type.
    Frame,
    /// A compressed message can't be inflated, for this reason.
    Compression(String),
    /// So many messages wait for answers that no more are held.
    TooMany,
}
