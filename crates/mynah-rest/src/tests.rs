//! The routes of tests with ids.

use hyper::StatusCode;
use mynah_expect::{Report, Tests};
use mynah_script::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;

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
    reply::value(&WithText::new(tests.get(id)?.report()))
}

/// Ends a test, and reports on it.
pub(crate) fn delete(tests: &Tests<Answer>, id: &str) -> Result<Reply, Refusal> {
    reply::value(&WithText::new(tests.end(id)?))
}

/// A report, and the same as a text for people.
#[derive(Debug, Serialize)]
struct WithText {
    #[serde(flatten)]
    report: Report,
    text: String,
}

impl WithText {
    fn new(report: Report) -> Self {
        let text = report.to_string();
        Self { report, text }
    }
}

const LONGEST: usize = 256;
