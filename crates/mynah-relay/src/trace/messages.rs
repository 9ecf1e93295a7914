//! Messages, and the columns and rows among them.

use std::time::SystemTime;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::classic::Part;
use mynah_session::observe::{Answer, Message, What};
use mynah_wire::Message as _;

use super::connection::ConnectionTrace;
use super::record::{About, Packet, Record};
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
            let packet = Packet {
                direction: message.direction,
                sequence_id: message.sequence_id,
                len: message.len,
                decoded: decoded::decoded(&message.what, &payload, self.shared),
                bytes: (level >= 4).then_some(&payload[..]),
                number: message.command,
            };
            self.packet(&packet, about, &time);
        }
        if level >= 2 {
            self.cells(message, about, &time, place);
        }
        match message.command {
            Some(number) => self.hold(number),
            None => {
                if message.what == What::Unasked {
                    self.drop_unless_wanted(about);
                }
                self.give_away(about);
            }
        }
    }

    /// What belongs to no command follows the filter as well: no condition on commands holds of it.
    pub(super) fn drop_unless_wanted(&mut self, about: &About) {
        let answer = Answer::of_nothing();
        if !self.is_wanted(&Record::of_nothing(about, &answer)) {
            self.out.clear();
        }
    }

    /// Any message, at a level that tells of its fields.
    pub(super) fn packet(&mut self, packet: &Packet<'_>, about: &About, time: &str) {
        match self.trace.options.format {
            Format::Json => json::packet(&mut self.out, time, about, packet),
            _ => text::packet(&mut self.out, self.style, about.connection, packet),
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
