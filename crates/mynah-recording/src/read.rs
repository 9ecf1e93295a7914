use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use thiserror::Error;

use crate::comments::without_comments;
use crate::gather::Gather;
use crate::side::{Folder, SideError, join, mentions};
use crate::{Line, Part, PartName, Recording, VERSION};

/// Reads a recording from a file and its side files, or from the journal that it is made of. As in JSON scripts, the
/// file of a recording may have comments and a byte order mark.
///
/// # Errors
/// When the file can't be read, has more than 1 GiB, or has another form or a later version; when a side file is
/// missing, has changed or has another form.
pub fn read<E: DeserializeOwned>(path: &Path) -> Result<Recording<E>, ReadError> {
    let at = |problem| ReadError::in_file(path, problem);
    let metadata = std::fs::metadata(path).map_err(|error| at(Problem::Io(error)))?;
    if metadata.len() > MOST_BYTES {
        return Err(at(Problem::TooLarge));
    }
    let bytes = std::fs::read(path).map_err(|error| at(Problem::Io(error)))?;
    from_bytes_beside(&bytes, Some(&Folder::of(path))).map_err(|error| ReadError {
        file: path.display().to_string(),
        ..error
    })
}

/// Whether this is the text of a recording: JSON, which may have comments and a byte order mark, with the key
/// `recording`.
#[must_use]
pub fn is_recording(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Peek {
        recording: Option<IgnoredAny>,
    }
    let peek: Result<Peek, _> = serde_json::from_slice(&without_comments(text));
    peek.is_ok_and(|peek| peek.recording.is_some())
}

/// Reads a recording without side files.
#[cfg(any(test, feature = "fuzz"))]
pub(crate) fn from_bytes<E: DeserializeOwned>(bytes: &[u8]) -> Result<Recording<E>, ReadError> {
    from_bytes_beside(bytes, None)
}

fn from_bytes_beside<E: DeserializeOwned>(
    bytes: &[u8],
    folder: Option<&Folder>,
) -> Result<Recording<E>, ReadError> {
    let is_journal = first_line(bytes).starts_with(b"{\"open\"");
    if !is_journal {
        let json = without_comments(bytes);
        return match mentions(&json) {
            true => joined(whole(&json, 1)?, folder),
            false => whole(&json, 1),
        };
    }
    let recording = journal(bytes)?;
    // The caller may keep less of an entry than the journal has.
    let again = serde_json::to_vec(&recording).map_err(|error| ReadError::json(1, &error))?;
    whole(&again, 1)
}

/// A recording with the rows of its side files.
fn joined<E: DeserializeOwned>(
    mut recording: Recording<Value>,
    folder: Option<&Folder>,
) -> Result<Recording<E>, ReadError> {
    let place = |part: &PartName, index: usize| format!("parts.{part}.expectations[{index}]");
    join(&mut recording, folder).map_err(|(part, index, error)| ReadError {
        key: place(&part, index),
        line: None,
        ..ReadError::new(1, Problem::Side(error))
    })?;
    let mut parts = BTreeMap::new();
    for (name, part) in recording.parts {
        let entries = part.expectations.into_iter().enumerate();
        let entries = entries.map(|(index, entry)| {
            serde_path_to_error::deserialize(entry).map_err(|error| ReadError {
                key: format!("{}.{}", place(&name, index), error.path()),
                line: None,
                ..ReadError::json(1, error.inner())
            })
        });
        let expectations = entries.collect::<Result<_, _>>()?;
        let recorded_at = part.recorded_at;
        parts.insert(
            name,
            Part {
                recorded_at,
                expectations,
            },
        );
    }
    Ok(Recording {
        about: recording.about,
        server: recording.server,
        logins: recording.logins,
        parts,
    })
}

/// The lines of a journal. A last one that isn't ended was being written, and is left out.
fn journal(bytes: &[u8]) -> Result<Recording, ReadError> {
    let whole_lines = bytes.iter().rposition(|byte| *byte == b'\n');
    let lines = bytes.get(..whole_lines.unwrap_or(0)).unwrap_or_default();
    let mut gather: Option<Gather> = None;
    for (number, line) in (1..).zip(lines.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let line: Line = whole(line, number)?;
        match (&mut gather, line) {
            (Some(gather), line) => gather.take(line),
            (none, Line::Open { open }) => *none = Some(Gather::new(open)),
            (None, _) => return Err(ReadError::new(number, Problem::NotOpened)),
        }
    }
    let gather = gather.ok_or_else(|| ReadError::new(1, Problem::NotOpened))?;
    Ok(gather.finish())
}

/// One JSON value, which begins at this line of the file.
fn whole<T: DeserializeOwned>(bytes: &[u8], line: usize) -> Result<T, ReadError> {
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut from);
    let read = read.map_err(|error| ReadError::at(line, &error));
    let read = read.and_then(|read| {
        let end = from.end().map_err(|error| ReadError::json(line, &error));
        end.map(|()| read)
    });
    // What a later version says isn't known here, so that comes before the key that isn't.
    match (&read, version(bytes)) {
        (_, Some(version)) if version > VERSION => {
            Err(ReadError::new(line, Problem::Version(version)))
        }
        _ => read,
    }
}

/// The version that a recording or the first line of a journal has.
fn version(bytes: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Opening {
        version: u32,
    }
    #[derive(Deserialize)]
    struct Peek {
        #[serde(alias = "recording")]
        open: Option<Opening>,
    }
    let peek: Peek = serde_json::from_slice(bytes).ok()?;
    Some(peek.open?.version)
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
}

/// Why the file of a recording can't be read, with the file and, if it is known, the line.
#[derive(Debug, Error)]
pub struct ReadError {
    file: String,
    line: Option<usize>,
    key: String,
    problem: Problem,
}

/// What is wrong.
#[derive(Debug, Error)]
enum Problem {
    #[error("{0}")]
    Io(std::io::Error),
    #[error("it has more than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("a journal begins with {{\"open\": …}}")]
    NotOpened,
    #[error("version {0} of the format; this program reads up to {VERSION}")]
    Version(u32),
    #[error("{0}")]
    Form(String),
    #[error("{0}")]
    Side(SideError),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            key,
            problem,
        } = self;
        f.write_str(file)?;
        if let Some(line) = line {
            write!(f, " line {line}")?;
        }
        let key = key.trim_matches('.');
        if !key.is_empty() {
            write!(f, ": {key}")?;
        }
        write!(f, ": {problem}")
    }
}

impl ReadError {
    fn in_file(path: &Path, problem: Problem) -> Self {
        Self {
            file: path.display().to_string(),
            line: None,
            key: String::new(),
            problem,
        }
    }

    fn new(line: usize, problem: Problem) -> Self {
        Self {
            file: "recording".to_owned(),
            line: Some(line),
            key: String::new(),
            problem,
        }
    }

    fn json(line: usize, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The line has a place of its own in front.
        let why = text.rsplit_once(" at line ").map_or(&*text, |(why, _)| why);
        let line = line + error.line().saturating_sub(1);
        Self::new(line, Problem::Form(why.to_owned()))
    }

    fn at(line: usize, error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self {
            key: error.path().to_string(),
            ..Self::json(line, error.inner())
        }
    }
}

/// Larger files aren't recordings for people.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;
