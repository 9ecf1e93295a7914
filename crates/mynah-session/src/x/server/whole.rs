//! Encodes a whole answer at once, for callers that answer in place of a server.

use bytes::{Bytes, BytesMut};
use mynah_x::ClientMessageType;
use mynah_x::resultset::FetchDone;
use mynah_x::status::Severity;

use super::answer::{put_columns, put_end, put_more, put_notices};
use super::failures::not_in_x;
use super::outgoing::Outgoing;
use super::sending::Sending;
use super::waiting::Style;
use crate::progress::Progress;
use crate::{Completion, Failure, Outcome, Reply, ResultSet};

/// The message that an answer is to, as far as it decides the form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredMessage {
    /// The type of the message.
    pub message_type: ClientMessageType,
    /// Of a Prepare.Execute and a Cursor.Open, the type that the message of the prepared statement has if it isn't
    /// prepared, such as CRUD_FIND; `None` for SQL, and for other messages.
    pub prepared: Option<ClientMessageType>,
    /// Whether the message runs a command of the X Plugin.
    pub is_admin: bool,
    /// Whether the names of columns are left out, as clients can ask for.
    pub compact: bool,
}

impl AnsweredMessage {
    /// A message of this type. If it is a StmtExecute, a Prepare.Execute or a Cursor.Open, it runs SQL, and asks for the
    /// names of columns.
    #[must_use]
    pub fn of(message_type: ClientMessageType) -> Self {
        Self {
            message_type,
            prepared: None,
            is_admin: false,
            compact: false,
        }
    }
}

/// Encodes the answer to a message.
///
/// Outcomes that need an exchange with the client, a handler or a server (a file, a binary log, rows from a source,
/// KILL) are replaced by an error, which ends the answer.
#[must_use]
pub fn encode_reply(reply: Reply, to: &AnsweredMessage) -> Bytes {
    let message_type = to.message_type;
    let mut whole = Whole {
        outgoing: Outgoing::default(),
        written: BytesMut::new(),
        compact: to.compact,
    };
    let mut outcomes = vec![reply.outcome];
    outcomes.extend(reply.more);
    if message_type != ClientMessageType::PREPARE_EXECUTE {
        outcomes.retain(|outcome| !outcome.is_out_parameters());
    }
    let mut outcomes = outcomes.into_iter();
    let mut end = Completion::default();
    let mut ends_in_packets = false;
    while let Some(outcome) = outcomes.next() {
        ends_in_packets = matches!(outcome, Outcome::Packets(_));
        match whole.outcome(outcome, outcomes.as_slice()) {
            Ok(completion) => end = completion,
            Err(failure) => {
                whole.outgoing.error(&failure, Severity::Error);
                return whole.finish();
            }
        }
    }
    if !ends_in_packets {
        let style = style(to, &end);
        put_notices(&mut whole.outgoing, &style, &end, true);
        put_end(&mut whole.outgoing, &style);
    }
    whole.finish()
}

struct Whole {
    outgoing: Outgoing,
    written: BytesMut,
    compact: bool,
}

impl Whole {
    /// Writes the rows of an outcome. On failure nothing of it is written, and the reason is returned.
    fn outcome(&mut self, outcome: Outcome, following: &[Outcome]) -> Result<Completion, Failure> {
        match outcome {
            Outcome::Ok(completion) => Ok(completion),
            Outcome::Rows(result) => self.rows(result, following),
            Outcome::Error(failure) => Err(failure),
            Outcome::LocalInfile(_) => Err(not_in_x("a file")),
            Outcome::Binlog(_) => Err(not_in_x("a binary log")),
            Outcome::Kill(_) => Err(not_in_x("the end of a connection")),
            Outcome::Packets(packets) => {
                self.outgoing.raw(&packets)?;
                Ok(Completion::default())
            }
        }
    }

    fn rows(&mut self, result: ResultSet, following: &[Outcome]) -> Result<Completion, Failure> {
        self.flush();
        let written = self.written.len();
        put_columns(&mut self.outgoing, &result, self.compact);
        let mut sending = Sending::new(result);
        let failure = loop {
            match sending.send(&mut self.outgoing, &mut u64::MAX.clone()) {
                Progress::Full => self.flush(),
                Progress::Sent | Progress::Enough => {
                    match following {
                        [] => self.outgoing.result(FetchDone {}),
                        // As after a procedure: no columns, no rows.
                        [following @ Outcome::Ok(_)] => {
                            put_more(&mut self.outgoing, following);
                            self.outgoing.result(FetchDone {});
                        }
                        [following, ..] => put_more(&mut self.outgoing, following),
                    }
                    return Ok(sending.end);
                }
                Progress::NeedsRows(_) => break not_in_x("rows that have to be asked for"),
                Progress::Failed(failure) => break failure,
            }
        };
        self.outgoing = Outgoing::default();
        self.written.truncate(written);
        Err(failure)
    }

    fn flush(&mut self) {
        self.written.unsplit(self.outgoing.output.split());
    }

    fn finish(mut self) -> Bytes {
        self.flush();
        self.written.freeze()
    }
}

/// Which messages besides rows the answer has.
fn style(to: &AnsweredMessage, end: &Completion) -> Style {
    match to.prepared.unwrap_or(to.message_type) {
        ClientMessageType::SQL_STMT_EXECUTE if to.is_admin => Style::Admin,
        // With all rows in the answer to its Open, a cursor is at its end.
        ClientMessageType::SQL_STMT_EXECUTE
        | ClientMessageType::PREPARE_EXECUTE
        | ClientMessageType::CURSOR_OPEN => Style::Sql,
        ClientMessageType::CRUD_FIND => Style::Find,
        // Only documents were given ids.
        ClientMessageType::CRUD_INSERT => Style::Insert {
            is_table: end.document_ids.is_empty(),
            ids: vec![String::new(); end.document_ids.len()],
        },
        ClientMessageType::CRUD_UPDATE | ClientMessageType::CRUD_DELETE => Style::Change,
        // They end in an OK.
        _ => Style::View,
    }
}
