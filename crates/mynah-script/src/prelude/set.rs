//! `SET …`: everything is agreed to; what it says of variables that are known is kept.

use mynah_classic::response::SessionStateChange;

use super::Facts;
use super::data::{Value, data};
use super::select::system_variable;
use super::tokens::{Slice, TokenKind};

/// Takes over what a SET says; gives what clients are told of it.
pub(super) fn set(assignments: Slice<'_>, facts: &mut Facts) -> Vec<SessionStateChange> {
    let mut changes = Vec::new();
    for item in assignments.items() {
        for (name, value) in assigned(item) {
            if let Some(value) = fitting(&name, &value) {
                if is_tracked(&name) {
                    changes.push(SessionStateChange::SystemVariable {
                        name: name.clone().into(),
                        value: value.listed().unwrap_or_default().into(),
                    });
                }
                if name == "autocommit" && value == Value::Flag(true) {
                    facts.in_transaction = false;
                }
                facts.set(name, value);
            }
        }
    }
    changes
}

/// Variables and the texts that they are set to.
fn assigned(item: Slice<'_>) -> Vec<(String, String)> {
    if let Some(names) = item.after("names") {
        return character_set(names);
    }
    if item.is(0, "character") && item.is(1, "set") {
        return item.from(2).map(character_set).unwrap_or_default();
    }
    let item = item.after_any(&["global", "session", "local", "persist"]);
    if item.is(0, "transaction") {
        return isolation(item);
    }
    let Some((TokenKind::Word | TokenKind::Name, _)) = item.get(0) else {
        return Vec::new();
    };
    let name = item.plain(0).unwrap_or_default();
    if name.starts_with('@') && !name.starts_with("@@") {
        return Vec::new();
    }
    let name = system_variable(name.trim_start_matches('@'));
    let value = if item.is(1, "=") {
        2
    } else if item.is(1, ":") && item.is(2, "=") {
        3
    } else {
        return Vec::new();
    };
    match item.len() == value + 1 {
        true => item
            .plain(value)
            .map(|value| (name, value))
            .into_iter()
            .collect(),
        false => Vec::new(),
    }
}

fn character_set(names: Slice<'_>) -> Vec<(String, String)> {
    let Some(name) = names.plain(0) else {
        return Vec::new();
    };
    let set = [
        "character_set_client",
        "character_set_connection",
        "character_set_results",
    ];
    let mut set: Vec<_> = set
        .map(|variable| (variable.to_owned(), name.clone()))
        .into();
    if names.is(1, "collate") {
        let collation = names
            .plain(2)
            .map(|name| ("collation_connection".to_owned(), name));
        set.extend(collation);
    }
    set
}

fn isolation(item: Slice<'_>) -> Vec<(String, String)> {
    let level = item.canonical();
    let Some((_, level)) = level.split_once("isolation level ") else {
        return Vec::new();
    };
    let level = level.to_uppercase().replace(' ', "-");
    ["transaction_isolation", "tx_isolation"]
        .map(|name| (name.to_owned(), level.clone()))
        .into()
}

/// The value as the variable has it, if it is one that is known and this is one for it.
fn fitting(name: &str, text: &str) -> Option<Value> {
    let default = data().variables.get(name)?;
    if text.eq_ignore_ascii_case("default") {
        return Some(default.clone());
    }
    match default {
        Value::Flag(_) => match text.to_lowercase().as_str() {
            "1" | "on" | "true" => Some(Value::Flag(true)),
            "0" | "off" | "false" => Some(Value::Flag(false)),
            _ => None,
        },
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Text(_) | Value::Null if text.eq_ignore_ascii_case("null") => Some(Value::Null),
        Value::Text(_) | Value::Null => Some(Value::Text(text.to_owned())),
    }
}

/// Whether a server tells clients of changes unless it is told otherwise.
fn is_tracked(name: &str) -> bool {
    matches!(
        name,
        "autocommit"
            | "time_zone"
            | "character_set_client"
            | "character_set_connection"
            | "character_set_results"
    )
}
