//! Statements of the classic protocol, and their answers.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_recording::{Entry, Protocol};
use mynah_session::classic::Part;
use mynah_session::observe::{
    self, Answer, Command, Direction, Executed, Given, LeftOut, Message, What,
};

use super::building::Ended;
use super::classic::ClassicAnswer;
use super::cursors::{Cursors, Recorded, Suspended};
use super::entry::{entry, of_session};
use super::long_data::{LongData, Pieces};
use super::params;
use crate::TraceOptions;
use crate::trace::{Classic, CommandText, Explain};

/// What is known of a connection of the classic protocol.
#[derive(Debug)]
pub(super) struct OfClassic {
    options: Arc<TraceOptions>,
    /// What may be shown of commands and answers.
    explain: Classic,
    open: VecDeque<Open>,
    long_data: LongData,
    pub(super) cursors: Cursors,
}

/// A command that has no whole answer yet.
#[derive(Debug)]
struct Open {
    number: u64,
    answer: ClassicAnswer,
    /// The statement that a command is about, by the server's number.
    statement: u32,
    long_data: HashMap<u16, Bytes>,
    /// The cursor whose rows it fetches.
    fetched: Option<Box<Suspended>>,
    is_fetch: bool,
}

impl OfClassic {
    pub(super) fn new(options: &Arc<TraceOptions>) -> Self {
        Self {
            options: Arc::clone(options),
            explain: Classic::recording(options),
            open: VecDeque::new(),
            long_data: LongData::default(),
            cursors: Cursors::default(),
        }
    }

    /// A command starts; gives the cursors that it closes.
    pub(super) fn started(&mut self, command: &Command) -> Vec<Suspended> {
        self.explain.started(command);
        let code = command.kind.code().unwrap_or(CommandCode(u8::MAX));
        let statement = statement(&command.payload);
        let mut pieces = Pieces::default();
        let closed = match code {
            CommandCode::STMT_SEND_LONG_DATA => {
                self.long_data.add(&command.payload, command.len);
                None
            }
            CommandCode::STMT_EXECUTE => {
                pieces = self.long_data.take(statement);
                self.cursors.close(statement)
            }
            CommandCode::STMT_RESET | CommandCode::STMT_CLOSE => {
                self.long_data.take(statement);
                self.cursors.close(statement)
            }
            // They free all prepared statements.
            CommandCode::RESET_CONNECTION | CommandCode::CHANGE_USER => {
                self.long_data = LongData::default();
                None
            }
            _ => None,
        };
        let mut answer = ClassicAnswer::to(command);
        if pieces.is_cut {
            answer.building.miss("a parameter is longer than is held");
        }
        self.open.push_back(Open {
            number: command.number,
            answer,
            statement,
            long_data: pieces.values,
            fetched: None,
            is_fetch: code == CommandCode::STMT_FETCH,
        });
        closed.into_iter().collect()
    }

    /// A message passes.
    pub(super) fn message(&mut self, message: &Message, what: &What) {
        let number = message.command.unwrap_or_default();
        let place = self.open.iter().position(|open| open.number == number);
        if let What::Answer(part @ (Part::TextRow | Part::BinaryRow)) = *what {
            let Some(open) = place.and_then(|place| self.open.get_mut(place)) else {
                return;
            };
            open.resume(&mut self.cursors);
            let explain = &self.explain;
            let hidden = || explain.hidden(number);
            let rules = self.options.rules();
            return open.answer.row(part, &message.payload, rules, hidden);
        }
        let shown = self.explain.message(message);
        if *what == What::File {
            if let Some(open) = self.open.front_mut() {
                open.answer.building.file(&message.payload, message.len);
            }
            return;
        }
        let Some(open) = place.and_then(|place| self.open.get_mut(place)) else {
            return;
        };
        if let (What::Answer(part), Direction::Server) = (what, message.direction) {
            open.resume(&mut self.cursors);
            let explain = &self.explain;
            let known = || explain.columns(number);
            open.answer.take(*part, message, &shown.payload, known);
        }
    }

