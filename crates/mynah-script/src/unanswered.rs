//! Why the entries of a script have no answer to a statement.

use std::fmt::Write;

use mynah_classic::error_code::ER_UNKNOWN_ERROR;
use mynah_expect::{Expectation, ExpectationId, Explanation, beginning};
use mynah_session::Failure;

use crate::expectations::Answer;
use crate::outline::Places;

/// Why `stmts` has no answer to a statement.
#[derive(Clone, Debug)]
pub(crate) enum Unanswered {
    /// All entries of the array were used.
    End {
        /// How many entries it has.
        entries: u64,
        last: Box<LastPlayed>,
    },
    /// The script is strict, and its next entry expects another statement.
    NotDue {
        /// The number of the entry that is due.
        entry: u64,
        difference: String,
        /// What the entry expects, if it expects a text.
        pattern: Option<String>,
    },
    /// The function `stmts` returned no answer.
    Function,
}

impl Unanswered {
    /// Whether there are no statements to answer at all.
    pub(crate) fn has_no_entries(&self) -> bool {
        matches!(self, Self::End { entries: 0, .. })
    }

    /// What is wrong, without the statement.
    pub(crate) fn difference(&self) -> String {
        match self {
            Self::End { entries: 0, .. } => "stmts has no entries".to_owned(),
            Self::End { entries, .. } => format!("all {entries} entries of stmts are used up"),
            Self::NotDue { difference, .. } => difference.clone(),
            Self::Function => "the function returned no answer".to_owned(),
        }
    }

    /// The explanation for people, with a statement's text, no longer than clients show.
    pub(crate) fn explain(&self, places: &Places, statement: &[u8]) -> String {
        let statement = String::from_utf8_lossy(statement);
        let stmts = places.describe("stmts", "stmts");
        let place = match self {
            Self::End { entries, last } => format!("{}{stmts}", last.of(*entries)),
            Self::NotDue { entry, pattern, .. } => {
                let pattern = pattern.as_ref().map(|pattern| beginning(pattern, 150));
                let pattern = pattern.map_or_else(String::new, |pattern| format!(": {pattern}"));
                format!("{}{pattern}", describe_entry(places, *entry))
            }
            Self::Function => stmts,
        };
        let difference = match self {
            Self::NotDue { difference, .. } => difference.clone(),
            _ => format!("{}: {statement}", self.difference()),
        };
        let room = Explanation::LONGEST.saturating_sub(place.len() + 2);
        format!("{}; {place}", beginning(&difference, room))
    }
}

/// What messages call an entry: `entry 3 of stmts, shop.js line 12`.
pub(crate) fn describe_entry(places: &Places, number: u64) -> String {
    let index = number.saturating_sub(1);
    places.describe(
        &format!("entry {number} of stmts"),
        &format!("stmts[{index}]"),
    )
}

/// What the log calls an expectation: its name and place; one that came over HTTP has a number there.
pub(crate) fn describe_expectation(id: ExpectationId, expectation: &Expectation<Answer>) -> String {
    match (&expectation.place.file, &expectation.name) {
        (Some(_), _) => expectation.label(),
        (None, Some(name)) => format!("\"{name}\", expectation {}", id.0),
        (None, None) => format!("expectation {}", id.0),
    }
}

/// The error that the client of an unexpected statement gets. Neither drivers nor pools take its number or state
/// for a reason to try again, or to close.
pub(crate) fn unexpected(explanation: &impl ToString) -> Failure {
    Failure::general(ER_UNKNOWN_ERROR, explanation.to_string())
}

/// The statements that the last entries of an array were played to.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastPlayed {
    /// The entry of number `n` since the start is at `n % 3`.
    played: [Played; 3],
    /// How many entries were played.
    count: usize,
}

#[derive(Clone, Debug)]
struct Played {
    entry: u64,
    text: [u8; SHOWN],
    len: usize,
}

impl Default for Played {
    fn default() -> Self {
        Self {
            entry: 0,
            text: [0; SHOWN],
            len: 0,
        }
    }
}

