//! The routes of the journal.

use hyper::StatusCode;
use mynah_expect::{JournalEntry, Reset, Test};
use mynah_filter::Filter;
use mynah_script::Answer;
use serde::Serialize;
use serde_json::json;

use crate::field::{Field, Seen};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};

#[derive(Serialize)]
struct Page<'a> {
    statements: &'a [JournalEntry],
    /// Where the next page begins: `after=…`; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
    /// How many statements have left the journal to make room.
    overflowed: u64,
}

/// The parameters of [`get`].
pub(crate) const GET: &[&str] = &["filter", "test", "after", "limit"];
/// The parameters of [`count`].
pub(crate) const COUNT: &[&str] = &["filter", "test"];

/// Lists statements, the first one first.
pub(crate) fn get(test: &Test<Answer>, query: &Query<'_>) -> Result<Reply, Refusal> {
    let filter = query.filter()?;
    let after = query.number("after")?.unwrap_or(0);
    let limit = query.number("limit")?.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        let why = format!("'limit' has to be from 1 to {MOST}");
        return Err(Refusal::bad_request(why));
    }
    let mut found = matching(test, filter.as_ref(), after);
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|entry| entry.number.0);
    reply::value(&Page {
        statements: &found,
        next: last.filter(|_| more),
        overflowed: test.overflowed(),
    })
}

/// Forgets all statements, and those that were unexpected among them.
pub(crate) fn delete(test: &Test<Answer>) -> Reply {
    test.reset(Reset {
        journal: true,
        ..Reset::default()
    });
    reply::empty(StatusCode::NO_CONTENT)
}

/// Counts statements.
pub(crate) fn count(test: &Test<Answer>, query: &Query<'_>) -> Result<Reply, Refusal> {
    let count = matching(test, query.filter()?.as_ref(), 0).len();
    reply::value(&json!({"count": count, "overflowed": test.overflowed()}))
}

/// The statements behind a number that a filter holds for.
pub(crate) fn matching(
    test: &Test<Answer>,
    filter: Option<&Filter<Field>>,
    after: u64,
) -> Vec<JournalEntry> {
    // Filtered outside of the lock that statements need.
    let mut found = test.statements(|entry| entry.number.0 > after);
    if let Some(filter) = filter {
        found.retain(|entry| filter.holds(&Seen(entry)));
    }
    found
}

/// How many statements a page has unless it is said.
const PAGE: usize = 1_000;
/// How many it may have.
const MOST: usize = 10_000;
