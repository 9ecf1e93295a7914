//! A single global.

use hyper::StatusCode;
use mynah_script::Globals;

use crate::globals::{full, text, unprocessable};
use crate::json;
use crate::reply::{self, Refusal, Reply, empty, reason};

/// Returns its value.
pub(crate) fn get(globals: &Globals, key: &str) -> Result<Reply, Refusal> {
    let value = globals.get(key).ok_or_else(|| absent(key))?;
    json::value(&value).map_err(|_| reply::not_json(key))?;
    Ok(reply::json(value.to_string()))
}

/// Sets its value.
pub(crate) fn put(globals: &Globals, key: &str, body: &[u8]) -> Result<Reply, Refusal> {
    let value = json::value(text(body)?).map_err(|error| unprocessable(&error.to_string()))?;
    globals.set(key, value.get()).map_err(full)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Removes it.
pub(crate) fn delete(globals: &Globals, key: &str) -> Result<Reply, Refusal> {
    if globals.remove(key) {
        return Ok(empty(StatusCode::NO_CONTENT));
    }
    Err(absent(key).into())
}

fn absent(key: &str) -> Reply {
    let text = format!("nothing is stored under '{}'", key.escape_debug());
    reason(StatusCode::NOT_FOUND, text)
}
