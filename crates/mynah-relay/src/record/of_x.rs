//! Statements of the X Protocol, and their answers.

use std::collections::VecDeque;
use std::sync::Arc;

use mynah_recording::{Entry, Protocol};
use mynah_session::observe::{self, Answer, Command, CommandKind, Direction, Message};
use mynah_x::cursor::Fetch;
use mynah_x::{ClientMessage, ClientMessageType, Frame, Message as _, ServerMessageType};

use super::building::Ended;
use super::cursors::{Cursors, Recorded, Suspended};
use super::entry::{entry, of_session};
use super::x::XAnswer;
use super::x_statements::XStatements;
use crate::TraceOptions;
use crate::trace::{CommandText, Explain, X};

/// What is known of a connection of the X Protocol.
#[derive(Debug)]
pub(super) struct OfX {
    options: Arc<TraceOptions>,
    /// What may be shown of commands and answers.
    explain: X,
    open: VecDeque<Open>,
    statements: XStatements,
    pub(super) cursors: Cursors,
}

/// A message of the client that has no whole answer yet.
#[derive(Debug)]
struct Open {
    number: u64,
    answer: XAnswer,
    /// The number of the cursor whose rows it fetches, until the first of its answer.
    fetches: Option<u32>,
    /// That cursor, from then on.
    fetched: Option<Box<Suspended>>,
}

impl OfX {
    pub(super) fn new(options: &Arc<TraceOptions>) -> Self {
        Self {
            options: Arc::clone(options),
            explain: X::recording(options),
            open: VecDeque::new(),
            statements: XStatements::default(),
            cursors: Cursors::default(),
        }
    }

    /// A message of the client, which has an answer of its own.
    pub(super) fn started(&mut self, command: &Command) {
        self.explain.started(command);
        let fetches = match command.kind {
            CommandKind::X(ClientMessageType::CURSOR_FETCH) => {
                let fetch = Fetch::from_payload(&command.payload).ok();
                fetch.map(|fetch| fetch.cursor_id)
            }
            _ => None,
        };
        self.open.push_back(Open {
            number: command.number,
            answer: XAnswer::default(),
            fetches,
            fetched: None,
        });
    }

    /// A message passes.
    pub(super) fn message(&mut self, message: &Message, message_type: u8) {
        let number = message.command.unwrap_or_default();
        let message_type = ServerMessageType(message_type);
        let is_answer = message.direction == Direction::Server;
        let open = self
            .open
            .iter_mut()
            .find(|open| is_answer && open.number == number);
        let Some(open) = open else {
            self.explain.message(message);
            return;
        };
        open.resume(&mut self.cursors);
        let explain = &self.explain;
        let hidden = || explain.hidden(number);
        if message_type == ServerMessageType::RESULTSET_ROW {
            let rules = self.options.rules();
            return open.answer.row(&message.payload, rules, hidden);
        }
        if message_type != ServerMessageType::RESULTSET_COLUMN_META_DATA {
            // Behind the rows it isn't known any more what is hidden of them.
            open.answer.building.decide_hidden(hidden);
        }
        let shown = self.explain.message(message);
        open.answer.take(message_type, message, &shown.payload);
    }

    /// A message of the client is answered; gives what is to be recorded of it.
    pub(super) fn completed(
        &mut self,
        answer: &Answer,
        message_type: ClientMessageType,
    ) -> Option<Recorded> {
        let number = answer.command.number;
        let place = self.open.iter().position(|open| open.number == number);
        let open = place.and_then(|place| self.open.remove(place));
        let text = self.explain.completed(answer)?;
        let mut open = open?;
        open.resume(&mut self.cursors);
        let frame = Frame {
            message_type: message_type.0,
            payload: answer.command.payload.clone(),
        };
        let message = ClientMessage::from_frame(&frame).ok()?;
        let mut cursor = None;
        let (part, entry) = match (open.fetched.take(), &message) {
            (Some(fetched), ClientMessage::CursorFetch(fetch)) => {
                cursor = Some(fetch.cursor_id);
                (fetched.part, fetched.entry)
            }
            (_, ClientMessage::CursorClose(close)) => {
                let closed = self.cursors.close(close.cursor_id)?;
                return Some(Recorded::Whole(Box::new(closed)));
            }
            (_, message) => {
                if let ClientMessage::CursorOpen(open) = message {
                    cursor = Some(open.cursor_id);
                }
                (None, self.entry(message, answer, &text)?)
            }
        };
        let is_suspended = open.answer.is_suspended && answer.outcome == observe::Outcome::Done;
        let suspended = Box::new(Suspended {
            part,
            entry,
            took: Ended::from(answer),
            building: open.answer.building,
        });
        Some(match cursor.filter(|_| is_suspended) {
            Some(id) => Recorded::Suspended(id, suspended),
            None => Recorded::Whole(suspended),
        })
    }

    /// The entry of a message; nothing if it isn't recorded.
    fn entry(
        &mut self,
        message: &ClientMessage,
        answer: &Answer,
        text: &CommandText,
    ) -> Option<Entry> {
        let has_failed = answer.error().is_some();
        match message {
            ClientMessage::Prepare(prepare) if !has_failed => {
                self.statements
                    .prepared(prepare.stmt_id, prepare.stmt.clone());
                return None;
            }
            ClientMessage::Prepare(_) => {
                return Some(Entry {
                    command: Some(Entry::PREPARE.to_owned()),
                    ..entry(text, Protocol::X)
                });
            }
            ClientMessage::Deallocate(deallocate) => self.statements.remove(deallocate.stmt_id),
            ClientMessage::Reset(_) => self.statements.clear(),
            // What is about the session is not data, but its errors are.
            ClientMessage::StmtExecute(execute)
                if !has_failed
                    && execute.namespace_or_default() == "mysqlx"
                    && OF_SESSION.contains(&&*execute.stmt) =>
            {
                return None;
            }
            _ => {}
        }
        let found = self.statements.entry(message, text, self.options.rules());
        found.or_else(|| {
            has_failed.then(|| of_session(entry(text, Protocol::X), answer.command.kind))
        })
    }
}

impl Open {
    /// The rows of a cursor come to those that came before.
    fn resume(&mut self, cursors: &mut Cursors) {
        let Some(id) = self.fetches.take() else {
            return;
        };
        if let Some(mut cursor) = cursors.resume(id) {
            self.answer.building = std::mem::take(&mut cursor.building);
            self.fetched = Some(Box::new(cursor));
        }
    }
}

/// Commands of the X Plugin that are about the session.
const OF_SESSION: &[&[u8]] = &[b"ping", b"enable_notices", b"disable_notices"];
