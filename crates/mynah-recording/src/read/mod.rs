//! Reads recordings, and the journals that they are made of.

mod error;
mod journal;
mod json;
mod retyped;

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read as _};
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::Recording;
use crate::comments::without_comments;
use crate::side::{Folder, Joining, mentions};
use error::Problem;
use json::whole;
use retyped::{place, retyped, typed, with_entries};

pub use error::ReadError;
pub use journal::{added_to, is_journal};

/// Reads a recording from a file and its side files, or from the journal that it is made of. As in JSON scripts, the
/// file of a recording may have comments and a byte order mark. A journal is read line by line. If it has statements to
/// be added to a recording ([`added_to`]), this returns that recording with them.
///
/// # Errors
/// When the file can't be read, or has another form or a later version; when a side file is missing, has changed or has
/// another form; when the recording to which a journal adds can't be read, or has pseudonyms.
pub fn read<E: DeserializeOwned + 'static>(path: &Path) -> Result<Recording<E>, ReadError> {
    let file = open(path)?;
    from_reader(file, Some(path)).map_err(|error| error.of_file(path))
}

/// A file, and whether it begins as a journal does.
struct Opened<R> {
    is_journal: bool,
    from: R,
}

fn open(path: &Path) -> Result<Opened<impl BufRead + use<>>, ReadError> {
    let file = File::open(path).and_then(|file| peek(BufReader::with_capacity(BUFFER, file)));
    file.map_err(|error| ReadError::in_file(path, Problem::Io(error)))
}

/// The file may be a pipe, which can't be read from its beginning again.
fn peek<R: BufRead>(mut from: R) -> std::io::Result<Opened<impl BufRead + use<R>>> {
    let mut head = Vec::new();
    from.by_ref()
        .take(JOURNAL.len() as u64)
        .read_to_end(&mut head)?;
    Ok(Opened {
        is_journal: head == JOURNAL,
        from: Cursor::new(head).chain(from),
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
pub(crate) fn from_bytes<E: DeserializeOwned + 'static>(
    bytes: &[u8],
) -> Result<Recording<E>, ReadError> {
    let peeked = peek(bytes).map_err(|error| ReadError::new(1, Problem::Io(error)))?;
    from_reader(peeked, None)
}

/// Reads a recording, or the journal of one. Without a path it has no files beside it.
fn from_reader<E: DeserializeOwned + 'static>(
    file: Opened<impl BufRead>,
    path: Option<&Path>,
) -> Result<Recording<E>, ReadError> {
    match file.is_journal {
        true => retyped(journal::read(file.from, path)?),
        false => recording(file.from, path),
    }
}

/// Reads a recording that isn't a journal.
fn recording<E: DeserializeOwned>(
    mut from: impl BufRead,
    path: Option<&Path>,
) -> Result<Recording<E>, ReadError> {
    let mut bytes = Vec::new();
    let read = from.read_to_end(&mut bytes);
    read.map_err(|error| ReadError::unread(Problem::Io(error)))?;
    let json = without_comments(&bytes);
    if !mentions(&json) {
        return whole(&json, 1);
    }
    let mut recording: Recording<Value> = whole(&json, 1)?;
    drop(json);
    drop(bytes);
    let folder = path.map(Folder::of);
    let mut joining = Joining::new(&mut recording, folder.as_ref());
    with_entries(recording, |part, entries| {
        let entries = entries.into_iter().enumerate();
        let entries = entries.map(|(index, mut entry)| {
            joining.join(&mut entry).map_err(|error| {
                ReadError::unread(Problem::Side(error)).at_key(place(part, index))
            })?;
            typed(entry, part, index)
        });
        entries.collect()
    })
}

/// How a journal begins, as `Line::to_bytes` writes it.
const JOURNAL: &[u8] = b"{\"open\"";

/// How much of a file is read at once.
const BUFFER: usize = 256 * 1024;
