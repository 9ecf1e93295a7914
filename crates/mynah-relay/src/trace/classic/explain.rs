use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::classic::Part;
use mynah_session::observe::{Answer, Command, Executed, Message, MessageKind, Outcome, What};
use mynah_session::sql::Secrets;
use mynah_wire::{MAX_PAYLOAD_LEN, Message as _};

use super::open_command::OpenCommand;
use super::secrets::secrets;
use super::{decoded, given};
use crate::about::about;
use crate::trace::characters::{self, in_utf8};
use crate::trace::decoded::Decoded;
use crate::trace::explain::{Cells, CommandText, Explain, Explained, HiddenCells};
use crate::trace::options::TraceOptions;
use crate::trace::redact::{
    Column, Context, HiddenAs, Mask, RowCells, column_of, hidden_cells, masked, shows_warnings,
};
use crate::trace::shown::Shown;
use crate::trace::values;

/// What is known of a connection of the classic protocol.
#[derive(Debug)]
pub(crate) struct Classic {
    options: Arc<TraceOptions>,
    hidden_as: HiddenAs,
    /// The commands that have begun.
    open: VecDeque<OpenCommand>,
    /// Whether the server's warnings may be about a statement that is hidden.
    warnings_are_secret: bool,
}

/// A message, and what its protocol says of it.
#[derive(Clone, Copy)]
struct ClassicMessage<'a> {
    message: &'a Message,
    sequence_id: u8,
    what: &'a What,
    shared: Capabilities,
}

impl<'a> ClassicMessage<'a> {
    fn of(message: &'a Message) -> Option<Self> {
        match &message.kind {
            MessageKind::Classic {
                sequence_id,
                what,
                capabilities,
            } => Some(Self {
                message,
                sequence_id: *sequence_id,
                what,
                shared: *capabilities,
            }),
            MessageKind::X { .. } => None,
        }
    }
}

impl Explain for Classic {
    fn started(&mut self, command: &Command) {
        let secrets = secrets(command, self.options.rules());
        let sql = command.sql().unwrap_or_default();
        // A warning may quote the statement before, so it is as secret as that. This holds until another
        // statement has replaced the warnings.
        let hides_rows = self.warnings_are_secret && shows_warnings(&sql);
        self.warnings_are_secret |= !secrets.is_empty();
        let mut open = OpenCommand {
            number: command.number,
            secrets,
            len: sql.len(),
            hides_rows,
            hides_parameters: false,
            executed: command.executed.clone(),
            product: command.settings.server.product(),
            columns: Vec::new(),
        };
        // Rows that are fetched come without columns: these were sent with the execution.
        if command.kind.code() == Some(CommandCode::STMT_FETCH) {
            open.take_columns(self.options.rules());
        }
        self.open.push_back(open);
    }

    fn about(&self, command: &Command) -> Option<Bytes> {
        let open = self
            .open
            .iter()
            .find(|open| open.number == command.number)?;
        let sql = self.without(&text(command, command.kind.code()?), &open.secrets, command);
        let (sql, _) = in_utf8(&sql, character_set(command));
        Some(sql)
    }

    fn message(&mut self, message: &Message) -> Explained {
        let Some(classic) = ClassicMessage::of(message) else {
            return Explained::nothing();
        };
        let place = self
            .open
            .iter()
            .position(|open| Some(open.number) == message.command);
        self.note_column(classic, place);
        self.note_parameters(classic, place);
        let (payload, row) = self.shown(classic, place);
        let is_error = decoded::is_error(&payload);
        let cells = match (classic.what, row) {
            (_, Some(row)) if message.command.is_some() => Cells::Row(row),
            (What::Answer(Part::ColumnDefinition), _) if message.command.is_some() => {
                let column = ColumnDefinition41::from_payload(&payload, classic.shared);
                column.map_or(Cells::None, Cells::Definition)
            }
            _ => Cells::None,
        };
        Explained {
            payload,
            id: classic.sequence_id,
            packet_len: MAX_PAYLOAD_LEN,
            cells,
            is_unasked: message.command.is_none() && *classic.what == What::Unasked && !is_error,
        }
    }

    fn decode(&self, message: &Message, payload: &Bytes) -> Decoded {
        match ClassicMessage::of(message) {
            Some(classic) => {
                let decoded = decoded::decoded(classic.what, payload, classic.shared);
                let is_cut = message.len > payload.len() as u64;
                Decoded {
                    why: decoded.why.filter(|_| !is_cut),
                    ..decoded
                }
            }
            None => Decoded::plain(""),
        }
    }

