//! Checks a `result`: its columns, and whether the rows fit them.

use mynah_classic::ColumnType;
use mynah_expect::{ProblemKind, did_you_mean};

use super::checker::{Checker, Rule, any, of_8_bits, of_16_bits, of_32_bits, text, whole};
use super::completion::COMPLETION;
use super::node::Node;
use crate::document::{SqlType, column_type_names, named_or_sql_type};

pub(super) fn result(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, &[ROWS, COMPLETION].concat());
    let Some(columns) = node.get("columns") else {
        let has_rows = node.get("rows").is_some() && !checker.is_compatible;
        // Rows without columns are looked at by the readers of entries.
        if matches!(node, Node::Object(_)) && !has_rows {
            checker.missing(path, "columns");
        }
        return;
    };
    let columns: Vec<_> = columns.elements().map(|(_, column)| column).collect();
    if columns.is_empty() {
        let message = "a result needs a column; a statement without rows is answered by an ok";
        checker.report(&format!("{path}.columns"), message);
        return;
    }
    let Some(rows) = node.get("rows") else {
        return;
    };
    for (index, row) in rows.elements() {
        cells(checker, &format!("{path}.rows[{index}]"), row, &columns);
    }
}

/// Why a result of a recording can't have this key; `None` if it can.
pub(crate) fn unknown_key_of_recorded(key: &str) -> Option<ProblemKind> {
    let names = [ROWS, COMPLETION]
        .concat()
        .into_iter()
        .map(|(name, _)| name);
    let known: Vec<_> = names.chain(["rows_file"]).collect();
    (!known.contains(&key)).then(|| ProblemKind::UnknownKey {
        key: key.to_owned(),
        similar: did_you_mean(key, known.iter().copied()).map(str::to_owned),
        known: known.iter().map(|&name| name.to_owned()).collect(),
    })
}

/// Checks that a row has a cell for each column.
fn cells(checker: &mut Checker, path: &str, row: &Node, columns: &[&Node]) {
    if matches!(row, Node::Object(_)) && !checker.is_compatible {
        return;
    }
    if !matches!(row, Node::Array(_)) {
        return checker.wants(path, "an array of cells", row);
    }
    let count = row.elements().count();
    if count != columns.len() {
        let message = format!(
            "the row has {count} cells, but there are {} columns",
            columns.len()
        );
        checker.report(path, message);
        return;
    }
    for ((index, cell), column) in row.elements().zip(columns) {
        if checker.is_compatible && matches!(cell, Node::Boolean(_)) && is_of_numbers(column) {
            let message = format!(
                "is the text \"{}\" in compatible mode, in a column of numbers; write 1 or 0",
                cell.shown()
            );
            checker.report(&format!("{path}[{index}]"), message);
        }
    }
}

fn rows(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Array(_) | Node::Function | Node::Unknown => {}
        _ => checker.wants(path, "an array", node),
    }
}

fn columns(checker: &mut Checker, path: &str, node: &Node) {
    let mut elements = node.elements();
    let has_names = elements.any(|(_, column)| matches!(column, Node::Text(_)));
    let rule = match has_names && !checker.is_compatible {
        true => name,
        false => column,
    };
    checker.array(path, node, rule);
}

/// The name of a column, in place of the whole column.
fn name(checker: &mut Checker, path: &str, node: &Node) {
    if !matches!(node, Node::Text(_)) {
        checker.wants(path, "a string, as the other columns", node);
    }
}

fn column(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, COLUMN);
    if !matches!(node, Node::Object(_)) {
        return;
    }
    if node.get("name").is_none() {
        checker.missing(path, "name");
    }
    if node.get("type").is_none() && checker.is_compatible {
        checker.missing(path, "type");
    }
    let Some((column_type, implied)) = type_of(node) else {
        return;
    };
    if BLOBS.contains(&column_type)
        && implied.is_none()
        && node.get("character_set").is_none()
        && !checker.has_json_keys
    {
        let message = "a BLOB column has the collation of a text; add character_set: 63 for bytes, or another for a text";
        checker.report(&format!("{path}.type"), message);
    }
}

fn column_type(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Number(_) => of_8_bits(checker, path, node),
        Node::Text(name) if named_or_sql_type(name.as_bytes(), checker.is_compatible).is_none() => {
            let known = column_type_names(checker.is_compatible);
            checker.unknown_name(path, name, &known);
        }
        Node::Text(_) => {}
        _ => checker.wants(path, "the name of a type", node),
    }
}

fn repeat(checker: &mut Checker, path: &str, node: &Node) {
    match checker.has_json_keys {
        true => whole(checker, path, node),
        false => checker.report(
            path,
            "repeat is for JSON scripts; build the rows in JavaScript",
        ),
    }
}

fn extended(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, EXTENDED);
}

/// The answer to COM_STMT_PREPARE: parameters and columns.
pub(super) fn prepared(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, PREPARED);
}

fn type_of(column: &Node) -> Option<(ColumnType, Option<SqlType>)> {
    match column.get("type")? {
        Node::Text(name) => named_or_sql_type(name.as_bytes(), false),
        Node::Number(number) => Some((ColumnType(number.as_u64()?.try_into().ok()?), None)),
        _ => None,
    }
}

fn is_of_numbers(column: &Node) -> bool {
    type_of(column).is_some_and(|(column_type, _)| column_type.is_number())
}

/// The keys of a result besides those of its completion.
const ROWS: &[(&str, Rule)] = &[("columns", columns), ("rows", rows)];

const COLUMN: &[(&str, Rule)] = &[
    ("name", text),
    ("type", column_type),
    ("catalog", text),
    ("schema", text),
    ("table", text),
    ("orig_table", text),
    ("orig_name", text),
    ("character_set", of_16_bits),
    ("length", of_32_bits),
    ("flags", of_16_bits),
    ("decimals", of_8_bits),
    ("extended", extended),
    ("repeat", repeat),
    ("comment", any),
];

const EXTENDED: &[(&str, Rule)] = &[("type", text), ("format", text)];

const PREPARED: &[(&str, Rule)] = &[
    ("params", of_16_bits),
    ("columns", columns),
    ("warning_count", of_16_bits),
];

const BLOBS: [ColumnType; 4] = [
    ColumnType::TINY_BLOB,
    ColumnType::MEDIUM_BLOB,
    ColumnType::LONG_BLOB,
    ColumnType::BLOB,
];
