//! What a client has set by statements that are answered without the backend.

use std::collections::HashMap;

use mynah_sql::{Reading, Tokens};

/// The variables and savepoints of a session, as far as they follow from its statements.
#[derive(Debug, Default)]
pub(crate) struct Assumed {
    /// Those that were set, by name, and whether they are the server's.
    variables: HashMap<(&'static str, bool), Set>,
    in_transaction: bool,
    /// The latest last.
    savepoints: Vec<String>,
}

/// What a variable was set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    /// A value; `None` is NULL.
    To(Option<String>),
    /// The value that it has without being set.
    Default,
    /// Something that only the backend could say.
    Unknown,
}

impl Assumed {
    /// What the variable of this name is, of the session or with `is_global` of the server; `None` if this isn't known.
    pub(crate) fn variable(&self, name: &str, is_global: bool) -> Option<Option<&str>> {
        let (name, default) = VARIABLES.iter().find(|(known, _)| *known == name)?;
        match self.variables.get(&(*name, is_global)) {
            None | Some(Set::Default) => Some(Some(default)),
            Some(Set::To(value)) => Some(value.as_deref()),
            Some(Set::Unknown) => None,
        }
    }

    /// Notes the assignments of a SET. If `is_asked`, the backend decides what they come to.
    pub(crate) fn set(&mut self, assignments: &str, reading: Reading, is_asked: bool) {
        for item in items(assignments, reading) {
            self.set_item(&item, is_asked);
        }
    }

    fn set_item(&mut self, item: &[&str], is_asked: bool) {
        let lower: Vec<String> = item
            .iter()
            .map(|token| token.to_ascii_lowercase())
            .collect();
        let words: Vec<&str> = lower.iter().map(String::as_str).collect();
        let (scope, rest) = match words[..] {
            [
                "@",
                "@",
                scope @ ("global" | "session" | "local" | "persist"),
                ".",
                ..,
            ] => (scope, 4),
            ["@", "@", ..] => ("session", 2),
            ["@", ..] => return,
            [scope @ ("global" | "session" | "local" | "persist"), ..] => (scope, 1),
            _ => ("", 0),
        };
        let (Some(words), Some(item)) = (words.get(rest..), item.get(rest..)) else {
            return;
        };
        let values: Vec<(&str, Set)> = match words {
            ["names", set] => character_sets(set, &CHARACTER_SETS, Set::Unknown),
            ["names", set, "collate", collation] => {
                let collation = Set::To(Some(unquoted(collation)));
                character_sets(set, &CHARACTER_SETS, collation)
            }
            ["character", "set", set] | ["charset", set] => character_sets(
                set,
                &["character_set_client", "character_set_results"],
                Set::Unknown,
            ),
            // Without a scope, only the next transaction is meant.
            ["transaction", ..] if scope.is_empty() => return,
            ["transaction", "isolation", "level", level @ ..] => {
                let level = Set::To(Some(level.join("-").to_ascii_uppercase()));
                vec![("transaction_isolation", level)]
            }
            ["transaction", "read", access] => {
                let is_read_only = i32::from(*access == "only").to_string();
                vec![("transaction_read_only", Set::To(Some(is_read_only)))]
            }
            ["transaction", ..] => vec![
                ("transaction_isolation", Set::Unknown),
                ("transaction_read_only", Set::Unknown),
            ],
            [name, ..] => match words.iter().position(|word| word.ends_with('=')) {
                Some(at) => vec![(name, value(name, item.get(at + 1..).unwrap_or_default()))],
                None => return,
            },
            [] => return,
        };
        let is_global = matches!(scope, "global" | "persist");
        for (name, value) in values {
            let Some((name, _)) = VARIABLES.iter().find(|(known, _)| *known == name) else {
                continue;
            };
            let value = match is_asked || is_global {
                true => Set::Unknown,
                false => value,
            };
            if *name == "autocommit" && is_on(&value) && !self.is_autocommit() {
                self.end_transaction();
            }
            for alias in aliases(name) {
                self.variables.insert((alias, is_global), value.clone());
            }
        }
    }

    /// Whether autocommit is known to be on for the session.
    fn is_autocommit(&self) -> bool {
        self.variables.get(&("autocommit", false)).is_none_or(is_on)
    }

    pub(crate) fn begin_transaction(&mut self) {
        self.in_transaction = true;
        self.savepoints.clear();
    }

    pub(crate) fn end_transaction(&mut self) {
        self.in_transaction = false;
        self.savepoints.clear();
    }

    /// Sets a savepoint. Outside of a transaction it is gone with the statement. `None` if there are too many.
    pub(crate) fn add_savepoint(&mut self, name: &str) -> Option<()> {
        let off = Set::To(Some("0".to_owned()));
        if self.in_transaction || self.variables.get(&("autocommit", false)) == Some(&off) {
            let name = unquoted(name).to_lowercase();
            self.savepoints.retain(|savepoint| *savepoint != name);
            if self.savepoints.len() == MOST_SAVEPOINTS {
                return None;
            }
            self.savepoints.push(name);
        }
        Some(())
    }

