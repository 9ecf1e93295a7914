use std::fmt;
use std::str::FromStr;

use mynah_session::observe::Outcome;
use mynah_session::sql::{Secrets, Settings};
use regex::bytes::Regex;

use crate::trace::shown::Shown;

/// A user's rule for further text to hide: each match of this regular expression is hidden in traces and
/// recordings.
#[derive(Clone, Debug)]
pub struct Rule(Regex);

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        Regex::new(text)
            .map(Self)
            .map_err(|error| RuleError(last_line(&error)))
    }
}

/// The error for a text that isn't a regular expression; it says what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RuleError(String);

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The last line of a regex error: errors of syntax have several lines, and the last one says what is wrong.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

/// What a trace hides: nothing, or passwords and what the rules say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules<'a> {
    pub(in crate::trace) hides: bool,
    pub(in crate::trace) own: &'a [Rule],
}

impl<'a> Rules<'a> {
    /// Rules that hide passwords, and what these rules of a user match.
    pub(crate) fn hiding(own: &'a [Rule]) -> Self {
        Self { hides: true, own }
    }
}

impl Rules<'_> {
    /// The secrets of a statement.
    pub(crate) fn secrets(self, sql: &[u8], settings: &Settings) -> Secrets {
        if !self.hides {
            return Secrets::default();
        }
        let mut secrets = Secrets::of(sql, settings);
        for Rule(rule) in self.own {
            for found in rule.find_iter(sql) {
                secrets.add(found.range());
            }
        }
        secrets
    }

    /// Whether a name or a value is one that a rule speaks of.
    pub(in crate::trace) fn match_text(self, text: &[u8]) -> bool {
        self.hides && self.own.iter().any(|Rule(rule)| rule.is_match(text))
    }

    /// Whether a rule speaks of what the server's error says.
    pub(in crate::trace) fn match_error(self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Failed(error) => self.match_text(&error.message),
            _ => false,
        }
    }

    /// What may be shown of a value.
    pub(in crate::trace) fn shown(self, value: Shown) -> Shown {
        match self.hide_shown(&value) {
            true => Shown::Hidden,
            false => value,
        }
    }

    /// Whether a value, as it is shown, must not be.
    pub(in crate::trace) fn hide_shown(self, value: &Shown) -> bool {
        match value {
            Shown::Bytes(bytes) => self.hide_value(bytes),
            Shown::Number(text) | Shown::Plain(text) => self.match_text(text.as_bytes()),
            Shown::Foreign(bytes, _) => self.hide_value(bytes),
            Shown::Null | Shown::LongData | Shown::Keyword(_) | Shown::Hidden => false,
        }
    }

    /// Whether a value must not be shown whatever its column is.
    pub(crate) fn hide_value(self, value: &[u8]) -> bool {
        self.hides && (self.match_text(value) || Secrets::are_in(value))
    }
}
