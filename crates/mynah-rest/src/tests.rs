//! The routes of tests with ids.

use std::collections::BTreeSet;

use hyper::StatusCode;
use mynah_expect::{Test, Tests};
use mynah_script::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Served;
use crate::body;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};

/// How a test is opened.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    /// Whether statements without an id belong to it, too.
    default: bool,
}

/// Lists the ids of all tests that are open.
pub(crate) fn list(tests: &Tests<Answer>) -> Result<Reply, Refusal> {
    reply::value(&json!({"tests": tests.open_ids(), "default": tests.default_id()}))
}

/// Opens a test.
pub(crate) fn post(tests: &Tests<Answer>, id: &str, body: &[u8]) -> Result<Reply, Refusal> {
    if id.is_empty() || id.len() > LONGEST {
        let why = format!("the id of a test has 1 to {LONGEST} bytes");
        return Err(Refusal::bad_request(why));
    }
    let wanted = match body {
        [] => Wanted::default(),
        body => body::read_json(body)?,
    };
    match wanted.default {
        true => tests.open_default(id)?,
        false => tests.open(id)?,
    };
    reply::with_status(StatusCode::CREATED, &json!({"test": id}))
}

/// Reports on a test as it is.
pub(crate) fn get(tests: &Tests<Answer>, id: &str) -> Result<Reply, Refusal> {
    reply::value(&tests.report(id)?)
}

/// Ends a test, and reports on it. What its statements still wait for is sent: their clients may be shared with
/// other tests.
pub(crate) fn delete(served: &Served, id: &str) -> Result<Reply, Refusal> {
    let test = served.tests.get(id)?;
    let report = served.tests.end(id)?;
    end_delays(served, &test);
    reply::value(&report)
}

/// Sends the delayed answers to a test's statements.
pub(crate) fn end_delays(served: &Served, test: &Test<Answer>) {
    for id in pending(test) {
        served.connections.end_delay(id);
    }
}

/// Sends all delayed answers but those to statements of open tests with ids.
pub(crate) fn end_shared_delays(served: &Served) {
    let tests = served.tests.open_ids();
    let tests = tests.iter().filter_map(|id| served.tests.get(id).ok());
    let others: BTreeSet<u32> = tests.flat_map(|test| pending(&test)).collect();
    for connection in served.connections.list() {
        if !others.contains(&connection.id) {
            served.connections.end_delay(connection.id);
        }
    }
}

/// The ids of the connections with statements in the test's journal that have no answer yet.
fn pending(test: &Test<Answer>) -> Vec<u32> {
    let pending = test.statements(|statement| statement.outcome.is_none());
    let ids = pending.iter();
    ids.map(|statement| statement.call.connection.id).collect()
}

/// Statements without an id are of this part of the recording from now on.
pub(crate) fn begin_part(tests: &Tests<Answer>, name: &str) -> Result<Reply, Refusal> {
    tests.begin_part(name)?;
    reply::value(&Began {
        part: name,
        recorded_at: tests.recorded_at(name).map(|at| at.to_string()),
    })
}

/// A part of a recording that begins, and when it was recorded, so that a test can set its clock to this time.
#[derive(Serialize)]
struct Began<'a> {
    part: &'a str,
    recorded_at: Option<String>,
}

const LONGEST: usize = 256;
