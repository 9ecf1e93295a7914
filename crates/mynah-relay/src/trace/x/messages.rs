use std::time::SystemTime;

use bytes::Bytes;
use mynah_session::observe::Direction;
use mynah_session::observe::x::Message;
use mynah_x::resultset::{ColumnMetaData, Row};
use mynah_x::{ClientMessage, Frame, Message as _, MessageError, ServerMessage, ServerMessageType};

use super::redact::names;
use super::state::Column;
use super::values::cell;
use crate::trace::connection::{ConnectionTrace, MOST_HELD};
use crate::trace::decoded::Decoded;
use crate::trace::fields::documented;
use crate::trace::record::{self, About, Packet};
use crate::trace::redact::{Mask, RowCells, Rules, hidden_cells};
use crate::trace::shown::Shown;

impl ConnectionTrace {
    pub(super) fn message_x(&mut self, message: &Message, about: &About, now: SystemTime) {
        let level = self.trace.options.level;
        let (payload, row) = self.shown_x(message);
        let time = self.time(now);
        if level >= 3 || self.is_recording() {
            let packet = Packet {
                direction: message.direction,
                id: message.message_type,
                len: message.len,
                payload: &payload,
                packet_len: usize::MAX,
                decode: &|| decoded(message, &payload),
                with_bytes: level >= 4,
                number: message.number,
            };
            let (format, line) = self.pen(&time, about);
            format.packet(line, &packet);
        }
        if self.is_recording() {
            return;
        }
        if message.direction == Direction::Server {
            self.cells_x(message, &payload, row, about, &time);
        }
        if message.number.is_none() {
            self.drop_unless_wanted(about);
        } else if self.trace.options.filter.is_some() {
            if self.x.held.len() < MOST_HELD {
                self.x.held.push_str(&self.lines.out);
            }
            self.lines.out.clear();
        }
    }

    /// Keeps a column of a result for its rows.
    fn note_column_x(&mut self, message: &Message) {
        match ServerMessageType(message.message_type) {
            ServerMessageType::RESULTSET_COLUMN_META_DATA => {
                if std::mem::take(&mut self.x.has_rows) {
                    self.x.columns.clear();
                }
                let Ok(column) = ColumnMetaData::from_payload(&message.payload) else {
                    return;
                };
                let is_secret = self
                    .x
                    .redaction
                    .is_secret(message.number.unwrap_or_default());
                let hides = names(&column).hides_cells(is_secret, self.rules());
                let field_type = column.field_type();
                self.x.columns.push(Column { field_type, hides });
            }
            ServerMessageType::RESULTSET_ROW => self.x.has_rows = true,
            ServerMessageType::SQL_STMT_EXECUTE_OK | ServerMessageType::ERROR => {
                self.x.columns.clear();
            }
            _ => {}
        }
    }

    /// Columns and rows.
    fn cells_x(
        &mut self,
        message: &Message,
        payload: &Bytes,
        cells: Vec<Shown>,
        about: &About,
        time: &str,
    ) {
        let number = message.number.unwrap_or_default();
        match ServerMessageType(message.message_type) {
            ServerMessageType::RESULTSET_COLUMN_META_DATA => {
                let Ok(column) = ColumnMetaData::from_payload(payload) else {
                    return;
                };
                let field_type = match column.field_type() {
                    Some(field_type) => documented(&field_type),
                    None => column.r#type.to_string(),
                };
                let name = column.name.unwrap_or_default();
                let column = record::Column {
                    name: &name,
                    column_type: field_type,
                    definition: None,
                };
                let (format, line) = self.pen(time, about);
                format.column(line, number, &column);
            }
            ServerMessageType::RESULTSET_ROW if Row::from_payload(&message.payload).is_ok() => {
                let (format, line) = self.pen(time, about);
                format.row(line, number, &cells);
            }
            _ => {}
        }
    }

    /// What may be shown of a message, and of a row what its cells are.
    fn shown_x(&mut self, message: &Message) -> (Bytes, Vec<Shown>) {
        if message.direction == Direction::Server {
            self.note_column_x(message);
        }
        let options = &self.trace.options;
        let rules = Rules {
            hides: !options.show_secrets,
            own: &options.redact,
        };
        let is_row = message.direction == Direction::Server
            && ServerMessageType(message.message_type) == ServerMessageType::RESULTSET_ROW;
        if is_row {
            return self.row_x(message, rules);
        }
        let payload = match rules.hides {
            true => self.x.redaction.masked(message, rules),
            false => message.payload.clone(),
        };
        (payload, Vec::new())
    }

    fn row_x(&self, message: &Message, rules: Rules<'_>) -> (Bytes, Vec<Shown>) {
        let number = message.number.unwrap_or_default();
        let columns: &[Column] = &self.x.columns;
        let row = RowCells {
            all: self.x.redaction.hides_rows(number),
            rules,
        };
        let Ok(fields) = Row::from_payload(&message.payload) else {
            let is_secret = row.all || self.x.redaction.is_secret(number);
            let mut mask = Mask::of(&message.payload);
            if is_secret && rules.hides {
                mask.hide_from(0);
            }
            return (mask.masked(), Vec::new());
        };
        let cells = fields.field.iter().zip(columns);
        let mut cells: Vec<_> = cells
            .map(|(bytes, column)| cell(bytes, column.field_type))
            .collect();
        let hides = |index: usize| columns.get(index).is_some_and(|column| column.hides);
        let mut mask = Mask::of(&message.payload);
        if hidden_cells(&mut cells, hides, row) {
            mask.hide_from(0);
        }
        (mask.masked(), cells)
    }
}

/// The fields of what is shown of a message. Stars may be all that is left of it, and then its name
/// is what can be told.
fn decoded(message: &Message, payload: &Bytes) -> Decoded {
    read(message, payload).unwrap_or_else(|error| match read(message, &message.payload) {
        Ok(Decoded { name, .. }) => Decoded::plain(name),
        Err(_) => Decoded::undecodable(&error),
    })
}

fn read(message: &Message, payload: &Bytes) -> Result<Decoded, MessageError> {
    let frame = Frame {
        message_type: message.message_type,
        payload: payload.clone(),
    };
    Ok(match message.direction {
        Direction::Client => {
            let message = ClientMessage::from_frame(&frame)?;
            Decoded {
                is_login: matches!(
                    message,
                    ClientMessage::CapabilitiesSet(_) | ClientMessage::AuthenticateStart(_)
                ),
                statement: match message {
                    ClientMessage::StmtExecute(_) => "stmt",
                    _ => "",
                },
                ..Decoded::of(message.name(), message)
            }
        }
        Direction::Server => {
            let message = ServerMessage::from_frame(&frame)?;
            Decoded {
                is_login: matches!(message, ServerMessage::Capabilities(_)),
                ..Decoded::of(message.name(), message)
            }
        }
    })
}
