use std::io::BufRead;
use std::path::{Path, PathBuf};

use super::error::{Problem, ReadError};
use super::json::{part, whole};
use super::{open, recording};
use crate::gather::Gather;
use crate::{Line, Recording};

/// Whether a file begins as the journal of a recording does; `false` if it can't be read.
#[must_use]
pub fn is_journal(path: &Path) -> bool {
    open(path).is_ok_and(|file| file.is_journal)
}

/// The recording to which the statements of this journal are added; `None` if they are a recording of their own, and if
/// this isn't a journal.
#[must_use]
pub fn added_to(journal: &Path) -> Option<PathBuf> {
    let mut file = open(journal).ok().filter(|file| file.is_journal)?;
    let mut first = Vec::new();
    file.from.read_until(b'\n', &mut first).ok()?;
    match serde_json::from_slice(&first).ok()? {
        Line::Open { adds_to, .. } => Some(journal.with_file_name(adds_to?)),
        _ => None,
    }
}

/// The recording that a journal makes. A last line that isn't ended was being written, and is left out. A journal
/// without a path has no recording to add to.
pub(super) fn read(from: impl BufRead, path: Option<&Path>) -> Result<Recording, ReadError> {
    let (added, adds_to) = gathered(from)?;
    let Some(name) = adds_to else {
        return Ok(added);
    };
    let before = base(&name, path).map_err(|problem| {
        let error = ReadError::new(1, problem);
        error.at_key_in_line("adds_to".to_owned())
    })?;
    let rows_limit = added.about.rows_limit;
    let mut joined = before.with_added(added);
    joined.about.rows_limit = rows_limit;
    Ok(joined)
}

/// What the lines of a journal say, and the recording that it says to add to. Volatile values that are added are as they
/// were sent, since those of the other recording take their places.
fn gathered(mut from: impl BufRead) -> Result<(Recording, Option<String>), ReadError> {
    let mut opened: Option<(Gather, Option<String>)> = None;
    let mut rules = None;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = from.read_until(b'\n', &mut bytes);
        read.map_err(|error| ReadError::new(number, Problem::Io(error)))?;
        let Some(line) = bytes.strip_suffix(b"\n") else {
            break;
        };
        if line.trim_ascii().is_empty() {
            continue;
        }
        match &mut opened {
            Some((gather, _)) => gather.take(part(line, number)?),
            none => match whole(line, number)? {
                Line::Open { mut open, adds_to } => {
                    if adds_to.is_some() {
                        rules = Some(std::mem::take(&mut open.volatile));
                    }
                    *none = Some((Gather::new(open), adds_to));
                }
                _ => return Err(ReadError::new(number, Problem::NotOpened)),
            },
        }
    }
    let (gather, adds_to) = opened.ok_or_else(|| ReadError::new(1, Problem::NotOpened))?;
    let mut recording = gather.finish();
    recording.about.volatile = rules.unwrap_or(recording.about.volatile);
    Ok((recording, adds_to))
}

/// The recording to which a journal adds.
fn base(name: &str, journal: Option<&Path>) -> Result<Recording, Problem> {
    let is_file_name = Path::new(name).file_name().is_some_and(|own| own == name);
    let Some(journal) = journal.filter(|_| is_file_name) else {
        return Err(Problem::NotAFileName);
    };
    let path = journal.with_file_name(name);
    let named = || path.display().to_string();
    let not_added = |error: ReadError| Problem::NotAdded {
        recording: named(),
        why: Box::new(error.of_file(&path)),
    };
    let file = open(&path).map_err(not_added)?;
    if file.is_journal {
        return Err(Problem::AddsToJournal(named()));
    }
    let before: Recording = recording(file.from, Some(&path)).map_err(not_added)?;
    match before.about.pseudonyms {
        Some(_) => Err(Problem::AddsToPseudonyms(named())),
        None => Ok(before),
    }
}
