use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{EofPacket, ErrPacket, OkPacket, SessionStateChange, StmtPrepareOk};
use mynah_classic::resultset::ColumnDefinition41;
use mynah_wire::Message as _;

use super::follower::{Follower, Pending, is};
use crate::classic::Part;
use crate::observe::side::Cut;
use crate::observe::{Direction, Event, Outcome, What};

impl Follower {
    /// A packet of the answer that is due.
    pub(super) fn answer(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        // An answer to a command that the client is still sending: its first bytes are enough to know which.
        self.answer_early(see);
        let Some(front) = self.waiting.front_mut() else {
            return self.unasked(cut, see);
        };
        // The first packet of the next answer has a known sequence id: with it, following begins again.
        if self.astray {
            if front.answer.received == 0 && cut.sequence_id != front.by.answered_by {
                return self.unasked(cut, see);
            }
            self.astray = false;
        }
        front.answer.received += cut.wire_len;
        front.by.answered_by = cut.last_sequence_id.wrapping_add(1);
        front.by.answering_frame = None;
        let passed_over = cut
            .first
            .and_then(|first| front.by.response.pass_over(first));
        let part = match passed_over {
            Some(part) => Ok(part),
            None => front.by.response.receive(&cut.payload),
        };
        let outcome = match &part {
            Ok(part) => take_in(front, *part, &cut.payload, self.shared),
            Err(error) => Some(Outcome::Undecodable(error.clone())),
        };
        let complete = front.by.response.is_complete();
        let executed = front.answer.command.executed.as_ref();
        match (&part, executed) {
            (Ok(Part::LocalInfile), _) => self.file_open = true,
            (Ok(Part::Prepared), _) => {
                let ok = StmtPrepareOk::from_payload(&cut.payload, self.shared).ok();
                self.statements.prepared(ok);
            }
            (Ok(Part::Err) | Err(_), _) if is(front, CommandCode::STMT_PREPARE) => {
                self.statements.prepared(None);
            }
            (Ok(Part::ColumnCount), Some(executed)) => {
                // With metadata that is kept no columns may follow; then the old ones hold.
                let follow = cut.payload.get(1) != Some(&0);
                if self.options.messages && follow {
                    self.statements.clear_columns(executed);
                }
            }
            (Ok(Part::ColumnDefinition), Some(executed)) if self.options.messages => {
                if let Ok(column) = ColumnDefinition41::from_payload(&cut.payload, self.shared) {
                    self.statements.column(executed, column);
                }
            }
            _ => {}
        }
        if let Some(outcome) = outcome {
            front.answer.outcome = outcome;
        }
        if self.options.messages {
            let what = part.map_or_else(What::Undecodable, What::Answer);
            let number = self.waiting.number();
            see(self.message(Direction::Server, cut, what, number));
        }
        if complete && let Some(pending) = self.waiting.pop() {
            let outcome = pending.answer.outcome.clone();
            self.finish(pending, outcome, see);
        }
    }

    /// Only counts the rows that are there as a whole, where rows are no events.
    pub(super) fn pass_rows(&mut self, rest: &mut &[u8]) {
        if self.options.messages || self.astray {
            return;
        }
        let Some(front) = self.waiting.front_mut() else {
            return;
        };
        if !front.by.response.is_in_rows() {
            return;
        }
        let passed = self.server.pass_rows(rest);
        if passed.rows > 0 {
            front.by.response.pass_rows(passed.rows);
            front.answer.received += passed.wire_len;
            front.by.answered_by = passed.last_sequence_id.wrapping_add(1);
            front.by.answering_frame = None;
        }
    }

    /// A message of the server that answers no command. Servers send an error in this way before they close a
    /// connection.
    fn unasked(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        let error = ErrPacket::from_payload(&cut.payload, self.shared).ok();
        let error = error.filter(|_| !self.astray);
        self.emit_from_server(&cut, What::Unasked, see);
        if let Some(error) = error {
            see(Event::Unasked(error.into()));
        }
    }
}

/// Notes what a part of the answer says, and returns the outcome as far as it is known by now.
fn take_in(
    pending: &mut Pending,
    part: Part,
    payload: &Bytes,
    shared: Capabilities,
) -> Option<Outcome> {
    let answer = &mut pending.answer;
    match part {
        Part::Ok => {
            answer.results += 1;
            let Ok(ok) = OkPacket::from_payload(payload, shared) else {
                // It was an EOF, which some commands end with.
                return Some(ended(pending, payload, shared));
            };
            note(&ok, &mut pending.by.changes);
            answer.follow(&ok);
            answer.affected_rows = ok.affected_rows;
            answer.last_insert_id = ok.last_insert_id;
            answer.warnings = ok.warnings;
            Some(Outcome::Done)
        }
        Part::RowsEnd | Part::ColumnsEnd => Some(ended(pending, payload, shared)),
        Part::ColumnCount => {
            answer.results += 1;
            answer.result_sets += 1;
            None
        }
        Part::Statistics => Some(Outcome::Done),
        Part::Prepared => Some(match StmtPrepareOk::from_payload(payload, shared) {
            Ok(ok) => Outcome::Prepared(ok),
            Err(error) => Outcome::Undecodable(error),
        }),
        Part::Err => Some(match ErrPacket::from_payload(payload, shared) {
            Ok(error) => Outcome::Failed(error.into()),
            Err(error) => Outcome::Undecodable(error),
        }),
        _ => None,
    }
}

/// The outcome after the end of rows or columns.
fn ended(pending: &mut Pending, payload: &Bytes, shared: Capabilities) -> Outcome {
    let answer = &mut pending.answer;
    if payload.len() > LEN_OF_EOF {
        if let Ok(ok) = OkPacket::from_payload(payload, shared) {
            note(&ok, &mut pending.by.changes);
            answer.follow(&ok);
            answer.warnings = ok.warnings;
        }
    } else if let Ok(eof) = EofPacket::from_payload(payload, shared) {
        answer.warnings = eof.warnings;
    }
    match &answer.outcome {
        prepared @ Outcome::Prepared(_) => prepared.clone(),
        _ => Outcome::Done,
    }
}

/// Keeps changes of the variables that decide how statements are parsed.
fn note(ok: &OkPacket, changes: &mut Vec<SessionStateChange>) {
    let all = ok.session_state_changes.iter().map_while(Result::ok);
    let kept = all.filter(|change| match change {
        SessionStateChange::SystemVariable { name, .. } => {
            matches!(&name[..], b"character_set_client" | b"sql_mode")
        }
        _ => false,
    });
    changes.extend(kept.take(MOST_CHANGES.saturating_sub(changes.len())));
}

/// How many changes of an answer are kept.
const MOST_CHANGES: usize = 16;

const LEN_OF_EOF: usize = 5;
