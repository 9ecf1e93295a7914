use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::choose::{ExpectationId, Stored};
use crate::model::{Place, Times};
use crate::report::Line;

/// An expectation and its current count.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The id of the expectation.
    pub id: ExpectationId,
    /// How often the expectation has matched since the counts were last reset.
    pub calls: u64,
    /// Whether the expectation has matched as often as it must, and not too often.
    pub is_met: bool,
    /// Whether the expectation has matched as often as it may. From then on it is skipped, unless it forbids the
    /// statement.
    pub is_used_up: bool,
    /// Where the expectation was written: `expectations[0], shop.js line 3`.
    pub place: String,
    /// The expectation as JSON; `None` if its answer can't be serialized.
    pub expectation: Option<Json>,
}

/// An expectation that has never matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeverMet {
    /// Where the expectation was written.
    #[serde(serialize_with = "shown")]
    pub place: Place,
    /// The expectation's condition in words: `stmt "select 1"`.
    pub expected: String,
}

fn shown<S: Serializer>(place: &Place, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(place)
}

pub(super) fn is_met<A>(stored: &Stored<A>) -> bool {
    let times = stored.expectation.times;
    stored.calls >= times.min && times.max.is_none_or(|max| stored.calls <= max)
}

pub(super) fn line<A>(stored: &Stored<A>) -> Line {
    Line {
        id: stored.id,
        name: stored.expectation.name.clone(),
        place: stored.expectation.place.to_string(),
        expected: stored.expectation.to_string(),
        times: stored.expectation.times.to_string(),
        calls: stored.calls,
        is_stub: stored.expectation.times == Times::ANY,
        came: None,
    }
}

pub(super) fn status<A: Serialize>(stored: &Stored<A>) -> Status {
    Status {
        id: stored.id,
        calls: stored.calls,
        is_met: is_met(stored),
        is_used_up: stored.expectation.times.is_used_up(stored.calls),
        place: stored.expectation.place.to_string(),
        expectation: stored.expectation.to_json().ok(),
    }
}
