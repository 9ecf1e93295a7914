use std::collections::HashSet;

use mynah_expect::Command;
use mynah_recording::Entry;
use mynah_relay::{Decision, GateCommand, XStatements};
use mynah_session::{Completion, Outcome, Reply};
use mynah_x::ClientMessage;

use crate::deciding::{Course, Deciding};
use crate::effects::Effects;

/// What is known of a connection of the X Protocol.
#[derive(Debug, Default)]
pub(crate) struct X {
    statements: XStatements,
    /// Cursors that the server doesn't have: their statements were answered from the recording, with all rows.
    cursors: HashSet<u32>,
    /// How many blocks of expectations are open.
    blocks: u32,
}

impl X {
    pub(crate) fn decide(
        &mut self,
        command: &GateCommand<'_>,
        deciding: &mut Deciding,
    ) -> Decision {
        let call = self.statements.call(command);
        match command.x_message() {
            Some(ClientMessage::CursorClose(close)) if self.cursors.remove(&close.cursor_id) => {
                return Decision::answer(Outcome::Ok(Completion::default()));
            }
            Some(ClientMessage::ExpectOpen(_)) => self.blocks = self.blocks.saturating_add(1),
            Some(ClientMessage::ExpectClose(_)) => self.blocks = self.blocks.saturating_sub(1),
            Some(message) if runs_statement(&message) => {
                let cursor = match &message {
                    ClientMessage::CursorOpen(open) => Some(open.cursor_id),
                    _ => None,
                };
                return self.statement(call, cursor, deciding);
            }
            _ => {}
        }
        Decision::Pass
    }

    /// Decides on a statement, or on one that isn't known. The answer may be for a cursor.
    fn statement(
        &mut self,
        call: Option<Entry>,
        cursor: Option<u32>,
        deciding: &mut Deciding,
    ) -> Decision {
        if let Some(cursor) = cursor {
            self.cursors.remove(&cursor);
        }
        let Some(call) = call else {
            return deciding.not_recorded(&Effects::unknown(), "a statement of more than 64 KiB");
        };
        let text = call.stmt.to_string();
        let effects = match call.command.as_deref() {
            Some(name) if name == Command::Admin.name() => Effects::of_admin(&text),
            _ => deciding.effects(&text),
        };
        let course = deciding.course(&effects, &text, || {
            // The server has to see an error in a block of expectations: what follows in the block depends on it.
            let reply = deciding.recorded(call);
            reply.filter(|reply| self.blocks == 0 || !has_failed(reply))
        });
        if let Course::Answer(reply) = &course {
            self.cursors.extend(cursor.filter(|_| !has_failed(reply)));
        }
        deciding.take(&effects, &text, course)
    }
}

fn has_failed(reply: &Reply) -> bool {
    let mut outcomes = std::iter::once(&reply.outcome).chain(&reply.more);
    outcomes.any(|outcome| matches!(outcome, Outcome::Error(_)))
}

fn runs_statement(message: &ClientMessage) -> bool {
    matches!(
        message,
        ClientMessage::StmtExecute(_)
            | ClientMessage::Execute(_)
            | ClientMessage::CursorOpen(_)
            | ClientMessage::Find(_)
            | ClientMessage::Insert(_)
            | ClientMessage::Update(_)
            | ClientMessage::Delete(_)
            | ClientMessage::CreateView(_)
            | ClientMessage::ModifyView(_)
            | ClientMessage::DropView(_)
    )
}
