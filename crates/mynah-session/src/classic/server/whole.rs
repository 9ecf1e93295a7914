//! Encodes a whole answer at once, for callers that answer in place of a server.

use bytes::{Bytes, BytesMut};
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_classic::resultset::MetadataFollows;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::EncodeError;

use super::answer::{has_multi_results, has_out_parameters, one_result};
use super::result_set::{Sending, ok_packet, send_columns};
use crate::classic::packet_exchange::PacketExchange;
use crate::progress::Progress;
use crate::{Failure, Outcome, Reply, ResultSet, SessionState, StatementCommand};

/// Encodes an answer as packets, numbered from `sequence_id`. `command` decides the format of rows: binary
/// for [`StatementCommand::Execute`], text for all others. `shared` are the capability flags of the
/// connection.
///
/// Outcomes that need an exchange with the client, a handler or a server (a file, a binary log, rows from a source,
/// KILL) are replaced by an error, which ends the answer.
#[must_use]
pub fn encode_reply(
    reply: Reply,
    command: StatementCommand,
    sequence_id: u8,
    shared: Capabilities,
) -> Bytes {
    let is_binary = command == StatementCommand::Execute;
    let mut outcomes = vec![reply.outcome];
    outcomes.extend(reply.more);
    if !has_out_parameters(shared, is_binary) {
        outcomes.retain(|outcome| !outcome.is_out_parameters());
    }
    if outcomes.len() > 1 && !has_multi_results(shared, is_binary) {
        outcomes = vec![Outcome::Error(one_result())];
    }
    let mut whole = Whole {
        exchange: PacketExchange::new(0),
        written: BytesMut::new(),
        session: SessionState {
            status_flags: Some(StatusFlags::AUTOCOMMIT),
            ..SessionState::default()
        },
        shared,
        is_binary,
    };
    whole.exchange.take_back(0, sequence_id);
    let mut outcomes = outcomes.into_iter();
    while let Some(outcome) = outcomes.next() {
        let more = match outcomes.len() {
            0 => StatusFlags::empty(),
            _ => StatusFlags::MORE_RESULTS_EXISTS,
        };
        if let Err(failure) = whole.outcome(outcome, more) {
            // An error always has a form.
            let _sent = whole.exchange.send_failure(failure, shared);
            break;
        }
    }
    whole.flush();
    whole.written.freeze()
}

struct Whole {
    exchange: PacketExchange,
    written: BytesMut,
    session: SessionState,
    shared: Capabilities,
    is_binary: bool,
}

impl Whole {
    /// Writes an outcome. On failure nothing of it is written, and the reason is returned.
    fn outcome(&mut self, outcome: Outcome, more: StatusFlags) -> Result<(), Failure> {
        self.flush();
        let (start, written) = (self.exchange.next_sequence_id(), self.written.len());
        let sent = match outcome {
            Outcome::Ok(completion) => {
                let mut packet = ok_packet(&completion, &self.session, self.shared);
                packet.status_flags |= more;
                self.exchange.send(&packet, self.shared).map_err(too_long)
            }
            Outcome::Rows(result) => self.rows(result, more),
            Outcome::Error(failure) => Err(failure),
            Outcome::LocalInfile(_) => Err(unsupported("ask for a file")),
            Outcome::Binlog(_) => Err(unsupported("send a binary log")),
            Outcome::Kill(_) => Err(unsupported("end a connection")),
            Outcome::Packets(packets) => self.exchange.send_raw(&packets),
        };
        if sent.is_err() {
            self.written.truncate(written);
            self.exchange.take_back(0, start);
        }
        sent
    }

    fn rows(&mut self, result: ResultSet, more: StatusFlags) -> Result<(), Failure> {
        let columns = result.columns.clone();
        let mut sending = Sending::new(result, self.is_binary);
        let status_flags = sending.status_flags(&self.session) | more;
        let (exchange, shared) = (&mut self.exchange, self.shared);
        let metadata = MetadataFollows::FULL;
        send_columns(exchange, &columns, metadata, status_flags, shared).map_err(too_long)?;
        loop {
            match sending.send(&mut self.exchange, &mut u64::MAX.clone()) {
                Progress::Full => self.flush(),
                Progress::Sent | Progress::Enough => break,
                Progress::NeedsRows(_) => return Err(unsupported("ask for more rows")),
                Progress::Failed(failure) => return Err(failure),
            }
        }
        let sent = sending.send_end(&mut self.exchange, &self.session, more, shared);
        sent.map_err(too_long)
    }

    fn flush(&mut self) {
        self.written.unsplit(self.exchange.output.split());
    }
}

fn too_long(error: EncodeError) -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_ERROR,
        format!("the answer can't be sent: {error}"),
    )
}

fn unsupported(what: &str) -> Failure {
    Failure {
        code: error_code::ER_NOT_SUPPORTED_YET,
        sql_state: SqlState(*b"42000"),
        message: format!("an answer in place of the server's can't {what}").into(),
    }
}
