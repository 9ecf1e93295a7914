use mynah_classic::ColumnType;
use serde_json::{Value, json};

use crate::{Answer, Column, Outcome, Prepared, ResultSet};

/// An answer as an entry of a script has it. One that isn't whole is an error.
pub(super) fn answer(answer: &Answer) -> Result<Value, serde_json::Error> {
    match (&answer.incomplete, &answer.outcome) {
        (None, Some(outcome)) => self::outcome(outcome),
        (None, None) => Ok(missing("the recording has no answer to this statement")),
        (Some(why), _) => Ok(missing(&format!(
            "the recorded answer is incomplete ({why}); record it again"
        ))),
    }
}

/// The error in place of an answer that isn't known.
pub(super) fn missing(why: &str) -> Value {
    json!({"error": {"code": 1105, "sql_state": "HY000", "message": why}})
}

fn outcome(from: &Outcome) -> Result<Value, serde_json::Error> {
    let value = match from {
        Outcome::Result(set) | Outcome::OutParameters(set) => serde_json::to_value(ResultSet {
            columns: columns(&set.columns),
            ..set.clone()
        })?,
        Outcome::Results(all) => all.iter().map(outcome).collect::<Result<_, _>>()?,
        Outcome::LocalInfile(file) => json!({
            "filename": file.filename,
            "limit": file.size.saturating_mul(2).clamp(LEAST_LIMIT, MOST_LIMIT),
            "answer": answer(&file.answer)?,
        }),
        Outcome::Prepared(prepared) => return Ok(preparation(prepared)),
        Outcome::Ok(_) | Outcome::Error(_) => return serde_json::to_value(from),
    };
    Ok(json!({ from.key(): value }))
}

/// The answer to a statement that is prepared.
pub(super) fn preparation(prepared: &Prepared) -> Value {
    let about = json!({"params": prepared.params, "columns": columns(&prepared.columns)});
    json!({"prepared": about, "ok": {}})
}

/// Columns whose types have names that all scripts have.
pub(super) fn columns(columns: &[Column]) -> Vec<Column> {
    let columns = columns.iter().map(|column| Column {
        column_type: column_type(&column.column_type),
        ..column.clone()
    });
    columns.collect()
}

/// The number of a type whose name MySQL Router's mock doesn't know.
fn column_type(name: &str) -> String {
    if KNOWN.contains(&name) {
        return name.to_owned();
    }
    let named = |number: &u8| ColumnType(*number).name() == Some(name);
    let number = (0..=u8::MAX).find(named);
    number.map_or_else(|| name.to_owned(), |number| number.to_string())
}

const KNOWN: [&str; 25] = [
    "DECIMAL",
    "TINY",
    "SHORT",
    "LONG",
    "INT24",
    "LONGLONG",
    "NEWDECIMAL",
    "FLOAT",
    "DOUBLE",
    "BIT",
    "TIMESTAMP",
    "DATE",
    "TIME",
    "DATETIME",
    "YEAR",
    "STRING",
    "VAR_STRING",
    "BLOB",
    "SET",
    "ENUM",
    "GEOMETRY",
    "NULL",
    "TINYBLOB",
    "MEDIUMBLOB",
    "LONGBLOB",
];

/// How many bytes of a file are taken at least, and at most.
const LEAST_LIMIT: u64 = 16 << 20;
const MOST_LIMIT: u64 = 1 << 30;
