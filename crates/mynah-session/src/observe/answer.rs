use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::response::{OkPacket, SessionStateChange, StmtPrepareOk};
use mynah_wire::DecodeError;

use super::{Command, ServerError, Timing};

/// A command with its answer, once that is complete or can't be completed any more: how the command ended, the
/// answer's size and how long it took.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The command that was answered.
    pub command: Command,
    /// How the command ended.
    pub outcome: Outcome,
    /// How long the answer took; `None` for commands that servers don't answer.
    pub timing: Option<Timing>,
    /// The number of rows, of all result sets together.
    pub rows: u64,
    /// The number of results: result sets, and OK packets that end no rows. There can be more than 1 for several
    /// statements in one text, or for a procedure. In the X Protocol only result sets are counted.
    pub results: u32,
    /// How many of the results are result sets, with columns.
    pub result_sets: u32,
    /// The bytes that the client sent for the command: packets or frames with headers, before compression.
    pub sent: u64,
    /// The bytes of the server's answer: packets or frames with headers, before compression.
    pub received: u64,
    /// The affected rows, from the last OK packet that ends no rows, or from the last notice of the X Protocol that
    /// has them; otherwise 0.
    pub affected_rows: u64,
    /// The generated AUTO_INCREMENT value, from the last OK packet that ends no rows, or from the last notice of the
    /// X Protocol that has one; otherwise 0.
    pub last_insert_id: u64,
    /// The number of warnings, from the last result; in the X Protocol, the number of notices with warnings.
    pub warnings: u16,
    /// The status flags, from the last packet that had them; empty in the X Protocol.
    pub status_flags: StatusFlags,
    /// The schema that the session uses after the command, if the answer reported a change; otherwise `None`.
    pub schema: Option<Bytes>,
}

impl Answer {
    /// An answer to this command of which nothing has arrived yet: its outcome is [`Outcome::NotAnswered`], and its
    /// numbers other than `sent` are 0.
    #[must_use]
    pub fn to(command: Command, sent: u64, status_flags: StatusFlags) -> Self {
        Self {
            command,
            outcome: Outcome::NotAnswered,
            timing: None,
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

    /// An answer without a command, for tests and for places that need a value.
    #[must_use]
    pub fn none() -> Self {
        Self::to(Command::none(), 0, StatusFlags::empty())
    }

    /// Takes in what an OK says of the session.
    pub(super) fn follow(&mut self, ok: &OkPacket) {
        self.schema = schema_in(ok).or(self.schema.take());
    }

    /// The server's error, if the command failed; otherwise `None`.
    #[must_use]
    pub fn error(&self) -> Option<&ServerError> {
        match &self.outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        }
    }
}

/// The schema that an OK says the session has now, the last one if there are several.
pub(super) fn schema_in(ok: &OkPacket) -> Option<Bytes> {
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
    /// No answer is expected, because servers don't answer this command (such as COM_QUIT).
    NotAnswered,
    /// The command succeeded, with or without rows.
    Done,
    /// COM_STMT_PREPARE succeeded, with this answer.
    Prepared(StmtPrepareOk),
    /// The server answered with this error.
    Failed(ServerError),
    /// The server sent a packet that can't be part of the answer, for this reason.
    Undecodable(DecodeError),
    /// The connection ended, or the observer couldn't follow it any more, before the answer was complete.
    CutOff,
}
