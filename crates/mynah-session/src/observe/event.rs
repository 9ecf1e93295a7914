use bytes::Bytes;
use mynah_classic::command::{ComQuery, CommandCode};
use mynah_classic::connection::{Handshake, HandshakeResponse};
use mynah_classic::response::{ErrPacket, OkPacket, SessionStateChange, StmtPrepareOk};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::compress::Algorithm;
use mynah_wire::{DecodeError, Message as _};

use super::{Direction, Executed};
use crate::classic::Part;
use crate::sql::Settings;

/// What an [`Observer`](super::Observer) saw.
#[derive(Clone, Debug)]
pub enum Event {
    /// The server has greeted.
    Greeting(Box<Handshake>),
    /// The client wants to go on under TLS.
    TlsRequested,
    /// The client has said who it is.
    Login(Box<HandshakeResponse>),
    /// The server has let the client in.
    LoggedIn {
        /// What the server said.
        ok: Box<OkPacket>,
        /// The capabilities that are in force.
        shared: Capabilities,
    },
    /// Both sides compress from here on.
    Compressed(Algorithm),
    /// The server won't have the client.
    Refused(Box<ErrPacket>),
    /// The server says an error that answers nothing, as it does before it closes a connection.
    Unasked(Box<ErrPacket>),
    /// A message, of those that [`Options::messages`](super::Options::messages) asks for.
    Message(Message),
    /// The client has sent a command.
    Started(Asked),
    /// A command has all of its answer.
    Completed(Box<Answer>),
    /// From here on the bytes say nothing to who looks on.
    Lost(Loss),
}

/// A message that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub direction: Direction,
    /// The sequence id of its first packet.
    pub sequence_id: u8,
    /// Its payload, all packets joined; cut if it is longer than is held.
    pub payload: Bytes,
    /// How long the payload was.
    pub len: u64,
    /// What it is.
    pub what: What,
    /// Which command it belongs to, if it does to one.
    pub command: Option<u64>,
}

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// [`Handshake`], or an error in its place.
    Greeting,
    /// [`SslRequest`](mynah_classic::connection::SslRequest).
    SslRequest,
    /// [`HandshakeResponse`].
    HandshakeResponse,
    /// What the server says to prove who the client is.
    AuthRequest,
    /// What the client answers to it: secret.
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
    /// Nobody asked for it.
    Unasked,
    /// It can't be what is due.
    Undecodable(DecodeError),
}

/// A command that a client sent.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Counts the commands of the connection, from 1.
    pub number: u64,
    /// Which command it is.
    pub code: CommandCode,
    /// The message; cut, or empty, if it was longer than is held.
    pub payload: Bytes,
    /// How long the message was.
    pub len: u64,
    /// Of a prepared statement's commands: which statement is meant, and with what.
    pub executed: Option<Executed>,
    /// How the server reads a statement that is sent now.
    pub settings: Settings,
}

impl Asked {
    /// Whether there is less of it than was sent.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        (self.payload.len() as u64) < self.len
    }

    /// The statement of a command that has one.
    #[must_use]
    pub fn sql(&self, shared: Capabilities) -> Option<Bytes> {
        let payload = &self.payload;
        let rest = || payload.slice(1.min(payload.len())..);
        match (self.code, &self.executed) {
            (_, Some(executed)) => Some(executed.text()),
            (CommandCode::QUERY, _) if shared.contains(Capabilities::QUERY_ATTRIBUTES) => {
                let query = ComQuery::from_payload_lenient(payload, shared);
                Some(query.map_or_else(|_| rest(), |(query, _)| query.query))
            }
            (CommandCode::QUERY | CommandCode::STMT_PREPARE, _) => Some(rest()),
            _ => None,
        }
    }
}

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The command.
    pub asked: Asked,
    /// How it ended.
    pub outcome: Outcome,
    /// How many rows there were, of all results.
    pub rows: u64,
    /// How many results.
    pub results: u32,
    /// How many of them had columns.
    pub result_sets: u32,
    /// How many bytes the client sent for it, with headers, before compression.
    pub sent: u64,
    /// How many bytes the server sent, likewise.
    pub received: u64,
    /// How many rows were changed, as the last OK said.
    pub affected_rows: u64,
    /// The number of the first row that was inserted, as the last OK said.
    pub last_insert_id: u64,
    /// How many warnings there are, as was last said.
    pub warnings: u16,
    /// State of the session, as was last said.
    pub status_flags: StatusFlags,
    /// The schema that the session has from here on, if the server told of a change.
    pub schema: Option<Bytes>,
}

impl Answer {
    /// What has come of a command as it begins.
    pub(super) fn to(asked: Asked, sent: u64, status_flags: StatusFlags) -> Self {
        Self {
            asked,
            outcome: Outcome::NotAnswered,
            rows: 0,
            results: 0,
            result_sets: 0,
            sent,
            received: 0,
            affected_rows: 0,
            last_insert_id: 0,
            warnings: 0,
            status_flags,
            schema: None,
        }
    }

    /// Notes what the server tells of the session.
    pub(super) fn follow(&mut self, ok: &OkPacket) {
        self.schema = schema_in(ok).or(self.schema.take());
    }

    /// What stands where there was no command.
    #[must_use]
    pub fn of_nothing() -> Self {
        let asked = Asked {
            number: 0,
            code: CommandCode(u8::MAX),
            payload: Bytes::new(),
            len: 0,
            executed: None,
            settings: Settings::default(),
        };
        Self::to(asked, 0, StatusFlags::empty())
    }
}

/// The schema that an OK says the session has now, the last one if there are several.
#[must_use]
pub fn schema_in(ok: &OkPacket) -> Option<Bytes> {
    let changes = ok.session_state_changes.iter().map_while(Result::ok);
    let schemas = changes.filter_map(|change| match change {
        SessionStateChange::Schema(schema) => Some(schema),
        _ => None,
    });
    schemas.last()
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is one that servers don't answer.
    NotAnswered,
    /// It was done; there may have been rows.
    Done,
    /// A statement is prepared.
    Prepared(StmtPrepareOk),
    /// It failed.
    Failed(ErrPacket),
    /// A packet came that can't be part of the answer.
    Undecodable(DecodeError),
    /// The connection ended before the answer did.
    CutOff,
}

/// Why bytes say nothing any more to who looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// They are encrypted.
    Encrypted,
    /// The server's first packet is no greeting.
    NoGreeting(DecodeError),
    /// The client's first packet is no answer to a greeting.
    NoHandshakeResponse(DecodeError),
    /// The OK that ends a login can't be read.
    NoLoginEnd(DecodeError),
    /// A frame doesn't inflate to what its header says, for this reason.
    Frame(String),
    /// Another protocol follows this command.
    Other(CommandCode),
    /// So many commands wait for answers that no more are held.
    TooManyCommands,
}
