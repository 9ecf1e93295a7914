//! The routes of a single shared value.

use hyper::StatusCode;
use mynah_script::{ChangeError, Globals};
use serde::Deserialize;
use serde_json::{Number, Value, json};

use crate::body;
use crate::globals::{full, not_json, text};
use crate::json;
use crate::refusal::Refusal;
use crate::reply::{self, Reply, done};

/// Returns its value.
pub(crate) fn get(globals: &Globals, key: &str) -> Result<Reply, Refusal> {
    let value = globals.get(key).ok_or_else(|| absent(key))?;
    json::value(&value).map_err(|_| not_json(key))?;
    Ok(reply::json(value.to_string()))
}

/// Sets its value.
pub(crate) fn put(globals: &Globals, key: &str, body: &[u8]) -> Result<Reply, Refusal> {
    let value = json::value(text(body)?).map_err(Refusal::unprocessable)?;
    globals.set(key, value.get()).map_err(full)?;
    Ok(done())
}

/// Removes it.
pub(crate) fn delete(globals: &Globals, key: &str) -> Result<Reply, Refusal> {
    match globals.remove(key) {
        true => Ok(done()),
        false => Err(absent(key)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct By {
    by: Number,
}

/// Adds a number to it, 1 without a body; one that isn't there is 0. Returns the sum.
pub(crate) fn increment(globals: &Globals, key: &str, body: &[u8]) -> Result<Reply, Refusal> {
    let by = match body {
        [] => Number::from(1),
        body => body::read_json::<By>(body)?.by,
    };
    let sum = globals.increment(key, &by).map_err(failed)?;
    reply::value(&json!({"value": sum}))
}

/// Adds an element to its end; one that isn't there is empty. Returns how many there are.
pub(crate) fn push(globals: &Globals, key: &str, body: &[u8]) -> Result<Reply, Refusal> {
    let element: Value = body::json(body)?;
    let length = globals.push(key, element).map_err(failed)?;
    reply::value(&json!({"length": length}))
}

fn failed(error: ChangeError) -> Refusal {
    let status = match error {
        ChangeError::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::CONFLICT,
    };
    Refusal::new(status, error)
}

fn absent(key: &str) -> Refusal {
    Refusal::absent(format!("nothing is stored under '{}'", key.escape_debug()))
}
