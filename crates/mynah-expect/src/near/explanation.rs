use std::fmt;

use serde::Serialize;

use super::shorten;
use crate::call::Call;
use crate::choose::{ExpectationId, Stored};
use crate::redact::{LONGEST, noted, shown};

/// Why a statement was unexpected: it matched no expectation, or one that forbids it. `Display` writes it for the
/// client, at most as long as clients show: the difference, then the statement around it, then the closest
/// expectation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The difference in words: `"nmae" should be "name"`.
    pub difference: String,
    /// The statement without passwords; of a long one the beginning, with a note of its length.
    pub statement: String,
    /// The position of the difference in `statement`, in bytes from 0; 0 if the difference isn't in the text.
    pub place: usize,
    /// The expectation that forbids the statement, or fits it but can't answer it now, or else is most similar to it;
    /// `None` if none is similar.
    pub closest: Option<Closest>,
    /// The expectations that fit the statement but have matched as often as they may.
    pub used_up: Vec<Closest>,
}

/// An expectation that explains why a statement was unexpected: it forbids the statement, or fits it but has matched
/// as often as it may or isn't due, or is similar to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Closest {
    /// The id of the expectation.
    pub id: ExpectationId,
    /// The name and the place of the expectation.
    pub label: String,
    /// The condition of the expectation, in words: `stmt "select name from t"`.
    pub expected: String,
    /// How often the expectation has matched.
    pub calls: u64,
    /// How often the expectation may match, in words: `1 to 3 times`.
    pub times: String,
    /// Whether the label is enough to find the expectation: it has a name, or is in a file.
    #[serde(skip)]
    pub is_found_by_label: bool,
}

impl Explanation {
    /// The length of the longest message that clients written in C show, in bytes, without the NUL at its end.
    pub const LONGEST: usize = 511;

    /// An explanation for a statement that is unexpected for another reason than a difference from an
    /// expectation. `difference` is the reason in words.
    #[must_use]
    pub fn because(call: &Call, difference: String) -> Self {
        Self {
            difference: shorten::beginning(&difference, LONGEST_DIFFERENCE),
            statement: statement(&shown(call).call),
            place: 0,
            closest: None,
            used_up: Vec::new(),
        }
    }

    pub(crate) fn forbidden<A>(call: &Call, stored: &Stored<A>) -> Self {
        let difference = "this statement is forbidden (times: 0)".to_owned();
        Self {
            closest: Some(Closest::of(stored)),
            ..Self::because(call, difference)
        }
    }
}

/// How many bytes of a difference are kept, which may quote a whole statement.
const LONGEST_DIFFERENCE: usize = 1 << 10;

/// The text of a statement, as long as is kept.
pub(super) fn statement(call: &Call) -> String {
    let text = call.statement.text();
    match text.len() > LONGEST {
        true => {
            let end = shorten::floor(text, LONGEST);
            noted(text.get(..end).unwrap_or_default(), text.len())
        }
        false => text.to_owned(),
    }
}

impl Explanation {
    /// Whether it has the same difference to the same expectation.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let id = |closest: &Option<Closest>| closest.as_ref().map(|closest| closest.id);
        let has_same_closest = match (id(&self.closest), id(&other.closest)) {
            (Some(one), Some(other)) => one == other,
            // Without one, the difference says little.
            _ => self.statement == other.statement,
        };
        has_same_closest && self.difference == other.difference
    }
}

impl Closest {
    pub(super) fn of<A>(stored: &Stored<A>) -> Self {
        Self {
            id: stored.id,
            label: stored.label.to_string(),
            expected: stored.expectation.to_string(),
            calls: stored.calls,
            times: stored.expectation.times.to_string(),
            is_found_by_label: stored.expectation.name.is_some()
                || stored.expectation.place.file.is_some(),
        }
    }
}

impl fmt::Display for Closest {
    /// `expectations[3], shop.js line 12`; with what it expects, if it came over HTTP without a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shorten::beginning(&self.label, 120))?;
        match self.is_found_by_label {
            true => Ok(()),
            false => write!(f, ", {}", shorten::beginning(&self.expected, 120)),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let difference = shorten::beginning(&self.difference, 200);
        let closest = self.closest.as_ref();
        let closest = closest.map_or_else(String::new, |closest| format!("; closest: {closest}"));
        // The difference matters most, so the statement gets the room that is left.
        let room = Self::LONGEST.saturating_sub(difference.len() + 2 + closest.len());
        let statement = shorten::around(&self.statement, self.place, room);
        write!(f, "{difference}: {statement}{closest}")
    }
}
