//! The routes of tests with ids.

use hyper::StatusCode;
use mynah_expect::Tests;
use mynah_script::Answer;
use serde_json::json;

use crate::refusal::Refusal;
use crate::reply::{self, Reply};

/// Lists the ids of all tests that are open.
pub(crate) fn list(tests: &Tests<Answer>) -> Result<Reply, Refusal> {
    reply::value(&json!({"tests": tests.open_ids()}))
}

/// Opens a test.
pub(crate) fn post(tests: &Tests<Answer>, id: &str) -> Result<Reply, Refusal> {
    if id.is_empty() || id.len() > LONGEST {
        let why = format!("the id of a test has 1 to {LONGEST} bytes");
        return Err(Refusal::bad_request(why));
    }
    tests.open(id)?;
    reply::with_status(StatusCode::CREATED, &json!({"test": id}))
}

/// Reports on a test as it is.
pub(crate) fn get(tests: &Tests<Answer>, id: &str) -> Result<Reply, Refusal> {
    reply::value(&tests.get(id)?.report())
}

/// Ends a test, and reports on it.
pub(crate) fn delete(tests: &Tests<Answer>, id: &str) -> Result<Reply, Refusal> {
    reply::value(&tests.end(id)?)
}

const LONGEST: usize = 256;
