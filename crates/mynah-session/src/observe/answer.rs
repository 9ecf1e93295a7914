use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::response::{OkPacket, SessionStateChange, StmtPrepareOk};
use mynah_wire::DecodeError;

use super::{Command, ServerError, Timing};

/// The outcome of a command.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The command.
    pub command: Command,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took; nothing of a command that servers don't answer.
    pub timing: Option<Timing>,
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
    /// How many rows were changed, as was last said.
    pub affected_rows: u64,
    /// The first number that was given to a row, as was last said.
    pub last_insert_id: u64,
    /// How many warnings there are.
    pub warnings: u16,
    /// State of the session, as was last said; the X Protocol has none.
    pub status_flags: StatusFlags,
    /// The schema that the session has from here on, if the server reported a change.
    pub schema: Option<Bytes>,
}

impl Answer {
    /// What has come of a command as it begins.
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

    /// What stands where there was no command.
    #[must_use]
    pub fn none() -> Self {
        Self::to(Command::none(), 0, StatusFlags::empty())
    }

    /// Takes in what an OK says of the session.
    pub(super) fn follow(&mut self, ok: &OkPacket) {
        self.schema = schema_in(ok).or(self.schema.take());
    }

    /// The error that the command failed with.
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
    /// It is one that servers don't answer.
    NotAnswered,
    /// It was done; there may have been rows.
    Done,
    /// A statement of the classic protocol is prepared.
    Prepared(StmtPrepareOk),
    /// It failed.
    Failed(ServerError),
    /// A packet came that can't be part of the answer.
    Undecodable(DecodeError),
    /// The connection ended before the answer did.
    CutOff,
}
