use std::path::Path;

use serde_json::Value;

use super::keys::{KEYS, Kind};
use super::read::read_text;
use super::{ConfigError, schema};

const PUBLISHED: &str = include_str!("../../../../docs/proxy-config.schema.json");

/// What is wrong in a text.
fn problems(text: &str) -> Vec<String> {
    match read_text(text, Path::new("/etc/proxy.toml")) {
        Ok(_) => Vec::new(),
        Err(ConfigError::Wrong(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

/// A file with a further key.
fn with(path: &str, value: &str) -> String {
    let base = "listeners.a.address = '127.0.0.1:0'\nlisteners.a.servers = ['one', 'two']\n\
                servers.one.address = '3306'\nservers.two.address = '3307'\n";
    let path = path
        .replace("listeners.*", "listeners.a")
        .replace("servers.*", "servers.one");
    // A key that is there already is replaced.
    let kept: String = base
        .lines()
        .filter(|line| !line.starts_with(&format!("{path} ")))
        .map(|line| format!("{line}\n"))
        .collect();
    format!("{kept}{path} = {value}\n")
}

fn as_json(text: &str) -> Value {
    item(toml_edit::Document::parse(text).unwrap().as_item())
}

fn item(toml: &toml_edit::Item) -> Value {
    if let Some(table) = toml.as_table_like() {
        let names = table
            .iter()
            .map(|(name, below)| (name.to_owned(), item(below)));
        return Value::Object(names.collect());
    }
    if let Some(list) = toml.as_array() {
        let all = list
            .iter()
            .map(|value| item(&toml_edit::Item::Value(value.clone())));
        return Value::Array(all.collect());
    }
    let text = toml.as_str().map(Value::from);
    let number = || toml.as_integer().map(Value::from);
    let is = || toml.as_bool().map(Value::from);
    let float = || toml.as_float().map(Value::from);
    text.or_else(number).or_else(is).or_else(float).unwrap()
}

fn values(kind: Kind) -> (Vec<&'static str>, Vec<&'static str>) {
    let right = match kind {
        Kind::Text => vec!["'a'"],
        Kind::Texts => vec!["['a', 'b']", "[]"],
        Kind::Joined => vec!["['::1', '10.0.0.0/8']"],
        Kind::Servers => vec!["['one']", "['two', 'one']"],
        Kind::Address => vec!["'4'", "'db.example:1'", "'./sock'"],
        Kind::Input => vec!["'/dev/null'"],
        Kind::Output => vec!["'new'"],
        Kind::Time => vec!["'5s'", "'500ms'"],
        Kind::TimeOrOff => vec!["'off'", "'5m'"],
        Kind::Size => vec!["'1'", "'10M'"],
        Kind::Permissions => vec!["'0770'", "'7'"],
        Kind::Number(..) => vec!["1", "1000"],
        Kind::Choice(_) => vec![],
        Kind::Flag => vec!["true", "false"],
    };
    let wrong = match kind {
        Kind::Text | Kind::Input | Kind::Output => vec!["''", "1", "['a']"],
        Kind::Texts => vec!["['']", "'a'", "[1]"],
        Kind::Joined => vec!["[]", "['']", "'a'"],
        Kind::Servers => vec!["[]", "['one', 'one']", "'one'"],
        Kind::Address => vec!["''", "'host'", "1"],
        Kind::Time => vec!["'off'", "5", "'0s'", "'5'"],
        Kind::TimeOrOff => vec!["'on'", "5", "'0s'"],
        Kind::Size => vec!["'0'", "'1KB'", "1"],
        Kind::Permissions => vec!["'778'", "7", "'1777'"],
        Kind::Number(..) => vec!["-1", "'1'", "1.5", "9223372036854775807"],
        Kind::Choice(_) => vec!["'maybe'", "7", "true"],
        Kind::Flag => vec!["1", "'true'"],
    };
    (right, wrong)
}

#[test]
fn the_schema_and_the_reader_agree_about_each_key() {
    let judge: Value = serde_json::from_str(&schema()).unwrap();
    let judge = jsonschema::validator_for(&judge).unwrap();
    for key in KEYS {
        let (mut right, mut wrong) = values(key.kind);
        let words: Vec<String> = match key.kind {
            Kind::Choice(words) => words
                .iter()
                .map(|word| match word.parse::<u64>() {
                    Ok(number) => number.to_string(),
                    Err(_) => format!("'{word}'"),
                })
                .collect(),
            _ => Vec::new(),
        };
        right.extend(words.iter().map(String::as_str));
        if matches!(key.kind, Kind::Number(_, most) if most > 1 << 62) {
            wrong.retain(|value| value.len() < 10);
        }
        for value in right {
            let text = with(key.path, value);
            assert_eq!(problems(&text), [""; 0], "{text}");
            assert!(judge.is_valid(&as_json(&text)), "{text}");
        }
        for value in wrong {
            let text = with(key.path, value);
            let said = problems(&text);
            assert_eq!(said.len(), 1, "{text}{said:?}");
            assert!(!judge.is_valid(&as_json(&text)), "{text}");
        }
        let misspelt = with(&format!("{}x", key.path), "1");
        assert!(!problems(&misspelt).is_empty(), "{misspelt}");
        assert!(!judge.is_valid(&as_json(&misspelt)), "{misspelt}");
    }
}

#[test]
fn the_published_schema_is_that_of_the_keys() {
    assert_eq!(PUBLISHED, schema(), "write it: mynah-proxy check --schema");
}

#[test]
fn errors_name_the_line_the_key_and_what_is_allowed() {
    for (text, said) in [
        (
            with("timeouts.idle", "'5'"),
            "/etc/proxy.toml:5:10: timeouts.idle: '5' isn't allowed here; use a time like 500ms, 5s or 10m, at most 8760h",
        ),
        (
            with("timeouts.idel", "'5s'"),
            "/etc/proxy.toml:5:10: timeouts.idel: is no key here; did you mean 'idle'?",
        ),
        (
            with("listeners.*.servers", "['on']"),
            "/etc/proxy.toml:4:13: listeners.a.servers: there is no server 'on'; did you mean 'one'?",
        ),
        (
            "servers.a.address = '1'".to_owned(),
            "/etc/proxy.toml:1:1: the key 'listeners' is missing; write it",
        ),
        (
            with("servers.two", "{}"),
            "/etc/proxy.toml:5:9: servers.two: ",
        ),
    ] {
        let all = problems(&text);
        let found = all.first().map(String::as_str).unwrap_or_default();
        match said.ends_with(": ") {
            true => assert!(!all.is_empty(), "{text}"),
            false => assert_eq!(found, said, "{text}"),
        }
    }
    assert!(
        problems("a = ")
            .first()
            .unwrap()
            .starts_with("/etc/proxy.toml:1:")
    );
}
