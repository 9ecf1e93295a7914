//! Recordings of packets in hex: what the proxy writes with `--format hex`, and the project's fixtures.

pub(super) mod line;
mod played;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mynah_recording::{Recording, RowsLimit};

use super::file::RecordError;
use super::options::RecordOptions;
use super::recorder::Recorder;
use line::{Line, NotALine};
use played::Played;

/// Whether it is a file with packets in hex, or a folder of such files.
pub(super) fn is_hex(path: &Path) -> bool {
    path.is_dir() || has_extension(path)
}

fn has_extension(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("hex"))
}

/// Records what the packets say, and counts the connections that can't be followed to their end. How long answers took
/// isn't known.
pub(super) fn read(path: &Path) -> Result<(Recording, u64), RecordError> {
    let files = match path.is_dir() {
        true => files(path)?,
        false => vec![path.to_owned()],
    };
    if files.is_empty() {
        return Err(RecordError::NoHex {
            path: path.to_owned(),
        });
    }
    let unwritten = |path: &Path| {
        let path = path.to_owned();
        move |source| RecordError::Write { path, source }
    };
    let folder = tempfile::tempdir().map_err(unwritten(&std::env::temp_dir()))?;
    let to = folder.path().join("rec.json");
    let recorder = Recorder::start(RecordOptions {
        path: to.clone(),
        rows_limit: RowsLimit::STANDARD,
        ..RecordOptions::default()
    })?;
    for file in &files {
        follow(file, &recorder)?;
    }
    let lost = match recorder.finish() {
        Ok(()) => 0,
        Err(RecordError::Lost {
            lines: 0,
            connections,
            ..
        }) => connections,
        Err(error) => return Err(error),
    };
    let mut recording: Recording = mynah_recording::read(&to)?;
    let entries = recording.parts.values_mut();
    let entries = entries.flat_map(|part| &mut part.expectations);
    for answer in entries.flat_map(|entry| &mut entry.answers) {
        answer.latency_us = None;
    }
    Ok((recording, lost))
}

/// The files of a folder, by name: the proxy names them by time and connection.
fn files(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let unread = |source| RecordError::Unread {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if has_extension(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Follows the connections of a file.
fn follow(path: &Path, recorder: &Recorder) -> Result<(), RecordError> {
    let text = std::fs::read_to_string(path).map_err(|source| RecordError::Unread {
        path: path.to_owned(),
        source,
    })?;
    let lines = parsed(&text).map_err(|(line, source)| RecordError::NotHex {
        path: path.to_owned(),
        line,
        source,
    })?;
    let is_framed = lines
        .iter()
        .any(|line| matches!(line, Line::Packet(packet) if packet.uncompressed_len.is_some()));
    let mut connections = BTreeMap::new();
    let mut current = String::new();
    for line in lines {
        match line {
            Line::Comment => {}
            Line::Connection(id) => current = id,
            Line::Packet(packet) => connections
                .entry(current.clone())
                .or_insert_with(|| Played::begin(&packet, is_framed, recorder))
                .packet(packet),
        }
    }
    connections.into_values().for_each(Played::end);
    Ok(())
}

fn parsed(text: &str) -> Result<Vec<Line>, (usize, NotALine)> {
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| Line::parse(line).map_err(|wrong| (number, wrong)))
        .collect()
}
