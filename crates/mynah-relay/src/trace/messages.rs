//! Messages, and the columns and rows among them.

use std::time::SystemTime;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::classic::Part;
use mynah_session::observe::{Answer, Message, What};
use mynah_session::sql::Secrets;
use mynah_wire::{MAX_PAYLOAD_LEN, Message as _};

use super::connection::ConnectionTrace;
use super::record::{self, About, Packet, Record};
use super::redact::{Column, Context, Mask, RowCells, Rules, column_of, hidden_cells, masked};
use super::shown::Shown;
use super::{characters, decoded, given, values};

impl ConnectionTrace {
    /// A message, at a level that looks at messages.
    pub(super) fn message(&mut self, message: &Message, about: &About, now: SystemTime) {
        let level = self.trace.options.level;
        let place = self
            .open
            .iter()
            .position(|open| Some(open.number) == message.command);
        self.note_column(message, place);
        self.note_parameters(message, place);
        let (payload, row) = self.shown(message, place);
        let time = self.time(now);
        if level >= 3 || self.is_recording() {
            let shared = self.shared;
            let packet = Packet {
                direction: message.direction,
                id: message.sequence_id,
                len: message.len,
                payload: &payload,
                packet_len: MAX_PAYLOAD_LEN,
                decode: &|| decoded::decoded(&message.what, &payload, shared),
                with_bytes: level >= 4,
                number: message.command,
            };
            let (format, line) = self.pen(&time, about);
            format.packet(line, &packet);
        }
        if self.is_recording() {
            return;
        }
        if level >= 2 {
            self.cells(message, &payload, row, about, &time);
        }
        match message.command {
            Some(number) => self.hold(number),
            None => {
                if message.what == What::Unasked {
                    self.drop_unless_wanted(about);
                }
                self.lines.give_away(about.connection);
            }
        }
    }

    /// What belongs to no command follows the filter as well: no condition on commands holds of it.
    pub(super) fn drop_unless_wanted(&mut self, about: &About) {
        let answer = Answer::of_nothing();
        if !self.is_wanted(&Record::of_nothing(about, &answer)) {
            self.lines.out.clear();
        }
    }

    /// Keeps a column of a result for its rows.
    fn note_column(&mut self, message: &Message, place: Option<usize>) {
        let What::Answer(part) = message.what else {
            return;
        };
        let options = &self.trace.options;
        let rules = Rules {
            hides: !options.show_secrets,
            own: &options.redact,
        };
        let Some(open) = place.and_then(|place| self.open.get_mut(place)) else {
            return;
        };
        if part == Part::ColumnCount {
            open.columns.clear();
            // Columns that aren't sent again are those of the statement.
            if message.payload.get(1) == Some(&0)
                && let Some(executed) = &open.executed
            {
                let is_secret = !open.secrets.is_empty();
                let known = executed.columns().into_iter();
                open.columns = known
                    .map(|column| column_of(column, is_secret, rules, open.product))
                    .collect();
            }
        }
        if part == Part::ColumnDefinition
            && let Ok(column) = ColumnDefinition41::from_payload(&message.payload, self.shared)
        {
            let is_secret = !open.secrets.is_empty();
            let column = column_of(column, is_secret, rules, open.product);
            open.columns.push(column);
        }
    }

    /// What may be shown of a message, and of a row what its cells are.
    fn shown(&self, message: &Message, place: Option<usize>) -> (Bytes, Vec<Shown>) {
        let rules = self.rules();
        let open = place.and_then(|place| self.open.get(place));
        let part = match message.what {
            What::Answer(part @ (Part::TextRow | Part::BinaryRow)) => part,
            _ if !rules.hides => return (message.payload.clone(), Vec::new()),
            _ => {
                let none = Secrets::default();
                let context = Context {
                    shared: self.shared,
                    rules,
                    secrets: open.map_or(&none, |open| &open.secrets),
                    len: open.map_or(0, |open| open.len),
                    hides_parameters: open.is_some_and(|open| open.hides_parameters),
                };
                return (masked(message, context), Vec::new());
            }
        };
        let columns: &[Column] = open.map_or(&[], |open| &open.columns);
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
                return (payload, cells.collect());
            }
            None => rules.hides && (is_secret || about_row.all),
        };
        if has_hidden {
            payload = covered(&payload);
        }
        (payload, Vec::new())
    }

    /// Notes whether a parameter of an execution is hidden for what it says, or whether that can't be
    /// told.
    fn note_parameters(&mut self, message: &Message, place: Option<usize>) {
        let values = match message.what {
            What::Command(CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE) => 5,
            What::Command(CommandCode::STMT_SEND_LONG_DATA) => 7,
            _ => return,
        };
        let rules = self.rules();
        let bytes = message.payload.get(values..).unwrap_or_default();
        let mut hides = rules.hide_value(bytes);
        let Some(open) = place.and_then(|place| self.open.get(place)) else {
            return;
        };
        // Of numbers the bytes say nothing, and of attributes the names do.
        let looks = !rules.own.is_empty() || self.shared.contains(Capabilities::QUERY_ATTRIBUTES);
        if let Some(executed) = open.executed.as_ref().filter(|_| looks && values == 5) {
            let given = executed.peek(&message.payload, message.len, self.shared);
            hides |= match given {
                Ok(given) => given::shown(&given, &open.secrets, rules, None).has_hidden(),
                Err(_) => !rules.own.is_empty(),
            };
        }
        if let Some(open) = place.and_then(|place| self.open.get_mut(place)) {
            open.hides_parameters = hides;
        }
    }

    /// Columns and rows.
    fn cells(
        &mut self,
        message: &Message,
        payload: &Bytes,
        row: Vec<Shown>,
        about: &About,
        time: &str,
    ) {
        let (What::Answer(part), Some(number)) = (&message.what, &message.command) else {
            return;
        };
        match part {
            Part::ColumnDefinition => {
                let column = ColumnDefinition41::from_payload(payload, self.shared);
                let Ok(column) = column else { return };
                let column = record::Column {
                    name: column.names.name(),
                    column_type: format!("{:?}", column.column_type),
                    definition: Some(&column),
                };
                let (format, line) = self.pen(time, about);
                format.column(line, *number, &column);
            }
            Part::TextRow | Part::BinaryRow => {
                let (format, line) = self.pen(time, about);
                format.row(line, *number, &row);
            }
            _ => {}
        }
    }
}

/// A row with a cell that is hidden.
fn covered(payload: &Bytes) -> Bytes {
    let mut mask = Mask::of(payload);
    mask.hide_from(0);
    mask.masked()
}
