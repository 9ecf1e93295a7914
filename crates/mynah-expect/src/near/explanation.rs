use std::fmt;

use serde::Serialize;

use super::shorten;
use crate::call::Call;
use crate::choose::{ExpectationId, Stored};

/// Why a statement is unexpected. Its text is for the client, and no longer than clients show: the difference
/// first, then the statement around it, then the expectation that is the closest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// What is different: `"nmae" should be "name"`.
    pub difference: String,
    /// The statement, whole.
    pub statement: String,
    /// Where in the statement the difference is, in bytes.
    pub place: usize,
    /// The expectation that is the closest, if one is close.
    pub closest: Option<Closest>,
    /// Expectations that the statement met before they were used up.
    pub used_up: Vec<Closest>,
}

/// An expectation that a statement nearly met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Closest {
    /// Its number.
    pub id: ExpectationId,
    /// Its name and place.
    pub label: String,
    /// What it expects: `stmt "select name from t"`.
    pub expected: String,
    /// How often it was met.
    pub calls: u64,
    /// How often it may be met.
    pub times: String,
}

impl Explanation {
    /// How many bytes of a message clients in C show, with the NUL at its end.
    pub const LONGEST: usize = 511;

    pub(crate) fn forbidden<A>(call: &Call, stored: &Stored<A>) -> Self {
        Self {
            difference: "this statement is forbidden (times: 0)".to_owned(),
            statement: call.statement.text().to_owned(),
            place: 0,
            closest: Some(Closest::of(stored)),
            used_up: Vec::new(),
        }
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
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let difference = shorten::beginning(&self.difference, 200);
        let closest = self
            .closest
            .as_ref()
            .map(|closest| format!("; closest: {}", shorten::beginning(&closest.label, 120)));
        let closest = closest.unwrap_or_default();
        // The difference matters most, so the statement gets the room that is left.
        let room = Self::LONGEST.saturating_sub(difference.len() + 2 + closest.len());
        let statement = shorten::around(&self.statement, self.place, room);
        write!(f, "{difference}: {statement}{closest}")
    }
}
