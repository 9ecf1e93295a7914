//! The routes of unexpected statements and their closest expectations.

use mynah_expect::{Call, Test, Unexpected};
use mynah_script::Answer;
use serde::{Deserialize, Serialize};

use crate::body;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};

#[derive(Serialize)]
struct List {
    unexpected: Vec<Unexpected>,
    /// How many there were in all.
    count: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    statement: String,
}

/// Lists the first unexpected statements, each with the expectation that it nearly met.
pub(crate) fn get(test: &Test<Answer>) -> Result<Reply, Refusal> {
    let (unexpected, count) = test.unexpected_statements();
    reply::value(&List { unexpected, count })
}

/// Explains a statement that hasn't come: why none of the expectations is met, and which one nearly is.
pub(crate) fn near_misses(test: &Test<Answer>, body: &[u8]) -> Result<Reply, Refusal> {
    let asked: Asked = body::read_json(body)?;
    reply::value(&test.explain(&Call::query(&asked.statement)))
}
