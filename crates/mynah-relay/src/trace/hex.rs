//! A line of hex for each packet.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use mynah_session::observe::Direction;
use mynah_wire::MAX_PAYLOAD_LEN;

use super::Format;
use super::record::About;
use super::sink::{LineFile, Sink, count, notice};

/// The file of a connection.
#[derive(Debug)]
pub(super) struct HexFile {
    path: PathBuf,
    /// Absent until there is something to write.
    file: Option<LineFile>,
    /// Lines that wait for others.
    held: String,
    /// Lines that are missing in the file, and why.
    lost: Option<(u64, String)>,
    sink: Arc<Sink>,
}

impl HexFile {
    /// Where each connection has one.
    pub(super) fn create(sink: &Arc<Sink>, about: &About, stamp: &str) -> Option<Self> {
        let stamp: String = stamp.chars().filter(char::is_ascii_digit).collect();
        let path = sink
            .folder()?
            .join(format!("{stamp}-{}.hex", about.connection));
        Some(Self {
            path,
            file: None,
            held: String::new(),
            lost: None,
            sink: Arc::clone(sink),
        })
    }

    pub(super) fn put(&mut self, lines: &str) {
        self.held.push_str(lines);
        if self.held.len() >= WORTH_WRITING {
            self.write();
        }
    }

    fn write(&mut self) {
        let lines = std::mem::take(&mut self.held);
        if lines.is_empty() {
            return;
        }
        let file = match self.file.take() {
            Some(file) => Ok(file),
            None => LineFile::append_to(&self.path),
        };
        let file = match file {
            Ok(file) => self.file.insert(file),
            Err(error) => return self.miss(count(lines.as_bytes()), 0, &error),
        };
        let mut all = String::new();
        if let Some((lost, why)) = &self.lost {
            all = notice(Format::Hex, *lost, why);
        }
        let told = all.len();
        all.push_str(&lines);
        let written = file.write(all.as_bytes());
        let (before, _) = self
            .lost
            .take()
            .filter(|_| written.bytes < told)
            .unwrap_or_default();
        let Some(error) = written.error else { return };
        let rest = all.get(written.bytes.max(told)..).unwrap_or_default();
        self.miss(count(rest.as_bytes()), before, &error);
    }

    /// These lines are lost, and as many were before.
    fn miss(&mut self, lines: u64, before: u64, error: &io::Error) {
        if before == 0 && self.lost.is_none() {
            log::error!("can't trace to '{}': {error}", self.path.display());
        }
        self.sink.lost(lines);
        let before = before + self.lost.take().map_or(0, |(lost, _)| lost);
        self.lost = Some((before + lines, error.to_string()));
    }
}

impl Drop for HexFile {
    fn drop(&mut self) {
        self.write();
    }
}

/// What a file begins with.
pub(super) fn head(out: &mut String, about: &About, stamp: &str) {
    // Writing to a string can't fail.
    let _written = write!(
        out,
        "# connection: {}\n# client: {}\n",
        about.connection, about.client
    );
    if let Some(via) = &about.via {
        let _written = writeln!(out, "# via: {via}");
    }
    let _written = write!(out, "# server: {}\n# time: {stamp}\n", about.server);
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

/// How much is written at once.
const WORTH_WRITING: usize = 8 * 1024;
