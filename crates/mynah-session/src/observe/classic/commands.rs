//! The client's side of the command phase.

use mynah_classic::command::CommandCode;

use super::follower::{Follower, Following, Pending, is};
use crate::classic::Response;
use crate::observe::side::Cut;
use crate::observe::{
    Answer, Command, CommandKind, Direction, Event, Executed, Loss, Outcome, Statement, What,
};

impl Follower {
    /// A command, or what belongs to one that was sent before.
    pub(super) fn in_command_phase(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        // Not all that a client sends in the command phase is a command: files, authentication data and
        // receipts continue one that was sent before.
        let asked_for = match self.waiting.front() {
            Some(front) if front.by.response.wants_file() => Some(What::File),
            Some(front) if cut.sequence_id != 0 && is(front, CommandCode::CHANGE_USER) => {
                Some(What::AuthResponse)
                // 0xef is also no command, so a semi-synchronous replica's receipt is recognised only while a
                // binary log is sent.
            }
            Some(front) if cut.first == Some(SEMI_SYNC) && front.by.response.is_binlog() => {
                Some(What::SemiSyncAck)
            }
            // The server refused the file, but the client sends it to its end.
            _ if self.file_open && cut.sequence_id != 0 => Some(What::File),
            _ => None,
        };
        if let Some(what) = asked_for {
            if what == What::File && cut.len == 0 {
                self.file_open = false;
            }
            if let Some(front) = self.waiting.front_mut() {
                front.answer.sent += cut.wire_len;
                front.by.answered_by = cut.last_sequence_id.wrapping_add(1);
                front.by.answering_frame = self.client.next_frame();
            }
            return self.emit_from_client(cut, what, see);
        }
        if std::mem::take(&mut self.early) {
            let code = CommandCode(cut.first.unwrap_or(0));
            return self.emit_from_client(cut, What::Command(code), see);
        }
        self.start(cut, see);
    }

    fn start(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        // Pipelined commands are held until their answers come. A client that never reads would make them
        // grow without end.
        if self.waiting.is_full() {
            return self.lose(Loss::TooManyCommands, see);
        }
        self.file_open = false;
        let number = self.waiting.next_number();
        let code = CommandCode(cut.first.unwrap_or(0));
        let command = Command {
            number,
            kind: CommandKind::Classic(code),
            payload: cut.payload.clone(),
            len: cut.len,
            capabilities: self.shared,
            executed: self.about_statement(code, &cut),
            settings: self.settings,
        };
        let may_change_settings = self.unsettle(&command, code);
        let answered_by = cut.last_sequence_id.wrapping_add(1);
        let sent = cut.wire_len;
        see(Event::Started(command.clone()));
        if self.options.messages {
            let what = What::Command(code);
            see(self.message(Direction::Client, cut, what, Some(number)));
        }
        let response = Response::new(code, self.shared);
        let answer = Box::new(Answer::to(command, sent, response.status_flags()));
        let is_complete = response.is_complete();
        let following = Following {
            response,
            changes: Vec::new(),
            may_change_settings,
            answered_by,
            answering_frame: self.client.next_frame(),
        };
        let pending = self.waiting.begin(answer, self.options.max_held, following);
        if is_complete {
            self.finish(pending, Outcome::NotAnswered, see);
        } else {
            self.waiting.push(pending);
        }
    }

    /// A server may answer before it has all of a command: when it is too long, say.
    pub(super) fn answer_early(&mut self, see: &mut impl FnMut(Event)) {
        if self.early || !self.waiting.is_empty() {
            return;
        }
        let Some((first, payload)) = self.client.begun() else {
            return;
        };
        let len = payload.len() as u64;
        let cut = Cut {
            sequence_id: 0,
            last_sequence_id: 0,
            payload,
            first: Some(first),
            len,
            wire_len: len,
        };
        self.start(cut, see);
        self.early = !self.waiting.is_empty();
    }

    pub(super) fn finish(
        &mut self,
        mut pending: Pending,
        outcome: Outcome,
        see: &mut impl FnMut(Event),
    ) {
        let response = &pending.by.response;
        pending.answer.rows = response.rows();
        pending.answer.status_flags = response.status_flags();
        self.waiting.finish(&mut pending, outcome);
        let answer = &pending.answer;
        // The length of an answer that can't be decoded isn't known: up to the next answer all packets are
        // passed over.
        self.astray |= matches!(answer.outcome, Outcome::Undecodable(_));
        let done = answer.outcome == Outcome::Done;
        let code = answer.command.kind.code().unwrap_or(CommandCode(0));
        let sql = match code {
            CommandCode::QUERY | CommandCode::STMT_EXECUTE if done => answer.command.sql(),
            _ => None,
        };
        // Settings and identity change after the command is complete, so its event has those that it ran
        // with.
        self.settle(&pending, code, sql.as_deref());
        let identity = self.identity.after(answer, sql.as_deref());
        see(Event::Completed(pending.answer));
        if let Some(identity) = identity {
            self.identity.change_to(identity, see);
        }
        match code {
            CommandCode::RESET_CONNECTION | CommandCode::CHANGE_USER if done => {
                self.statements.clear();
            }
            // From here on, the connection has other packets.
            CommandCode::CLONE | CommandCode::SUBSCRIBE_GROUP_REPLICATION_STREAM if done => {
                self.lose(Loss::OtherProtocol(code), see);
            }
            _ => {}
        }
    }

    /// Finds the prepared statement that a command refers to, and notes what the command changes of it.
    fn about_statement(&mut self, code: CommandCode, cut: &Cut) -> Option<Executed> {
        let payload = &cut.payload;
        if code == CommandCode::STMT_PREPARE {
            let text = payload.slice(1.min(payload.len())..);
            let is_cut = (payload.len() as u64) < cut.len;
            let statement = Statement::new(text, is_cut, self.settings);
            return Some(self.statements.prepare(statement, self.options.max_held));
        }
        let id = || {
            payload
                .get(1..5)?
                .first_chunk()
                .copied()
                .map(u32::from_le_bytes)
        };
        match code {
            CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE => {
                self.statements.execute(id()?)
            }
            CommandCode::STMT_SEND_LONG_DATA => {
                let parameter = payload.get(5..7)?.first_chunk().copied()?;
                let id = id()?;
                self.statements.long_data(id, u16::from_le_bytes(parameter));
                self.statements.get(id)
            }
            CommandCode::STMT_FETCH => self.statements.get(id()?),
            CommandCode::STMT_RESET => {
                let id = id()?;
                self.statements.reset(id);
                self.statements.get(id)
            }
            CommandCode::STMT_CLOSE => {
                let id = id()?;
                let statement = self.statements.get(id);
                self.statements.close(id);
                statement
            }
            _ => None,
        }
    }
}

/// First byte of what a replica sends while it receives a binary log.
const SEMI_SYNC: u8 = 0xef;
