use std::io;
use std::path::{Path, PathBuf};

use mynah_recording::{ReadError, Recording};
use thiserror::Error;

/// Why a recording can't be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A file can't be written.
    #[error("can't write '{}'", path.display())]
    Write {
        /// Its path.
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
        /// Its path.
        path: PathBuf,
    },
    /// The journal can't be read.
    #[error("can't read the recording")]
    Read(#[from] ReadError),
    /// TLS passes through unread, so statements can't be recorded.
    #[error("TLS passes through as it is, so there is nothing to record")]
    Encrypted,
    /// The name of a part is empty.
    #[error("a part needs a name")]
    NoName,
}

/// Writes a recording from a journal, or from another recording.
///
/// # Errors
/// If `from` can't be read, or `to` can't be written.
pub fn convert(from: &Path, to: &Path) -> Result<(), RecordError> {
    let recording: Recording = mynah_recording::read(from)?;
    recording.write(to).map_err(|source| RecordError::Write {
        path: to.to_owned(),
        source,
    })
}

/// The journal of a recording.
pub(super) fn journal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("l");
    name.into()
}
