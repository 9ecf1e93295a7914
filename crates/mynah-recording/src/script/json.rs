use serde_json::{Map, Value, json};

use super::answer::{answer, columns};
use super::{ConvertError, handshake, merged, sequence};
use crate::pretty::pretty;
use crate::{Entry, Param, PartName, Prepared, Recording};

/// A list of entries, which are played in order.
pub(super) fn text(recording: &Recording, only: Option<&PartName>) -> Result<String, ConvertError> {
    let parts = recording.parts_in_order(only);
    let prepared: Vec<&Entry> = parts
        .into_iter()
        .flatten()
        .filter(|entry| entry.preparation().is_some())
        .collect();
    let mut stmts = Vec::new();
    for came in sequence::sequence(recording, only) {
        let about = prepared.iter().find(|entry| entry.stmt == came.stmt);
        let about = about.and_then(|entry| entry.preparation());
        let rows = merged::rows(&came);
        for row in rows.into_iter().filter(|row| row.command.is_none()) {
            stmts.push(entry(&row, about)?);
        }
    }
    let script = json!({"handshake": handshake(recording.server.as_ref()), "stmts": stmts});
    Ok(pretty(&script))
}

/// The values that are compared in strict scripts; if one is a keyword, their number.
fn params(params: &[Param]) -> Result<Value, serde_json::Error> {
    let is_keyword = |param: &Param| matches!(param, Param::Keyword(_));
    match params.iter().any(is_keyword) {
        true => Ok(json!(params.len())),
        false => serde_json::to_value(params),
    }
}

fn entry(entry: &Entry, about: Option<&Prepared>) -> Result<Value, ConvertError> {
    let mut object = Map::new();
    object.insert("stmt".to_owned(), json!(entry.stmt.as_str()));
    if let Some(params) = &entry.params {
        object.insert("params".to_owned(), self::params(params)?);
        if let Some(about) = about {
            let prepared = json!({"params": about.params, "columns": columns(&about.columns)});
            object.insert("prepared".to_owned(), prepared);
        }
    }
    if let Some(Value::Object(answered)) = entry.answers.first().map(answer).transpose()? {
        object.extend(answered);
    }
    Ok(object.into())
}
