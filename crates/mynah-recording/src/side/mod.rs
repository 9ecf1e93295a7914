//! Side files: the rows of large results, in files of their own in a folder beside the recording.

mod folder;
mod join;
mod limit;
mod split;
mod walk;

use serde::{Deserialize, Serialize};

pub(crate) use folder::Folder;
pub(crate) use join::{Joining, mentions};
pub use limit::{RowsLimit, UnknownRowsLimit};
pub(crate) use split::split;

/// What the file of a recording has in place of the rows of a result, under the key [`ROWS_FILE`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowsFile {
    /// The SHA-256 of the side file's bytes, in hex; the name of the side file begins with it.
    sha256: String,
    /// How many rows the side file has.
    rows: usize,
}

/// The text of a side file: a row on each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SideFile {
    pub(crate) sha256: String,
    text: String,
}

/// What is wrong with a side file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SideError {
    #[error("the file of the rows, '{file}', can't be read: {source}")]
    Unread {
        file: String,
        source: std::io::Error,
    },
    #[error("the file of the rows, '{file}', has more than {limit} bytes")]
    TooLarge { file: String, limit: u64 },
    #[error("the file of the rows, '{file}', has changed: its SHA-256 is {found}")]
    Changed { file: String, found: String },
    #[error("the file of the rows, '{file}', has {found} rows, but {rows} are expected")]
    OtherCount {
        file: String,
        found: usize,
        rows: usize,
    },
    #[error("the file of the rows, '{file}', line {line}: {why}")]
    Form {
        file: String,
        line: usize,
        why: String,
    },
    #[error("rows and rows_file together; a result has one of them")]
    Both,
    #[error("the name of a file of rows is a SHA-256, which has 64 hexadecimal digits")]
    NotAHash,
    #[error("{0}")]
    Reference(serde_json::Error),
    #[error("files of rows are beside a recording, but this has no path")]
    NoFolder,
}

/// The key of a result whose rows are in a side file.
const ROWS_FILE: &str = "rows_file";
const ROWS: &str = "rows";
