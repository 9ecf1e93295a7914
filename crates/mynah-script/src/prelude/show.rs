//! `SHOW VARIABLES` and `SHOW STATUS`.

use mynah_session::ResultSet;

use super::Facts;
use super::data::Value;
use super::select::{column, result};
use super::tokens::{Slice, TokenKind};

/// What a SHOW shows, if it is one of these.
pub(super) fn show(what: Slice<'_>, facts: &Facts) -> Option<ResultSet> {
    let what = what.after_any(&["global", "session", "local"]);
    if let Some(filter) = what.after("variables") {
        let filter = Filter::read(filter)?;
        let variables = facts.variables();
        return Some(list(
            variables
                .into_iter()
                .filter(|(name, _)| filter.passes(name)),
        ));
    }
    let filter = Filter::read(what.after("status")?)?;
    let status = facts.status();
    Some(list(
        status.into_iter().filter(|(name, _)| filter.passes(name)),
    ))
}

fn list(values: impl Iterator<Item = (String, Value)>) -> ResultSet {
    let text = Value::Text(String::new());
    let columns = vec![column("Variable_name", &text), column("Value", &text)];
    let rows = values.map(|(name, value)| [Some(name), Some(value.listed().unwrap_or_default())]);
    result(columns, rows)
}

/// Which names are shown: those that one of the patterns matches; all if there is none.
struct Filter(Vec<String>);

impl Filter {
    /// Of `LIKE '…'`, and of a WHERE that compares names with texts.
    fn read(filter: Slice<'_>) -> Option<Self> {
        if filter.is_empty() {
            return Some(Self(Vec::new()));
        }
        if !filter.is(0, "like") && !filter.is(0, "where") {
            return None;
        }
        let texts = (0..filter.len())
            .filter(|index| matches!(filter.get(*index), Some((TokenKind::Text, _))));
        let patterns: Vec<_> = texts.filter_map(|index| filter.plain(index)).collect();
        (!patterns.is_empty()).then_some(Self(patterns))
    }

    fn passes(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let mut patterns = self.0.iter().map(|pattern| pattern.to_lowercase());
        self.0.is_empty() || patterns.any(|pattern| like(&name, pattern.chars().collect()))
    }
}

/// Whether a name is LIKE a pattern: `%` is anything, `_` any character.
fn like(name: &[char], pattern: Vec<char>) -> bool {
    let (mut at, mut of, mut retry) = (0, 0, None);
    loop {
        let (pattern_char, width, is_wild) = match (pattern.get(of), pattern.get(of + 1)) {
            (Some('%'), _) => {
                retry = Some((of, at));
                of += 1;
                continue;
            }
            (Some('\\'), Some(escaped)) => (Some(*escaped), 2, false),
            (Some('_'), _) => (None, 1, true),
            (Some(other), _) => (Some(*other), 1, false),
            (None, _) if at == name.len() => return true,
            (None, _) => (None, 0, false),
        };
        let fits = name.get(at).is_some_and(|char| {
            is_wild || pattern_char.is_some_and(|p| char.to_ascii_lowercase() == p)
        });
        if fits {
            (at, of) = (at + 1, of + width);
            continue;
        }
        match retry {
            Some((star, from)) if from < name.len() => {
                retry = Some((star, from + 1));
                (at, of) = (from + 1, star + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn patterns_match_as_like_does() {
        let like = |name: &str, pattern: &str| {
            super::like(&name.chars().collect::<Vec<_>>(), pattern.chars().collect())
        };
        for (name, pattern) in [
            ("wait_timeout", "wait_timeout"),
            ("wait_timeout", "wait\\_timeout"),
            ("wait_timeout", "%"),
            ("wait_timeout", "%timeout"),
            ("wait_timeout", "wait%"),
            ("wait_timeout", "%a%t%t"),
            ("version", "v_rsion"),
            ("", "%%"),
        ] {
            assert!(like(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [
            ("wait_timeout", "wait"),
            ("waitxtimeout", "wait\\_timeout"),
            ("wait_timeout", "%x%"),
            ("wait_timeout", ""),
            ("a", "__"),
            ("a", "a%b"),
        ] {
            assert!(!like(name, pattern), "{name} {pattern}");
        }
    }
}
