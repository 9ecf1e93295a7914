use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use openssl::sha::sha256;
use serde_json::{Map, Value, json};

use super::walk::{replace, results};
use super::{ROWS, ROWS_FILE, RowsFile, SideFile};

/// Takes the rows of large results out of a recording, and gives them as side files. Equal rows are one file.
pub(crate) fn split(recording: &mut Value, limit: usize) -> Vec<SideFile> {
    let mut files = BTreeMap::new();
    let parts = recording.get_mut("parts").and_then(Value::as_object_mut);
    let parts = parts.into_iter().flat_map(Map::values_mut);
    let entries = parts.filter_map(|part| part.get_mut("expectations")?.as_array_mut());
    for entry in entries.flatten() {
        let Ok(()) = results(entry, &mut |set| {
            if let Some(file) = take(set, limit) {
                files.insert(file.sha256.clone(), file);
            }
            Ok::<_, Infallible>(())
        });
    }
    files.into_values().collect()
}

/// Takes the rows out of a result, if they are many or large.
fn take(set: &mut Map<String, Value>, limit: usize) -> Option<SideFile> {
    let rows = set.get(ROWS)?.as_array()?;
    if rows.len() <= limit && rows.iter().map(size).sum::<usize>() <= MOST_BYTES {
        return None;
    }
    let mut text = String::new();
    for row in rows {
        // Writing to a string doesn't fail.
        let _ = writeln!(text, "{row}");
    }
    let sha256 = HEXLOWER.encode(&sha256(text.as_bytes()));
    let reference = RowsFile {
        sha256: sha256.clone(),
        rows: rows.len(),
    };
    let RowsFile { sha256: name, rows } = &reference;
    replace(
        set,
        ROWS,
        (ROWS_FILE, json!({"sha256": name, "rows": rows})),
    );
    Some(SideFile { sha256, text })
}

/// About how many bytes a value has in the file.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(object) => object.values().map(size).sum(),
        _ => 0,
    }
}

/// How many bytes the rows of a result may have in the recording's own file.
const MOST_BYTES: usize = 256 * 1024;
