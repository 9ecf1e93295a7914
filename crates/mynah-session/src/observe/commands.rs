//! What a client sends once it has logged in.

use bytes::Bytes;
use mynah_classic::command::CommandCode;

use super::observer::{Pending, is, message};
use super::side::Cut;
use super::{Answer, Asked, Direction, Event, Executed, Loss, Observer, Outcome, Statement, What};
use crate::classic::Response;

impl Observer {
    /// A command, or what belongs to one that was sent before.
    pub(super) fn in_command_phase(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        let asked_for = match self.pending.front() {
            Some(front) if front.response.wants_file() => Some(What::File),
            Some(front) if cut.sequence_id != 0 && is(front, CommandCode::CHANGE_USER) => {
                Some(What::AuthResponse)
            }
            Some(front) if cut.first == Some(SEMI_SYNC) && front.response.is_binlog() => {
                Some(What::SemiSyncAck)
            }
            _ if self.file_open && cut.sequence_id != 0 => Some(What::File),
            _ => None,
        };
        if let Some(what) = asked_for {
            if what == What::File && cut.len == 0 {
                self.file_open = false;
            }
            if let Some(front) = self.pending.front_mut() {
                front.answer.sent += cut.wire_len;
                front.answered_by = cut.last_sequence_id.wrapping_add(1);
            }
            return self.tell_of_client(cut, what, see);
        }
        if std::mem::take(&mut self.early) {
            let code = CommandCode(cut.first.unwrap_or(0));
            return self.tell_of_client(cut, What::Command(code), see);
        }
        self.start(cut, see);
    }

    fn start(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        if self.pending.len() >= MAX_PENDING {
            return self.lose(Loss::TooManyCommands, see);
        }
        self.file_open = false;
        self.commands += 1;
        let code = CommandCode(cut.first.unwrap_or(0));
        let executed = self.about_statement(code, &cut);
        let room = self.options.max_held.saturating_sub(self.held);
        let mut asked = Asked {
            number: self.commands,
            code,
            payload: cut.payload.clone(),
            len: cut.len,
            executed,
            settings: self.settings,
        };
        self.unsettle(&asked);
        let answered_by = cut.last_sequence_id.wrapping_add(1);
        let sent = cut.wire_len;
        see(Event::Started(asked.clone()));
        if self.options.messages {
            let message = message(
                Direction::Client,
                cut,
                What::Command(code),
                Some(self.commands),
            );
            see(Event::Message(message));
        }
        if asked.payload.len() > room {
            asked.payload = Bytes::new();
        }
        self.held += asked.payload.len();
        let response = Response::new(code, self.shared);
        let answer = Box::new(Answer::to(asked, sent, response.status_flags()));
        let pending = Pending {
            answer,
            response,
            changes: Vec::new(),
            answered_by,
        };
        if pending.response.is_complete() {
            self.finish(pending, Outcome::NotAnswered, see);
        } else {
            self.pending.push_back(pending);
        }
    }

    /// A server may answer before it has all of a command: when it is too long, say.
    pub(super) fn answer_early(&mut self, see: &mut impl FnMut(Event)) {
        if self.early || !self.pending.is_empty() {
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
        self.early = !self.pending.is_empty();
    }

    pub(super) fn finish(
        &mut self,
        mut pending: Pending,
        outcome: Outcome,
        see: &mut impl FnMut(Event),
    ) {
        let (answer, response) = (&mut pending.answer, &pending.response);
        answer.outcome = outcome;
        answer.rows = response.rows();
        answer.status_flags = response.status_flags();
        self.held = self.held.saturating_sub(answer.asked.payload.len());
        self.astray |= matches!(answer.outcome, Outcome::Undecodable(_));
        let (code, done) = (answer.asked.code, answer.outcome == Outcome::Done);
        self.settle(&pending);
        see(Event::Completed(pending.answer));
        match code {
            CommandCode::RESET_CONNECTION | CommandCode::CHANGE_USER if done => {
                self.statements.clear();
            }
            CommandCode::CLONE | CommandCode::SUBSCRIBE_GROUP_REPLICATION_STREAM if done => {
                self.lose(Loss::Other(code), see);
            }
            _ => {}
        }
    }

    /// Which prepared statement a command is about, and what follows from it.
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

/// How many commands may wait for their answers.
const MAX_PENDING: usize = 65_536;