    /// A command is done; gives what is to be recorded of it.
    pub(super) fn completed(&mut self, answer: &Answer, code: CommandCode) -> Option<Recorded> {
        let number = answer.command.number;
        let place = self.open.iter().position(|open| open.number == number);
        let mut open = place.and_then(|place| self.open.remove(place));
        if let Some(open) = &mut open {
            open.resume(&mut self.cursors);
            // When the rows are fetched, it isn't known any more what is hidden of them.
            let hidden = || self.explain.hidden(number);
            open.answer.building.decide_hidden(hidden);
        }
        let text = self.explain.completed(answer)?;
        let mut open = open?;
        let is_suspended = open.answer.is_suspended() && answer.outcome == observe::Outcome::Done;
        let (part, entry) = match open.fetched.take() {
            Some(fetched) => (fetched.part, fetched.entry),
            None => (None, of_command(answer, code, &text, &open)?),
        };
        if answer.command.is_cut() || text.given.left_out != LeftOut::default() {
            open.answer
                .building
                .miss("the command is longer than is held");
        }
        if text.foreign.is_some() {
            open.answer
                .building
                .miss("the statement's character set can't be read");
        }
        let suspended = Box::new(Suspended {
            part,
            entry,
            took: Ended::from(answer),
            building: open.answer.building,
        });
        Some(match is_suspended {
            true => Recorded::Suspended(open.statement, suspended),
            false => Recorded::Whole(suspended),
        })
    }
}

impl Open {
    /// The rows of a cursor come to those that came before.
    fn resume(&mut self, cursors: &mut Cursors) {
        if !std::mem::take(&mut self.is_fetch) {
            return;
        }
        if let Some(mut cursor) = cursors.resume(self.statement) {
            self.answer.building = std::mem::take(&mut cursor.building);
            self.fetched = Some(Box::new(cursor));
        }
    }
}

/// The entry of a command; nothing if it isn't recorded.
fn of_command(
    answer: &Answer,
    code: CommandCode,
    text: &CommandText,
    open: &Open,
) -> Option<Entry> {
    let base = entry(text, Protocol::Classic);
    let command = |name: &str| Some(name.to_owned());
    Some(match code {
        CommandCode::QUERY => base,
        CommandCode::FIELD_LIST => Entry {
            command: command("field_list"),
            ..base
        },
        CommandCode::STMT_PREPARE => Entry {
            command: command(Entry::PREPARE),
            ..base
        },
        CommandCode::STMT_EXECUTE => {
            let given = given(&answer.command);
            Entry {
                params: Some(params::classic(
                    &given.parameters,
                    &text.given.parameters,
                    &open.long_data,
                    character_set(&answer.command),
                )),
                param_types: params::types(
                    given.parameters.iter().map(|each| &each.parameter_type),
                ),
                ..base
            }
        }
        CommandCode::STMT_BULK_EXECUTE => {
            let given = given(&answer.command);
            let shown = &text.given.rows;
            let rows = given.rows.iter().enumerate();
            let set = character_set(&answer.command);
            let types = given.rows.first().into_iter().flatten();
            Entry {
                command: command(Entry::BULK_EXECUTE),
                param_types: params::types(types.map(|(each, _)| each)),
                param_rows: rows
                    .map(|(index, row)| params::bulk(row, shown.get(index), set))
                    .collect(),
                ..base
            }
        }
        // What is about the session is not data, but its errors are.
        CommandCode::STMT_FETCH => return None,
        _ if answer.error().is_some() => of_session(base, answer.command.kind),
        _ => return None,
    })
}

fn given(command: &Command) -> Given {
    let executed = command.executed.as_ref();
    let given =
        executed.map(|executed| executed.peek(&command.payload, command.len, command.capabilities));
    given.and_then(Result::ok).unwrap_or_default()
}

fn character_set(command: &Command) -> Option<&'static str> {
    let executed = command.executed.as_ref().map(Executed::settings);
    executed.unwrap_or(command.settings).character_set
}

/// The number behind the first byte, in the commands that have one.
fn statement(payload: &[u8]) -> u32 {
    match payload {
        [_, a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}
