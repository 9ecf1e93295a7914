use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::{Problem, ReadError};
use crate::VERSION;

/// One JSON value, which begins at this line of the file. If it says a later version, that is the error: what a later
/// version says isn't known here.
pub(super) fn whole<T: DeserializeOwned>(bytes: &[u8], line: usize) -> Result<T, ReadError> {
    let read = part(bytes, line);
    match version(bytes) {
        Some(version) if version > VERSION => Err(ReadError::new(line, Problem::Version(version))),
        _ => read,
    }
}

/// One JSON value that says no version, which begins at this line of the file.
pub(super) fn part<T: DeserializeOwned>(bytes: &[u8], line: usize) -> Result<T, ReadError> {
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut from);
    let read = read.map_err(|error| ReadError::at(line, &error))?;
    let end = from.end().map_err(|error| ReadError::json(line, &error));
    end.map(|()| read)
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
