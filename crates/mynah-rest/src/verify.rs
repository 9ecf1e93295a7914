//! The route that checks how often statements came.

use mynah_expect::{Report, Test, Times};
use mynah_filter::Filter;
use mynah_script::{Answer, read_expectations};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::body;
use crate::field::Field;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::statements::matching;

#[derive(Serialize)]
struct Verdict {
    is_good: bool,
    checks: Vec<Check>,
    report: Report,
}

#[derive(Serialize)]
struct Check {
    /// As it was asked for.
    expected: Value,
    count: usize,
    is_met: bool,
}

/// Counts the statements of each check, and adds the report of the test. Without checks, it is the report alone
/// that counts.
pub(crate) fn post(test: &Test<Answer>, body: &[u8]) -> Result<Reply, Refusal> {
    let checks = match body {
        [] => Vec::new(),
        body => match body::json(body)? {
            Value::Object(members) if is_checks(&members) => match members.get("checks") {
                Some(Value::Array(checks)) => checks.clone(),
                _ => return Err(Refusal::unprocessable(NEEDED)),
            },
            _ => return Err(Refusal::unprocessable(NEEDED)),
        },
    };
    let report = test.report();
    let check = |(index, check): (usize, &Value)| one(test, index, check);
    let checks = checks.iter().enumerate().map(check);
    let checks: Vec<Check> = checks.collect::<Result<_, Refusal>>()?;
    let are_met = checks.iter().all(|check| check.is_met);
    reply::value(&Verdict {
        is_good: match checks.is_empty() {
            true => report.is_good(),
            false => are_met,
        },
        checks,
        report,
    })
}

fn is_checks(members: &Map<String, Value>) -> bool {
    members.keys().all(|key| key == "checks")
}

/// A check is an expectation with `times`, or a filter with `times`.
fn one(test: &Test<Answer>, index: usize, check: &Value) -> Result<Check, Refusal> {
    let wrong = |why: &str| Refusal::unprocessable(format!("checks[{index}]: {why}"));
    let Some(members) = check.as_object() else {
        return Err(wrong("needs an object"));
    };
    if !members.contains_key("times") {
        return Err(wrong(
            "needs \"times\": how often the statement has to have come",
        ));
    }
    // The times of a filter are read as those of an expectation are.
    let mut expectation = members.clone();
    let filter = expectation.shift_remove("filter");
    let read = read_expectations(&json!([expectation])).map_err(|why| {
        let why = why.replace("expectations[0]", &format!("checks[{index}]"));
        Refusal::unprocessable(why)
    })?;
    let Some(expectation) = read.list.first() else {
        return Err(wrong("needs an object"));
    };
    let count = match filter {
        None => test.count_meeting(expectation),
        Some(_) if members.len() > 2 => {
            return Err(wrong(
                "beside \"filter\" and \"times\" there can be no other key",
            ));
        }
        Some(Value::String(filter)) => {
            let filter: Filter<Field> = filter
                .parse()
                .map_err(|error| wrong(&format!("filter, {error}")))?;
            matching(test, Some(&filter), 0).len()
        }
        Some(_) => return Err(wrong("\"filter\" needs a text")),
    };
    Ok(Check {
        expected: check.clone(),
        count,
        is_met: is_met(expectation.times, count),
    })
}

fn is_met(times: Times, count: usize) -> bool {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    count >= times.min && times.max.is_none_or(|max| count <= max)
}

const NEEDED: &str = "needs an object {\"checks\": [{\"stmt\": \"…\", \"times\": 1}, \
                      {\"filter\": \"…\", \"times\": {\"min\": 1}}]}, or no body";
