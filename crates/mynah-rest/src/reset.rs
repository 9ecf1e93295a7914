//! The route that resets a test, shared values, or both.

use mynah_expect::{Reset, Test};
use mynah_script::Answer;
use serde::{Deserialize, Deserializer};

use crate::Served;
use crate::body;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::tests;

/// What the body says of each part. If it says nothing, all parts are set back; of a test with an id, all that it has
/// of its own.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    #[serde(deserialize_with = "said")]
    journal: Option<bool>,
    #[serde(deserialize_with = "said")]
    scenarios: Option<Scenarios>,
    #[serde(deserialize_with = "said")]
    counters: Option<bool>,
    #[serde(deserialize_with = "said")]
    globals: Option<bool>,
    #[serde(deserialize_with = "said")]
    positions: Option<bool>,
    #[serde(deserialize_with = "said")]
    delays: Option<bool>,
}

/// A value that is there; null is none.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// All scenarios, or those of these names.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Scenarios {
    All(bool),
    Named(Vec<String>),
}

pub(crate) fn post(served: &Served, test: &Test<Answer>, body: &[u8]) -> Result<Reply, Refusal> {
    let mut wanted = match body {
        [] => Wanted::default(),
        body => body::read_json(body)?,
    };
    if wanted == Wanted::default() {
        // Sessions don't belong to a test.
        let is_shared = test.id().is_none();
        wanted = Wanted {
            journal: Some(true),
            scenarios: Some(Scenarios::All(true)),
            counters: Some(true),
            globals: Some(true),
            positions: Some(is_shared),
            delays: Some(true),
        };
    }
    // First, so that what waits ends in the journal that was.
    if wanted.delays == Some(true) {
        match test.id() {
            Some(_) => tests::end_delays(served, test),
            None => tests::end_shared_delays(served),
        }
    }
    if wanted.positions == Some(true) {
        // Sessions don't belong to a test, so a test that asks for it sets all of them back.
        match test.id() {
            Some(_) => served.positions.reset(),
            None => served.positions.reset_without_test_id(),
        }
    }
    if wanted.globals == Some(true) {
        served.globals.of_test(test).reset();
    }
    if let Some(Scenarios::Named(names)) = &wanted.scenarios {
        test.change_scenarios(|scenarios| {
            for name in names {
                scenarios.reset(Some(name));
            }
        });
    }
    test.reset(Reset {
        journal: wanted.journal == Some(true),
        scenarios: wanted.scenarios == Some(Scenarios::All(true)),
        counts: wanted.counters == Some(true),
    });
    Ok(reply::done())
}
