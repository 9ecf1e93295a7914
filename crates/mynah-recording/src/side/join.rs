use std::collections::HashMap;
use std::convert::Infallible;

use serde_json::{Map, Value};

use super::walk::{replace, results};
use super::{Folder, ROWS, ROWS_FILE, RowsFile, SideError};
use crate::Recording;

/// Whether the text of a recording may have results whose rows are in side files.
pub(crate) fn mentions(json: &[u8]) -> bool {
    let wanted = ROWS_FILE.as_bytes();
    json.windows(wanted.len()).any(|part| part == wanted)
}

/// Puts the rows of side files back into the results of entries.
pub(crate) struct Joining<'f> {
    folder: Option<&'f Folder>,
    /// How many results that are still to come have the rows of a side file, by its hash.
    left: HashMap<String, usize>,
    /// The rows of side files that results that are still to come have, too.
    known: HashMap<String, Vec<Value>>,
}

impl<'f> Joining<'f> {
    /// For the entries of this recording, each of which has to be joined once.
    pub(crate) fn new(recording: &mut Recording<Value>, folder: Option<&'f Folder>) -> Self {
        let mut left = HashMap::new();
        let parts = recording.parts.values_mut();
        for entry in parts.flat_map(|part| &mut part.expectations) {
            let Ok(()) = results(entry, &mut |set| {
                let hash = set.get(ROWS_FILE).and_then(|file| file.get("sha256"));
                if let Some(hash) = hash.and_then(Value::as_str) {
                    *left.entry(hash.to_owned()).or_insert(0) += 1;
                }
                Ok::<_, Infallible>(())
            });
        }
        Self {
            folder,
            left,
            known: HashMap::new(),
        }
    }

    /// Puts the rows of side files back into the results of an entry.
    ///
    /// # Errors
    /// When a side file is missing, has changed or has another form.
    pub(crate) fn join(&mut self, entry: &mut Value) -> Result<(), SideError> {
        results(entry, &mut |set| self.result(set))
    }

    fn result(&mut self, set: &mut Map<String, Value>) -> Result<(), SideError> {
        let Some(reference) = set.get(ROWS_FILE) else {
            return Ok(());
        };
        if set.contains_key(ROWS) {
            return Err(SideError::Both);
        }
        let RowsFile {
            sha256,
            rows: count,
        } = serde_json::from_value(reference.clone()).map_err(SideError::Reference)?;
        let folder = self.folder.ok_or(SideError::NoFolder)?;
        let rows = match self.known.remove(&sha256) {
            Some(rows) => rows,
            None => folder.read(&sha256)?,
        };
        if rows.len() != count {
            return Err(SideError::OtherCount {
                file: folder.name(&sha256),
                found: rows.len(),
                rows: count,
            });
        }
        if let Some(left) = self.left.get_mut(&sha256) {
            *left = left.saturating_sub(1);
            if *left > 0 {
                self.known.insert(sha256, rows.clone());
            }
        }
        replace(set, ROWS_FILE, (ROWS, Value::Array(rows)));
        Ok(())
    }
}
