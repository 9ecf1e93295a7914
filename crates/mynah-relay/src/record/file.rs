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
        "'{}' is there, the journal of a recording that wasn't finished; make a recording of it with \
         mynah-proxy convert, or remove it",
        path.display()
    )]
    Unfinished {
        /// The path of the journal.
        path: PathBuf,
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

/// The journal of a recording.
pub(super) fn journal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("l");
    name.into()
}
