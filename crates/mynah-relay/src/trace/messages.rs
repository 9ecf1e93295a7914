//! Messages, and the columns and rows among them.

use std::time::SystemTime;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::classic::Part;
use mynah_session::observe::{Message, What};
use mynah_wire::Message as _;

use super::connection::ConnectionTrace;
use super::record::About;
use super::{Format, decoded, hex, json, redact, text, values};

impl ConnectionTrace {
    /// A message, at a level that looks at messages.
    pub(super) fn message(&mut self, message: &Message, about: &About, now: SystemTime) {
        let options = &self.trace.options;
        let (level, format, masks) = (options.level, options.format, !options.show_secrets);
        let open = |number| {
            self.open
                .iter()
                .position(|open| Some(open.number) == number)
        };
        let place = open(message.command);
        let secret = place
            .and_then(|place| self.open.get(place))
            .is_some_and(|o| o.secret);
        let payload = if masks {
            redact::masked(message, self.shared, secret)
        } else {
            message.payload.clone()
        };
        if format == Format::Hex {
            hex::message(
                &mut self.out,
                message.direction,
                message.sequence_id,
                &payload,
            );
            return self.give_away(about);
        }
        let time = self.time(now);
        if level >= 3 {
            let (name, fields) = decoded::decoded(&message.what, &payload, self.shared);
            let fields = fields.as_deref();
            let id = about.connection;
            if format == Format::Json {
                let packet = json::Packet {
                    direction: message.direction,
                    sequence_id: message.sequence_id,
                    len: message.len,
                    name,
                    fields,
                    bytes: (level >= 4).then_some(&payload[..]),
                    number: message.command,
                };
                json::packet(&mut self.out, &time, about, &packet);
            } else {
                let (direction, sequence_id) = (message.direction, message.sequence_id);
                text::packet(
                    &mut self.out,
                    id,
                    direction,
                    sequence_id,
                    message.len,
                    name,
                    fields,
                );
                if level >= 4 {
                    text::dump(&mut self.out, id, &payload);
                }
            }
        }
        if level >= 2 {
            self.cells(message, about, &time, place);
        }
        match message.command {
            Some(number) => self.hold(number),
            None => self.give_away(about),
        }
    }

    /// Columns and rows.
    fn cells(&mut self, message: &Message, about: &About, time: &str, place: Option<usize>) {
        let (What::Answer(part), Some(number)) = (&message.what, message.command) else {
            return;
        };
        let Some(open) = place.and_then(|place| self.open.get_mut(place)) else {
            return;
        };
        let is_json = self.trace.options.format == Format::Json;
        match part {
            Part::ColumnCount => open.columns.clear(),
            Part::ColumnDefinition => {
                let column = ColumnDefinition41::from_payload(&message.payload, self.shared);
                let Ok(column) = column else { return };
                if is_json {
                    json::column(&mut self.out, time, about, number, &column);
                } else {
                    text::column(&mut self.out, self.style, about.connection, &column);
                }
                open.columns.push(column);
            }
            Part::TextRow | Part::BinaryRow => {
                let row = match part {
                    Part::TextRow => values::text_row(&message.payload, &open.columns),
                    _ => values::binary_row(&message.payload, &open.columns).unwrap_or_default(),
                };
                if is_json {
                    json::row(&mut self.out, time, about, number, &row);
                } else {
                    text::row(&mut self.out, self.style, about.connection, &row);
                }
            }
            _ => {}
        }
    }
}