    fn hidden(&self, number: u64) -> HiddenCells {
        let open = self.open.iter().find(|open| open.number == number);
        open.map_or_else(HiddenCells::default, |open| HiddenCells {
            all: open.hides_rows,
            columns: open.columns.iter().map(|column| column.hides).collect(),
        })
    }

    fn completed(&mut self, answer: &Answer) -> Option<CommandText> {
        let command = &answer.command;
        let code = command.kind.code()?;
        let open = self.close(answer);
        let rules = self.options.rules();
        let secrets = match open {
            Some(open) => open.secrets,
            None => secrets(command, rules),
        };
        let given = given::given(command, code, &secrets, rules);
        let sql = self.without(&text(command, code), &secrets, command);
        let (sql, foreign) = in_utf8(&sql, character_set(command));
        let is_secret =
            !secrets.is_empty() || given.has_hidden() || rules.match_error(&answer.outcome);
        Some(CommandText {
            sql,
            foreign,
            given,
            is_secret,
        })
    }

    fn forget(&mut self, answer: &Answer) {
        self.close(answer);
    }
}

impl Classic {
    pub(crate) fn new(options: &Arc<TraceOptions>) -> Self {
        Self {
            options: Arc::clone(options),
            hidden_as: HiddenAs::Word,
            open: VecDeque::new(),
            warnings_are_secret: false,
        }
    }

    /// One that begins in the middle of a connection, between two commands: a secret may have been in the one before.
    pub(crate) fn joining(options: &Arc<TraceOptions>) -> Self {
        Self {
            warnings_are_secret: true,
            ..Self::new(options)
        }
    }

    /// One for a recording.
    pub(crate) fn recording(options: &Arc<TraceOptions>) -> Self {
        Self {
            hidden_as: HiddenAs::Literal,
            ..Self::new(options)
        }
    }

    /// A statement without its secrets.
    fn without(&self, sql: &Bytes, secrets: &Secrets, command: &Command) -> Bytes {
        let executed = command.executed.as_ref().map(Executed::settings);
        let settings = executed.unwrap_or(command.settings);
        self.hidden_as.without(sql, secrets, settings.reading())
    }

    /// The columns of the rows that an open command gets, as they may be shown.
    pub(crate) fn columns(&self, number: u64) -> Vec<ColumnDefinition41> {
        let rules = self.options.rules();
        let open = self.open.iter().find(|open| open.number == number);
        let columns = open.map_or(&[][..], |open| &open.columns);
        let is_secret = open.is_some_and(|open| !open.secrets.is_empty());
        columns
            .iter()
            .map(|column| column.shown(is_secret, rules))
            .collect()
    }

    /// Ends a command. Its number of warnings replaces that of the one before.
    fn close(&mut self, answer: &Answer) -> Option<OpenCommand> {
        let number = answer.command.number;
        let place = self.open.iter().position(|open| open.number == number);
        let open = place.and_then(|place| self.open.remove(place))?;
        let warns = answer.warnings > 0 || matches!(answer.outcome, Outcome::Failed(_));
        self.warnings_are_secret |= open.hides_parameters;
        if warns
            && !open.hides_parameters
            && open.secrets.is_empty()
            && !open.hides_rows
            // While pipelined commands are open, it isn't known which of them the warnings are of.
            && self.open.is_empty()
        {
            self.warnings_are_secret = false;
        }
        Some(open)
    }

    /// Keeps a column definition for the rows that follow.
    fn note_column(&mut self, classic: ClassicMessage<'_>, place: Option<usize>) {
        let What::Answer(part) = *classic.what else {
            return;
        };
        let message = classic.message;
        let rules = self.options.rules();
        let Some(open) = place.and_then(|place| self.open.get_mut(place)) else {
            return;
        };
        if part == Part::ColumnCount {
            open.columns.clear();
            // Columns that aren't sent again are those of the statement.
            if message.payload.get(1) == Some(&0) {
                open.take_columns(rules);
            }
        }
        if part == Part::ColumnDefinition
            && let Ok(column) = ColumnDefinition41::from_payload(&message.payload, classic.shared)
        {
            let is_secret = !open.secrets.is_empty();
            let column = column_of(column, is_secret, rules, open.product);
            open.columns.push(column);
        }
    }