impl LastPlayed {
    /// An entry was played to a statement.
    pub(crate) fn add(&mut self, entry: u64, statement: &[u8]) {
        let place = self.count % self.played.len();
        self.count = self.count.wrapping_add(1);
        let statement = without_comment(statement);
        let statement = statement.get(..SHOWN).unwrap_or(statement);
        if let Some(played) = self.played.get_mut(place) {
            played.entry = entry;
            played.len = statement.len();
            for (to, from) in played.text.iter_mut().zip(statement) {
                *to = *from;
            }
        }
    }

    /// The oldest first.
    fn in_order(&self) -> impl Iterator<Item = &Played> {
        let (newer, older) = self.played.split_at(self.count % self.played.len());
        older.iter().chain(newer).filter(|played| played.entry > 0)
    }

    /// The reason in words, and advice.
    fn of(&self, entries: u64) -> String {
        let mut said = String::new();
        let mut has_drivers = false;
        for Played { entry, text, len } in self.in_order() {
            let text = text.get(..*len).unwrap_or_default();
            let is_drivers = is_drivers_own(text);
            has_drivers |= is_drivers;
            let kind = if is_drivers {
                ", a driver's own statement"
            } else {
                ""
            };
            let text = beginning(&String::from_utf8_lossy(text), SHOWN);
            let _written = write!(
                said,
                "entry {entry} of {entries} was played to: {text}{kind}; "
            );
        }
        if has_drivers {
            said.push_str("use a function, a strict array or expectations; ");
        }
        said
    }
}

/// A statement without the comment that it begins with.
fn without_comment(statement: &[u8]) -> &[u8] {
    let statement = statement.trim_ascii_start();
    if !statement.starts_with(b"/*") || statement.starts_with(b"/*!") {
        return statement;
    }
    let end = statement.windows(2).position(|two| two == b"*/");
    end.and_then(|end| statement.get(end + 2..))
        .map_or(statement, <[u8]>::trim_ascii_start)
}

/// Whether a statement looks like those that drivers send on connect.
fn is_drivers_own(text: &[u8]) -> bool {
    let begins = |start: &&[u8]| {
        text.get(..start.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(start))
    };
    DRIVERS_OWN.iter().any(begins)
}

const DRIVERS_OWN: &[&[u8]] = &[b"set ", b"show ", b"select @@"];

/// How many bytes of a statement are kept.
const SHOWN: usize = 80;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::outline::{ENTRIES, json};

    fn places() -> Places {
        let text = "{\"stmts\": [\n{},\n{}]}";
        Places::new(Path::new("shop.json"), json(text, ENTRIES))
    }

    #[test]
    fn the_end_of_an_array_names_the_last_statements() {
        let mut last = LastPlayed::default();
        for (entry, text) in [
            (1, "select 0"),
            (2, "/* driver 1 */ SET NAMES utf8mb4"),
            (3, "select 1"),
            (4, "select\n2"),
        ] {
            last.add(entry, text.as_bytes());
        }
        let last = Box::new(last);
        let end = Unanswered::End { entries: 4, last };
        assert_eq!(
            end.explain(&places(), b"select 3"),
            "all 4 entries of stmts are used up: select 3; entry 2 of 4 was played to: SET NAMES utf8mb4, a \
             driver's own statement; entry 3 of 4 was played to: select 1; entry 4 of 4 was played to: select 2; use \
             a function, a strict array or expectations; stmts, shop.json line 1"
        );
        let long = "é".repeat(100_000);
        assert!(end.explain(&places(), long.as_bytes()).len() <= Explanation::LONGEST);
    }

    #[test]
    fn an_entry_that_is_due_is_named_with_its_line_and_pattern() {
        let not_due = |difference: &str, pattern: &str| Unanswered::NotDue {
            entry: 2,
            difference: difference.to_owned(),
            pattern: Some(pattern.to_owned()),
        };
        assert_eq!(
            not_due("expected 1 parameters, got 2", "stmt 'a'").explain(&places(), b"b"),
            "expected 1 parameters, got 2; entry 2 of stmts, shop.json line 3: stmt 'a'"
        );
    }

    #[test]
    fn a_function_that_returns_nothing_is_named_with_its_line() {
        assert_eq!(
            Unanswered::Function.explain(&places(), b"select 1"),
            "the function returned no answer: select 1; stmts, shop.json line 1"
        );
    }
}
