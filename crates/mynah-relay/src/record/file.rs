use std::io;
use std::path::{Path, PathBuf};

use mynah_recording::{ConvertError, ReadError};
use thiserror::Error;

pub use super::hex::line::NotALine;

/// Why a recording can't be made, read or converted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A file can't be written, or a journal can't be removed.
    #[error("can't write '{}'", path.display())]
    Write {
        /// The path of the file that can't be written, or in the case of a journal, removed.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// There is a journal left over from an earlier recording. Appending to it would mix the two.
    #[error(
        "'{}' is there, the journal of a recording that wasn't finished; 'mynah-proxy convert {} {}' {}; then remove the \
         journal",
        path.display(), path.display(), recording.display(), left.becomes(recording)
    )]
    Unfinished {
        /// The path of the journal.
        path: PathBuf,
        /// The path of the recording that is to be made of the journal.
        recording: PathBuf,
        /// What making it does to the recording.
        left: LeftJournal,
    },
    /// Another program is recording to the file.
    #[error(
        "can't record to '{}': another program is recording to it, and has locked '{}'",
        recording.display(), path.display()
    )]
    InUse {
        /// The path of the recording.
        recording: PathBuf,
        /// The path of its journal.
        path: PathBuf,
    },
    /// Another program is recording to a file that is to be written.
    #[error("{0}")]
    Busy(String),
    /// The recording was written, but lacks lines of its journal that couldn't be written, for example because the disk
    /// was full, or statements of connections that couldn't be followed to their end.
    #[error(
        "the recording '{}' isn't complete: {lines} lines of its journal couldn't be written, and {connections} \
         connections couldn't be followed to their end; the log has the reasons",
        path.display()
    )]
    Lost {
        /// The path of the recording.
        path: PathBuf,
        /// How many lines are lost.
        lines: u64,
        /// How many connections couldn't be followed.
        connections: u64,
    },
    /// A recording or its journal can't be read.
    #[error("can't read the recording")]
    Read(#[from] ReadError),
    /// A file with packets can't be read.
    #[error("can't read '{}'", path.display())]
    Unread {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A line of a file isn't a packet in hex.
    #[error("'{}' line {line}", path.display())]
    NotHex {
        /// The path of the file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong with the line.
        source: NotALine,
    },
    /// A folder has no packets in hex.
    #[error("'{}' has no files whose names end in .hex", path.display())]
    NoHex {
        /// The path of the folder.
        path: PathBuf,
    },
    /// The recording can't be converted to a script, or has no part of the wanted name.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// TLS passes through unread, so statements can't be recorded.
    #[error("TLS passes through as it is, so there is nothing to record")]
    Encrypted,
    /// The name of a part is empty.
    #[error("a part needs a name")]
    NoName,
}

/// What it does to a recording to make one of a journal that is left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftJournal {
    /// There is no such recording yet.
    IsNew,
    /// The recording that is there is replaced.
    Replaces,
    /// The journal's statements are added to the recording.
    Adds,
}

impl LeftJournal {
    fn becomes(self, recording: &Path) -> String {
        match self {
            Self::IsNew => "makes a recording of it".to_owned(),
            Self::Replaces => {
                let recording = recording.display();
                format!("replaces the recording '{recording}' by the journal's statements")
            }
            Self::Adds => format!("adds the journal's statements to '{}'", recording.display()),
        }
    }
}
