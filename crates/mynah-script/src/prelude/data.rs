//! The answers, read from their file.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use mynah_session::Reply;
use serde_json::Value as Json;

use super::tokens::Tokens;
use crate::document::{self, Defaults};

/// What there is to say, whoever asks.
#[derive(Debug)]
pub(super) struct Data {
    /// System variables by their names.
    pub(super) variables: BTreeMap<String, Value>,
    /// Expressions by their canonical texts.
    pub(super) expressions: BTreeMap<String, Value>,
    /// Statements by their canonical texts.
    pub(super) statements: BTreeMap<String, Reply>,
}

/// The value of a variable or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Text(String),
    Integer(u64),
    /// 1 or 0; ON or OFF in a list of variables.
    Flag(bool),
}

impl Value {
    /// What a SELECT has of it.
    pub(super) fn selected(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Flag(flag) => Some(u8::from(*flag).to_string()),
        }
    }

    /// What a list of variables has of it.
    pub(super) fn listed(&self) -> Option<String> {
        match self {
            Self::Flag(flag) => Some(if *flag { "ON" } else { "OFF" }.to_owned()),
            other => other.selected(),
        }
    }
}

/// The answers of the file.
pub(super) fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| read(FILE).unwrap_or_else(|_tested| Data::empty()))
}

impl Data {
    fn empty() -> Self {
        Self {
            variables: BTreeMap::new(),
            expressions: BTreeMap::new(),
            statements: BTreeMap::new(),
        }
    }
}

fn read(file: &str) -> Result<Data, String> {
    let file: Json = serde_json::from_str(file).map_err(|error| error.to_string())?;
    let mut data = Data::empty();
    for (name, json) in entries(&file, "variables")? {
        data.variables.insert(name.clone(), value(json)?);
    }
    for (text, json) in entries(&file, "expressions")? {
        data.expressions.insert(canonical(text)?, value(json)?);
    }
    let statements = file.get("statements").and_then(Json::as_array);
    for statement in statements.ok_or("no statements")? {
        let text = statement.get("stmt").and_then(Json::as_str);
        let text = canonical(text.ok_or("a statement without stmt")?)?;
        let json = &mut document::Json::default();
        let entry = document::entry(json, &Some(statement), Defaults::default())
            .map_err(|misfit| format!("{text}: {misfit}"))?;
        data.statements.insert(text, entry.reply);
    }
    Ok(data)
}

fn entries<'a>(
    file: &'a Json,
    section: &str,
) -> Result<impl Iterator<Item = (&'a String, &'a Json)>, String> {
    let section = file.get(section).and_then(Json::as_object);
    Ok(section.ok_or("a section is missing")?.iter())
}

fn canonical(text: &str) -> Result<String, String> {
    let tokens = Tokens::of(text.as_bytes()).ok_or("too long")?;
    Ok(tokens.all().canonical())
}

fn value(json: &Json) -> Result<Value, String> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Flag(*flag),
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => Value::Integer(number.as_u64().ok_or("a negative number")?),
        _ => return Err("neither text nor number".to_owned()),
    })
}

const FILE: &str = include_str!("answers.json");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        let data = read(FILE).unwrap();
        assert_eq!(data.variables["autocommit"], Value::Flag(true));
        assert!(data.expressions.contains_key("1 + 1"));
        assert!(data.statements.contains_key("select $$"));
    }
}
