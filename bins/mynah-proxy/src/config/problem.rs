use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a configuration file can't be used.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    #[error("can't read the configuration '{}'", path.display())]
    Unread { path: PathBuf, source: io::Error },
    #[error("the configuration '{}' is larger than 1 MiB", _0.display())]
    TooLarge(PathBuf),
    #[error("the configuration '{}' is not UTF-8", _0.display())]
    NotUtf8(PathBuf),
    /// At least one.
    #[error("{}", lines(_0))]
    Wrong(Vec<Problem>),
}

/// Something wrong in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    pub(super) file: PathBuf,
    pub(super) place: Place,
    /// What is wrong, and what is allowed.
    pub(super) text: String,
}

/// Where a key or a value is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Both from 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// The path of the key, `listeners.main.address`; empty for the whole file.
    pub(super) path: String,
}

impl Place {
    pub(super) fn new(text: &str, offset: usize, path: &str) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or(before);
        Self {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            path: path.to_owned(),
        }
    }

    pub(super) fn problem(&self, file: &Path, text: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            place: self.clone(),
            text: text.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column, path } = &self.place;
        write!(f, "{}:{line}:{column}: ", self.file.display())?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.text)
    }
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<_> = problems.iter().map(Problem::to_string).collect();
    lines.join("\n")
}
