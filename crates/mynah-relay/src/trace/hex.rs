//! A line of hex for each packet.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use mynah_session::observe::Direction;
use mynah_wire::MAX_PAYLOAD_LEN;

use super::record::About;
use super::sink::append_to;

/// The file of a connection.
#[derive(Debug)]
pub(super) struct HexFile(Option<BufWriter<File>>);

impl HexFile {
    pub(super) fn create(folder: &Path, about: &About, stamp: &str) -> Self {
        let stamp: String = stamp.chars().filter(char::is_ascii_digit).collect();
        let path = folder.join(format!("{stamp}-{}.hex", about.connection));
        match append_to(&path) {
            Ok(file) => Self(Some(BufWriter::new(file))),
            Err(error) => {
                log::error!("can't trace to '{}': {error}", path.display());
                Self(None)
            }
        }
    }

    pub(super) fn put(&mut self, lines: &str) {
        if let Some(file) = &mut self.0
            && let Err(error) = file.write_all(lines.as_bytes())
        {
            log::error!("can't trace: {error}");
            self.0 = None;
        }
    }
}

/// What a file begins with.
pub(super) fn head(out: &mut String, about: &About, stamp: &str) {
    // Writing to a string can't fail.
    let _written = write!(
        out,
        "# connection: {}\n# client: {}\n# server: {}\n# time: {stamp}\n",
        about.connection, about.client, about.server
    );
}

/// A message of the X Protocol.
pub(super) fn frame(out: &mut String, direction: Direction, message_type: u8, payload: &[u8]) {
    let letter = letter(direction);
    let _written = write!(out, "{letter} {message_type:02x} ");
    digits(out, payload);
}

fn letter(direction: Direction) -> char {
    match direction {
        Direction::Client => 'C',
        Direction::Server => 'S',
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

/// The packets of a message.
pub(super) fn message(out: &mut String, direction: Direction, sequence_id: u8, payload: &[u8]) {
    let letter = letter(direction);
    let mut rest = payload;
    let mut sequence_id = sequence_id;
    loop {
        let (part, after) = rest.split_at(rest.len().min(MAX_PAYLOAD_LEN));
        let _written = write!(out, "{letter} {sequence_id:02x} ");
        digits(out, part);
        if part.len() < MAX_PAYLOAD_LEN {
            return;
        }
        (rest, sequence_id) = (after, sequence_id.wrapping_add(1));
    }
}