    /// Goes back to a savepoint, or with `is_release` forgets it; those after it are gone. Whether there is such a one.
    pub(crate) fn use_savepoint(&mut self, name: &str, is_release: bool) -> bool {
        let name = unquoted(name).to_lowercase();
        let at = self
            .savepoints
            .iter()
            .position(|savepoint| *savepoint == name);
        if let Some(at) = at {
            self.savepoints.truncate(at + usize::from(!is_release));
        }
        at.is_some()
    }
}

/// A list of assignments, each as its tokens.
pub(crate) fn items(assignments: &str, reading: Reading) -> Vec<Vec<&str>> {
    let mut items = vec![Vec::new()];
    let mut depth = 0_usize;
    for token in Tokens::new(assignments.as_bytes(), reading) {
        let Some(token) = assignments.get(token.range) else {
            continue;
        };
        match token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                items.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(item) = items.last_mut() {
            item.push(token);
        }
    }
    items
}

/// A name or text without its quotes.
pub(crate) fn unquoted(token: &str) -> String {
    for quote in ['`', '\'', '"'] {
        let inner = token.strip_prefix(quote);
        if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(quote)) {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    token.to_owned()
}

/// Whether this turns a variable on whose default is on.
fn is_on(value: &Set) -> bool {
    match value {
        Set::To(value) => value.as_deref() == Some("1"),
        Set::Default => true,
        Set::Unknown => false,
    }
}

fn character_sets<'a>(set: &str, names: &[&'a str], collation: Set) -> Vec<(&'a str, Set)> {
    let (set, collation) = match set {
        "default" => (Set::Default, Set::Default),
        set => (Set::To(Some(unquoted(set))), collation),
    };
    let names = names.iter().map(|name| (*name, set.clone()));
    names.chain([("collation_connection", collation)]).collect()
}

/// The value of a variable, as a server shows it.
fn value(name: &str, tokens: &[&str]) -> Set {
    let [token] = tokens else {
        return Set::Unknown;
    };
    let is_text = token.starts_with(['\'', '"']);
    let text = unquoted(token);
    let lower = text.to_ascii_lowercase();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    Set::To(match (name, &lower[..]) {
        _ if is_text && text.contains('\\') => return Set::Unknown,
        (_, "null") if !is_text => None,
        (_, "default") if !is_text => return Set::Default,
        ("sql_mode", mode) if mode.contains("ansi") || mode.contains("traditional") => {
            return Set::Unknown;
        }
        ("sql_mode" | "transaction_isolation" | "tx_isolation", _) => {
            Some(text.to_ascii_uppercase())
        }
        (name, _) if name.starts_with("character_set_") || name.starts_with("collation_") => {
            Some(lower)
        }
        (_, "on" | "true") => Some("1".to_owned()),
        (_, "off" | "false") => Some("0".to_owned()),
        _ if is_text || text.chars().all(is_plain) => Some(text),
        _ => return Set::Unknown,
    })
}

/// The names that a variable has.
fn aliases(name: &'static str) -> Vec<&'static str> {
    match name {
        "transaction_isolation" | "tx_isolation" => vec!["transaction_isolation", "tx_isolation"],
        "transaction_read_only" | "tx_read_only" => vec!["transaction_read_only", "tx_read_only"],
        name => vec![name],
    }
}

/// The variables that SET NAMES sets.
const CHARACTER_SETS: [&str; 3] = [
    "character_set_client",
    "character_set_connection",
    "character_set_results",
];

/// More savepoints than any client needs.
const MOST_SAVEPOINTS: usize = 1000;

/// Variables that drivers ask for, as MySQL 9.7 has them by default.
const VARIABLES: &[(&str, &str)] = &[
    ("auto_increment_increment", "1"),
    ("autocommit", "1"),
    ("character_set_client", "utf8mb4"),
    ("character_set_connection", "utf8mb4"),
    ("character_set_results", "utf8mb4"),
    ("character_set_server", "utf8mb4"),
    ("collation_connection", "utf8mb4_0900_ai_ci"),
    ("collation_server", "utf8mb4_0900_ai_ci"),
    ("init_connect", ""),
    ("interactive_timeout", "28800"),
    ("license", "GPL"),
    ("lower_case_table_names", "0"),
    ("max_allowed_packet", "67108864"),
    ("net_write_timeout", "60"),
    ("performance_schema", "0"),
    ("socket", ""),
    ("sql_mode", "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"),
    ("system_time_zone", "UTC"),
    ("time_zone", "SYSTEM"),
    ("transaction_isolation", "REPEATABLE-READ"),
    ("tx_isolation", "REPEATABLE-READ"),
    ("tx_read_only", "0"),
    ("transaction_read_only", "0"),
    ("version_comment", "mynah-server"),
    ("wait_timeout", "28800"),
];