    /// The part of a message that may be shown; for a row, its cells.
    fn shown(
        &self,
        classic: ClassicMessage<'_>,
        place: Option<usize>,
    ) -> (Bytes, Option<Vec<Shown>>) {
        let (message, rules) = (classic.message, self.options.rules());
        let open = place.and_then(|place| self.open.get(place));
        let part = match *classic.what {
            What::Answer(part @ (Part::TextRow | Part::BinaryRow)) => part,
            _ if !rules.hides => return (message.payload.clone(), None),
            _ => {
                let none = Secrets::default();
                let context = Context {
                    what: classic.what,
                    shared: classic.shared,
                    rules,
                    secrets: open.map_or(&none, |open| &open.secrets),
                    len: open.map_or(0, |open| open.len),
                    hides_parameters: open.is_some_and(|open| open.hides_parameters),
                };
                return (masked(message, context), None);
            }
        };
        let columns: &[Column] = open.map_or(&[], |open| &open.columns);
        if columns.is_empty() && rules.hides {
            // Their names would say whether there are passwords in them.
            return (covered(&message.payload), Some(Vec::new()));
        }
        let row = match part {
            Part::TextRow => Some(values::text_row(&message.payload, columns)),
            _ => values::binary_row(&message.payload, columns).ok(),
        };
        let hides = |index: usize| columns.get(index).is_some_and(|column| column.hides);
        let about_row = RowCells {
            all: open.is_some_and(|open| open.hides_rows),
            rules,
        };
        let mut payload = message.payload.clone();
        let is_secret = open.is_some_and(|open| !open.secrets.is_empty());
        let has_hidden = match row {
            Some(mut row) => {
                if hidden_cells(&mut row, hides, about_row) {
                    payload = covered(&payload);
                }
                let character_set = |at: usize| columns.get(at)?.character_set;
                let cells = row.into_iter().enumerate();
                let cells = cells.map(|(at, cell)| characters::shown(cell, character_set(at)));
                return (payload, Some(cells.collect()));
            }
            None => rules.hides && (is_secret || about_row.all),
        };
        if has_hidden {
            payload = covered(&payload);
        }
        (payload, Some(Vec::new()))
    }

    /// Notes whether a parameter of an execution is hidden because of its content, or because its content
    /// isn't known.
    fn note_parameters(&mut self, classic: ClassicMessage<'_>, place: Option<usize>) {
        let (message, shared) = (classic.message, classic.shared);
        let values = match *classic.what {
            What::Command(CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE) => 5,
            What::Command(CommandCode::STMT_SEND_LONG_DATA) => 7,
            _ => return,
        };
        let rules = self.options.rules();
        let bytes = message.payload.get(values..).unwrap_or_default();
        let mut hides = rules.hide_value(bytes);
        let Some(open) = place.and_then(|place| self.open.get(place)) else {
            return;
        };
        // Of numbers the bytes say nothing, and of attributes the names do.
        let looks = !rules.own.is_empty() || shared.contains(Capabilities::QUERY_ATTRIBUTES);
        // `peek` leaves the parameter types alone, which `completed` needs to read the same execution again.
        if let Some(executed) = open.executed.as_ref().filter(|_| looks && values == 5) {
            let given = executed.peek(&message.payload, message.len, shared);
            hides |= match given {
                Ok(given) => given::shown(&given, &open.secrets, rules, None).has_hidden(),
                Err(_) => !rules.own.is_empty(),
            };
        }
        if let Some(open) = place.and_then(|place| self.open.get_mut(place)) {
            open.hides_parameters = hides;
        }
    }
}

/// The character set of the command's statement.
/// The command's statement, of prepared ones too, or what else it is about.
fn text(command: &Command, code: CommandCode) -> Bytes {
    match &command.executed {
        Some(executed) => executed.text(),
        None => about(code, &command.payload, command.capabilities),
    }
}

fn character_set(command: &Command) -> Option<&'static str> {
    let executed = command.executed.as_ref().map(Executed::settings);
    executed.unwrap_or(command.settings).character_set
}

/// What is shown in place of a row with a hidden cell.
fn covered(payload: &Bytes) -> Bytes {
    let mut mask = Mask::of(payload);
    mask.hide_from(0);
    mask.masked()
}
