use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use mynah_session::observe::Direction;

use super::api::{Format, Line};
use super::text::counted;
use crate::PlayedFault;
use crate::trace::record::Packet;

/// A line of hex for each packet.
#[derive(Debug, Default)]
pub(super) struct Hex {
    /// Which connection wrote last, where all write to one place.
    last: AtomicU32,
}

impl Format for Hex {
    fn time(&self, second: &str, micros: u32) -> String {
        format!("{second}.{micros:06}Z")
    }

    fn lines_lost(&self, _time: &str, lines: u64, why: &str) -> String {
        let lines = counted(lines, "line");
        format!("# {lines} of the trace are lost: {why}\n")
    }

    fn is_recording(&self) -> bool {
        true
    }

    fn mark(&self, lines: &mut String, connection: u32) {
        if self.last.swap(connection, Ordering::Relaxed) != connection && !lines.starts_with('#') {
            lines.insert_str(0, &format!("# connection: {connection}\n"));
        }
    }

    /// Writes the comment lines at the start of a file.
    fn connected(&self, line: Line<'_>) {
        let Line { out, time, about } = line;
        // Writing to a string can't fail.
        let _written = write!(
            out,
            "# connection: {}\n# client: {}\n",
            about.id, about.client
        );
        if let Some(via) = &about.via {
            let _written = writeln!(out, "# via: {via}");
        }
        let _written = write!(out, "# server: {}\n# time: {time}\n", about.server);
    }

    /// As a comment, with its connection.
    fn fault(&self, line: Line<'_>, played: &PlayedFault) {
        let Line { out, about, .. } = line;
        let PlayedFault {
            rule, at, fault, ..
        } = played;
        let _written = write!(
            out,
            "# connection: {}\n# fault {rule}: {at} {fault}\n",
            about.id
        );
    }

    /// Writes a packet as in the project's fixtures; in the X Protocol the message type is in the place of
    /// the sequence id.
    fn packet(&self, line: Line<'_>, packet: &Packet<'_>) {
        let letter = match packet.direction {
            Direction::Client => 'C',
            Direction::Server => 'S',
        };
        let (mut rest, mut id) = (packet.payload, packet.id);
        loop {
            let (part, after) = rest.split_at(rest.len().min(packet.packet_len));
            let _written = write!(line.out, "{letter} {id:02x} ");
            digits(line.out, part);
            if part.len() < packet.packet_len {
                return;
            }
            (rest, id) = (after, id.wrapping_add(1));
        }
    }
}

fn digits(out: &mut String, bytes: &[u8]) {
    if bytes.is_empty() {
        out.push('-');
    }
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(digit.into(), 16));
        }
    }
    out.push('\n');
}
