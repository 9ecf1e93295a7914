//! The JSON Schema of configuration files, which is made of the table of keys.

use serde_json::{Map, Value, json};

use super::keys::{Kind, about_table, key, names_below, required};
use super::value::is_number;

/// The schema, as the documentation publishes it.
pub(crate) fn schema() -> String {
    let mut whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of mynah-proxy",
        "description": "The file of mynah-proxy --config, in TOML.",
    });
    if let Some(whole) = whole.as_object_mut() {
        whole.extend(table(""));
    }
    // What consists of texts and numbers can be written.
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn table(path: &str) -> Map<String, Value> {
    let names = names_below(path);
    let below = |name: &str| match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    };
    let mut schema = Map::new();
    let mut set = |key: &str, value: Value| schema.insert(key.to_owned(), value);
    set("type", "object".into());
    let about = about_table(path);
    if !about.is_empty() {
        set("description", about.into());
    }
    if names == ["*"] {
        set("minProperties", 1.into());
        set("propertyNames", json!({ "minLength": 1 }));
        set("additionalProperties", any(&below("*")));
        return schema;
    }
    let properties: Map<_, _> = names
        .iter()
        .map(|name| ((*name).to_owned(), any(&below(name))))
        .collect();
    set("properties", properties.into());
    if !required(path).is_empty() {
        set("required", required(path).into());
    }
    set("additionalProperties", false.into());
    schema
}

fn any(path: &str) -> Value {
    let Some(key) = key(path) else {
        return table(path).into();
    };
    let mut schema = value(key.kind);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), key.about.into());
    }
    schema
}

fn value(kind: Kind) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Choice(words) => {
            let words = words.iter().map(|word| match word.parse::<u64>() {
                Ok(number) if is_number(word) => Value::from(number),
                _ => Value::from(*word),
            });
            json!({ "enum": words.collect::<Vec<_>>() })
        }
        Kind::Text | Kind::Input | Kind::Output => text,
        Kind::Time => pattern("^0*[1-9][0-9]*(ms|s|m|h)$"),
        Kind::TimeOrOff => pattern("^(off|0*[1-9][0-9]*(ms|s|m|h))$"),
        Kind::Size => pattern("^0*[1-9][0-9]*[KMGTkmgt]?$"),
        Kind::Permissions => pattern("^0*[0-7]{1,3}$"),
        Kind::Address => pattern("^((.+:)?[0-9]+|.*/.*)$"),
        Kind::Joined => json!({
            "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1, "pattern": "^[^,]*$" },
        }),
        Kind::Texts => json!({ "type": "array", "items": text }),
        Kind::Servers => {
            json!({ "type": "array", "minItems": 1, "uniqueItems": true, "items": text })
        }
    }
}
