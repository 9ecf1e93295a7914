//! The route that resets a test, shared values, or both.

use mynah_expect::{Reset, Test};
use mynah_script::Answer;
use serde::Deserialize;

use crate::Served;
use crate::body;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::tests;

/// What is set back. Without any of them, all are; of a test with an id, all that it has of its own.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    journal: bool,
    scenarios: Scenarios,
    counters: bool,
    globals: bool,
    positions: bool,
    delays: bool,
}

/// All scenarios, or those of these names.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Scenarios {
    All(bool),
    Named(Vec<String>),
}

impl Default for Scenarios {
    fn default() -> Self {
        Self::All(false)
    }
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
            journal: true,
            scenarios: Scenarios::All(true),
            counters: true,
            globals: true,
            positions: is_shared,
            delays: true,
        };
    }
    // First, so that what waits ends in the journal that was.
    if wanted.delays {
        match test.id() {
            Some(_) => tests::end_delays(served, test),
            None => served.connections.end_delays(),
        }
    }
    if wanted.positions {
        served.positions.reset();
    }
    if wanted.globals {
        served.globals.of_test(test).reset();
    }
    if let Scenarios::Named(names) = &wanted.scenarios {
        test.change_scenarios(|scenarios| {
            for name in names {
                scenarios.reset(Some(name));
            }
        });
    }
    test.reset(Reset {
        journal: wanted.journal,
        scenarios: wanted.scenarios == Scenarios::All(true),
        counts: wanted.counters,
    });
    Ok(reply::done())
}
