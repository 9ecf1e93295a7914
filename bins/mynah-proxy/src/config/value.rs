//! Checks the value of a key.

use std::path::Path;

use mynah_program::{UsageError, one_line, values};
use mynah_relay::Address;
use toml_edit::{Item, Value};

use super::keys::{Key, Kind};

/// The texts of an option's values: several for a list, and none for a switch that is on; `None` for one that is off.
pub(super) type Texts = Option<Vec<String>>;

/// Checks a value, and returns it as the option has it. `folder` is that of the file, to which paths are relative.
pub(super) fn texts(key: &Key, item: &Item, folder: &Path) -> Result<Texts, String> {
    let wrong = || {
        format!(
            "{} isn't allowed here; use {}",
            shown(item),
            allowed(key.kind)
        )
    };
    let text = || item.as_str().ok_or_else(wrong);
    let one = |text: String| Ok(Some(vec![text]));
    match key.kind {
        Kind::Flag => Ok(item.as_bool().ok_or_else(wrong)?.then(Vec::new)),
        Kind::Number(least, most) => {
            let number = item
                .as_integer()
                .and_then(|number| u64::try_from(number).ok());
            let number = number.filter(|number| (least..=most).contains(number));
            one(number.ok_or_else(wrong)?.to_string())
        }
        Kind::Choice(words) => {
            let number = item.as_integer().map(|number| number.to_string());
            // A word of digits is a number in the file.
            let word = item.as_str().filter(|word| !is_number(word));
            let word = number.or_else(|| word.map(ToOwned::to_owned));
            let word = word.filter(|word| words.contains(&word.as_str()));
            one(word.ok_or_else(wrong)?)
        }
        Kind::Text => match text()? {
            "" => Err(wrong()),
            text => one(text.to_owned()),
        },
        Kind::Time => one(checked(values::time(key.option, text()?), text()?)?),
        Kind::TimeOrOff if text()? == "off" => one("off".to_owned()),
        Kind::TimeOrOff => match values::time(key.option, text()?) {
            Ok(_) => one(text()?.to_owned()),
            Err(_) => Err(wrong()),
        },
        Kind::Size => one(checked(values::size::<u64>(key.option, text()?), text()?)?),
        Kind::Permissions => one(checked(values::permissions(key.option, text()?), text()?)?),
        Kind::Address => {
            one(address(text()?, folder).map_err(|error| error.unwrap_or_else(wrong))?)
        }
        Kind::Input => {
            let path = path(text()?, folder).ok_or_else(wrong)?;
            // A folder can be opened, but not read as a file.
            let file = std::fs::read(&path);
            file.map_err(|error| format!("can't read the file '{path}': {error}"))?;
            one(path)
        }
        Kind::Output => one(path(text()?, folder).ok_or_else(wrong)?),
        Kind::Joined => {
            let list = list(item)
                .filter(|list| !list.is_empty())
                .ok_or_else(wrong)?;
            one(list.join(","))
        }
        Kind::Texts => Ok(Some(list(item).ok_or_else(wrong)?)),
        Kind::Servers => {
            let list = list(item)
                .filter(|list| !list.is_empty())
                .ok_or_else(wrong)?;
            for (index, name) in list.iter().enumerate() {
                if list.iter().take(index).any(|other| other == name) {
                    return Err(format!("the server '{name}' is there twice; name it once"));
                }
            }
            Ok(Some(list))
        }
    }
}

/// What a key allows, for people.
pub(super) fn allowed(kind: Kind) -> String {
    match kind {
        Kind::Flag => "true or false".to_owned(),
        Kind::Number(least, most) => format!("a number from {least} to {most}"),
        Kind::Choice(words) => {
            let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
            match words.split_last() {
                Some((last, others)) if !others.is_empty() => {
                    format!("{} or {last}", others.join(", "))
                }
                _ => words.concat(),
            }
        }
        Kind::Text => "a text that isn't empty".to_owned(),
        Kind::Time => "a time like \"500ms\", \"5s\" or \"10m\", at most \"8760h\"".to_owned(),
        Kind::TimeOrOff => "\"off\" or a time like \"500ms\", \"5s\" or \"10m\"".to_owned(),
        Kind::Size => "a size like \"64K\", \"10M\" or \"1G\", at most \"1T\"".to_owned(),
        Kind::Permissions => "octal permissions as a text, from \"0\" to \"0777\"".to_owned(),
        Kind::Address => {
            "\"HOST:PORT\", \"PORT\", or the path of a Unix socket with a /".to_owned()
        }
        Kind::Input | Kind::Output => "the path of a file as a text".to_owned(),
        Kind::Joined => {
            "a list of texts that aren't empty, at least one, without commas".to_owned()
        }
        Kind::Texts => "a list of texts that aren't empty".to_owned(),
        Kind::Servers => "a list of names of servers, at least one".to_owned(),
    }
}

/// Whether a word of a choice is a number in the file.
pub(super) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn quoted(word: &str) -> String {
    match is_number(word) {
        true => word.to_owned(),
        false => format!("\"{word}\""),
    }
}

fn checked<T>(value: Result<T, UsageError>, text: &str) -> Result<String, String> {
    match value {
        Ok(_) => Ok(text.to_owned()),
        Err(UsageError::Value { allowed, .. }) => {
            Err(format!("'{text}' isn't allowed here; use {allowed}"))
        }
        Err(error) => Err(one_line(&error)),
    }
}

/// The error is `None` for a text that isn't an address.
fn address(text: &str, folder: &Path) -> Result<String, Option<String>> {
    match text.parse().map_err(|_| None)? {
        // The option separates several by commas.
        Address::Unix(_) if text.contains(',') => Err(Some(format!(
            "the path '{text}' has a comma; use one without"
        ))),
        Address::Unix(_) => path(text, folder).map(Some).ok_or(None)?.ok_or(None),
        Address::Tcp { .. } => Ok(text.to_owned()),
    }
}

/// A path relative to the file's folder. `None` for one that is empty or can't be one.
fn path(text: &str, folder: &Path) -> Option<String> {
    let is_path = !text.is_empty() && !text.contains('\0');
    let path = is_path.then(|| folder.join(text))?;
    Some(path.to_str()?.to_owned())
}

fn list(item: &Item) -> Option<Vec<String>> {
    let texts = item.as_array()?.iter().map(|value| {
        let text = value.as_str().filter(|text| !text.is_empty());
        text.map(ToOwned::to_owned)
    });
    texts.collect()
}

/// A value as an error shows it.
fn shown(item: &Item) -> String {
    let long = match item {
        Item::Value(Value::String(text)) => format!("'{}'", text.value()),
        Item::Value(Value::Integer(number)) => number.value().to_string(),
        Item::Value(Value::Boolean(is)) => is.value().to_string(),
        other => format!("a value of the type {}", other.type_name()),
    };
    long.escape_debug()
        .take(80)
        .collect::<String>()
        .replace("\\'", "'")
}
