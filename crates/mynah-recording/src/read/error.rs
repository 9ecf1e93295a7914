use std::fmt;
use std::path::Path;

use thiserror::Error;

use crate::VERSION;
use crate::side::SideError;

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
pub(super) enum Problem {
    #[error("{0}")]
    Io(std::io::Error),
    #[error("a journal begins with {{\"open\": …}}")]
    NotOpened,
    #[error("version {0} of the format; this program reads up to {VERSION}")]
    Version(u32),
    #[error("{0}")]
    Form(String),
    #[error("{0}")]
    Side(SideError),
    #[error(
        "the recording '{recording}', to which the journal adds statements, can't be read: {why}; put the recording beside \
         the journal"
    )]
    NotAdded {
        recording: String,
        why: Box<ReadError>,
    },
    #[error(
        "'{0}', to which the journal adds statements, is itself a journal; the name must be that of a recording"
    )]
    AddsToJournal(String),
    #[error(
        "'{0}' has pseudonyms, beside which the journal's statements would be added as they are"
    )]
    AddsToPseudonyms(String),
    #[error("expected the name of a file in the journal's folder")]
    NotAFileName,
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
    pub(super) fn in_file(path: &Path, problem: Problem) -> Self {
        Self::unread(problem).of_file(path)
    }

    /// An error about a file as a whole.
    pub(super) fn unread(problem: Problem) -> Self {
        Self {
            line: None,
            ..Self::new(1, problem)
        }
    }

    pub(super) fn new(line: usize, problem: Problem) -> Self {
        Self {
            file: "recording".to_owned(),
            line: Some(line),
            key: String::new(),
            problem,
        }
    }

    pub(super) fn json(line: usize, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The line has a place of its own in front.
        let why = text.rsplit_once(" at line ").map_or(&*text, |(why, _)| why);
        let line = line + error.line().saturating_sub(1);
        Self::new(line, Problem::Form(why.to_owned()))
    }

    pub(super) fn at(line: usize, error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self::json(line, error.inner()).at_key_in_line(error.path().to_string())
    }

    pub(super) fn at_key_in_line(self, key: String) -> Self {
        Self { key, ..self }
    }

    /// The error of a key whose line isn't known.
    pub(super) fn at_key(self, key: String) -> Self {
        Self {
            line: None,
            key,
            ..self
        }
    }

    pub(super) fn of_file(self, path: &Path) -> Self {
        Self {
            file: path.display().to_string(),
            ..self
        }
    }
}
