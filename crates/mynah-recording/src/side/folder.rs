use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use openssl::sha::sha256;
use serde_json::Value;

use super::{SideError, SideFile};
use crate::file::{link_target, write_text};

/// The folder of a recording's side files. Its name is that of the recording, to which symbolic links may lead, with
/// `.rows` added.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder of a recording that has this path.
    pub(crate) fn of(recording: &Path) -> Self {
        let mut name = link_target(recording).into_os_string();
        name.push(".rows");
        Self(name.into())
    }

    /// The name of a side file, for people.
    pub(super) fn name(&self, sha256: &str) -> String {
        self.path(sha256).display().to_string()
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.0.join(format!("{sha256}.{EXTENSION}"))
    }

    /// Reads the rows of a side file.
    pub(super) fn read(&self, sha256_of: &str) -> Result<Vec<Value>, SideError> {
        // The reference must not lead out of the folder.
        if !is_hash(sha256_of) {
            return Err(SideError::NotAHash);
        }
        let (path, file) = (self.path(sha256_of), || self.name(sha256_of));
        let unread = |source| SideError::Unread {
            file: file(),
            source,
        };
        if std::fs::metadata(&path).map_err(unread)?.len() > MOST_BYTES {
            return Err(SideError::TooLarge {
                file: file(),
                limit: MOST_BYTES,
            });
        }
        let bytes = std::fs::read(&path).map_err(unread)?;
        let found = HEXLOWER.encode(&sha256(&bytes));
        if found != sha256_of {
            return Err(SideError::Changed {
                file: file(),
                found,
            });
        }
        let lines = bytes.split(|byte| *byte == b'\n');
        let lines = (1..).zip(lines).filter(|(_, line)| !line.is_empty());
        lines
            .map(|(line, text)| {
                serde_json::from_slice(text).map_err(|error| SideError::Form {
                    file: file(),
                    line,
                    why: error.to_string(),
                })
            })
            .collect()
    }

    /// Writes a side file. Others stay.
    pub(crate) fn write(&self, file: &SideFile) -> io::Result<()> {
        std::fs::create_dir_all(&self.0)?;
        write_text(&self.path(&file.sha256), &file.text)
    }

    /// Removes the side files but those with these hashes, and the folder if it is empty then. Files that aren't side
    /// files stay.
    pub(crate) fn keep_only(&self, hashes: &HashSet<String>) -> io::Result<()> {
        let kept: HashSet<_> = hashes.iter().map(|hash| self.path(hash)).collect();
        let entries = match std::fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        let mut is_empty = true;
        for entry in entries {
            let path = entry?.path();
            match is_side_file(&path) && !kept.contains(&path) {
                true => std::fs::remove_file(&path)?,
                false => is_empty = false,
            }
        }
        match is_empty {
            true => std::fs::remove_dir(&self.0),
            false => Ok(()),
        }
    }
}

fn is_side_file(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    path.extension().is_some_and(|end| end == EXTENSION) && stem.is_some_and(is_hash)
}

/// Whether a text is a SHA-256 in hex, as this crate writes it.
fn is_hash(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == LEN_OF_HASH && text.bytes().all(is_digit)
}

const EXTENSION: &str = "jsonl";
const LEN_OF_HASH: usize = 64;

/// Larger files aren't those of a recorder, whose answers have at most 64 MiB of cells.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;
