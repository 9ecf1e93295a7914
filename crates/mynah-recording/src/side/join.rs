use std::collections::HashMap;

use serde_json::{Map, Value};

use super::walk::{replace, results};
use super::{Folder, ROWS, ROWS_FILE, RowsFile, SideError};
use crate::{PartName, Recording};

/// Whether the text of a recording may have results whose rows are in side files.
pub(crate) fn mentions(json: &[u8]) -> bool {
    let wanted = ROWS_FILE.as_bytes();
    json.windows(wanted.len()).any(|part| part == wanted)
}

/// An error, and the entry whose rows it is about: its part, and its place among the part's entries.
pub(crate) type EntryError = (PartName, usize, SideError);

/// Puts the rows of side files back into their results.
///
/// # Errors
/// When a side file is missing, has changed or has another form.
pub(crate) fn join(
    recording: &mut Recording<Value>,
    folder: Option<&Folder>,
) -> Result<(), EntryError> {
    let mut joining = Joining {
        folder,
        known: HashMap::new(),
    };
    for (name, part) in &mut recording.parts {
        for (index, entry) in part.expectations.iter_mut().enumerate() {
            let joined = results(entry, &mut |set| joining.result(set));
            joined.map_err(|error| (name.clone(), index, error))?;
        }
    }
    Ok(())
}

struct Joining<'f> {
    folder: Option<&'f Folder>,
    /// The rows of side files that several results share, by hash.
    known: HashMap<String, Vec<Value>>,
}

impl Joining<'_> {
    fn result(&mut self, set: &mut Map<String, Value>) -> Result<(), SideError> {
        let Some(reference) = set.get(ROWS_FILE) else {
            return Ok(());
        };
        if set.contains_key(ROWS) {
            return Err(SideError::Both);
        }
        let reference: RowsFile =
            serde_json::from_value(reference.clone()).map_err(SideError::Reference)?;
        let rows = match self.known.get(&reference.sha256) {
            Some(rows) => rows.clone(),
            None => {
                let folder = self.folder.ok_or(SideError::NoFolder)?;
                let rows = folder.read(&reference.sha256)?;
                self.known.insert(reference.sha256.clone(), rows.clone());
                rows
            }
        };
        if rows.len() != reference.rows {
            return Err(SideError::OtherCount {
                file: self
                    .folder
                    .map(|folder| folder.name(&reference.sha256))
                    .unwrap_or_default(),
                found: rows.len(),
                rows: reference.rows,
            });
        }
        replace(set, ROWS_FILE, (ROWS, Value::Array(rows)));
        Ok(())
    }
}
