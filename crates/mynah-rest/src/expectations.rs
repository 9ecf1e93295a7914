//! The routes of expectations.

use hyper::StatusCode;
use mynah_expect::{ExpectationId, Test};
use mynah_script::{Answer, read_expectations};
use serde_json::json;

use crate::body;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};

/// Lists all, those that are asked first in front.
pub(crate) fn get(test: &Test<Answer>) -> Result<Reply, Refusal> {
    let scenarios = test.scenarios();
    let expectations = test.expectations();
    reply::value(&json!({"expectations": expectations, "scenarios": scenarios}))
}

/// Adds some, which are asked before all that are there.
pub(crate) fn post(test: &Test<Answer>, body: &[u8]) -> Result<Reply, Refusal> {
    let list = body::json(body)?;
    // One alone is a list of one.
    let is_one = list
        .as_object()
        .is_some_and(|members| !members.contains_key("expectations"));
    let list = if is_one { json!([list]) } else { list };
    let list = read_expectations(&list).map_err(Refusal::unprocessable)?;
    let ids = test
        .add(list)
        .map_err(|error| Refusal::new(StatusCode::INSUFFICIENT_STORAGE, error))?;
    reply::with_status(StatusCode::CREATED, &json!({"ids": ids}))
}

/// Takes all away.
pub(crate) fn delete_all(test: &Test<Answer>) -> Reply {
    test.clear();
    reply::done()
}

/// Shows one.
pub(crate) fn get_one(test: &Test<Answer>, id: &str) -> Result<Reply, Refusal> {
    let found = read(id).and_then(|id| test.expectation(id));
    reply::value(&found.ok_or_else(|| absent(id))?)
}

/// Takes one away, and reports on it.
pub(crate) fn delete(test: &Test<Answer>, id: &str) -> Result<Reply, Refusal> {
    let removed = read(id).and_then(|id| test.remove(id));
    reply::value(&removed.ok_or_else(|| absent(id))?)
}

fn read(id: &str) -> Option<ExpectationId> {
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    id.parse().ok().filter(|_| digits).map(ExpectationId)
}

fn absent(id: &str) -> Refusal {
    Refusal::absent(format!("there is no expectation '{}'", id.escape_debug()))
}
