use serde_json::{Map, Value, json};

use super::answer::{answer, missing, preparation};
use super::{ConvertError, handshake, merged};
use crate::pretty::pretty;
use crate::{Entry, Param, PartName, Recording};

/// A program that MySQL Router's mock runs, too.
pub(super) fn text(recording: &Recording, only: Option<&PartName>) -> Result<String, ConvertError> {
    let entries = merged::entries(recording, only);
    let entries = entries
        .iter()
        .filter(|entry| is_asked(entry))
        .map(entry)
        .collect::<Result<Vec<_>, _>>()?;
    let handshake = pretty(&handshake(recording.server.as_ref()));
    let entries = pretty(&Value::from(entries));
    let about = &recording.about;
    let text = format!(
        "// Made of a recording by {} of {}.\n\nvar handshake = {};\n\nvar entries = {};\n\n{PROGRAM}",
        about.made_by.replace('\n', " "),
        about.recorded_at,
        handshake.trim_end(),
        entries.trim_end(),
    );
    // JSON may have them in strings; older JavaScript may not.
    Ok(text
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029"))
}

fn entry(entry: &Entry) -> Result<Value, ConvertError> {
    let mut object = Map::new();
    let mut put = |key: &str, value| object.insert(key.to_owned(), value);
    put("stmt", serde_json::to_value(&entry.stmt)?);
    if let Some(command) = &entry.command {
        put("command", json!(command));
    }
    if let Some(params) = entry.params.as_ref().filter(|params| !params.is_empty()) {
        put(
            "params",
            params.iter().map(param).collect::<Result<_, _>>()?,
        );
    }
    let answers = match &entry.prepared {
        Some(prepared) => vec![preparation(prepared)],
        None if entry.answers.is_empty() => vec![missing("the statement was never run")],
        None => {
            let answers = entry.answers.iter().map(answer);
            answers.collect::<Result<_, _>>()?
        }
    };
    put("answers", answers.into());
    Ok(object.into())
}

/// Whether a function is asked for what the entry's command wants; a session answers the others.
fn is_asked(entry: &Entry) -> bool {
    let command = entry.command.as_deref();
    command.is_none_or(|command| COMMANDS.contains(&command))
}

/// Bytes are hex, however many they are.
fn param(param: &Param) -> Result<Value, serde_json::Error> {
    match param {
        Param::Bytes(bytes) => Ok(json!({"hex": data_encoding::HEXLOWER.encode(bytes)})),
        other => serde_json::to_value(other),
    }
}

/// As the program has them.
const COMMANDS: [&str; 4] = ["prepare", "field_list", "admin", "init_db"];

const PROGRAM: &str = include_str!("play.js");
