use std::fmt::Write as _;
use std::io;

use data_encoding::HEXLOWER;
use openssl::sha::sha256;
use serde_json::{Map, Value, json};

use super::walk::{replace, results};
use super::{ROWS, ROWS_FILE, RowsFile, SideFile};

/// Takes the rows of large results out of an entry of a recording, and passes them to `each` as side files. Equal rows
/// are equal files.
pub(crate) fn split(
    entry: &mut Value,
    limit: usize,
    each: &mut impl FnMut(SideFile) -> io::Result<()>,
) -> io::Result<()> {
    results(entry, &mut |set| match take(set, limit) {
        Some(file) => each(file),
        None => Ok(()),
    })
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
