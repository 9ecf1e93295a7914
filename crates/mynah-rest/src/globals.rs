//! The route of all shared values.

use std::sync::Arc;
use std::time::SystemTime;

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue, IF_MODIFIED_SINCE, LAST_MODIFIED};
use mynah_script::{Globals, GlobalsFull};

use crate::merge_patch::{MAX_DEPTH, MergePatch, Unusable};
use crate::refusal::Refusal;
use crate::reply::{self, Reply, empty};
use crate::{json, modified};

/// Returns all keys and values, in the order the keys were first stored.
pub(crate) fn get(globals: &Globals, headers: &HeaderMap) -> Result<Reply, Refusal> {
    // Taken first: with a change in between, the values are newer than the date, never older.
    let last = modified::last_modified(globals.changed(), SystemTime::now());
    let since = headers.get(IF_MODIFIED_SINCE);
    let since = since.and_then(|since| since.to_str().ok());
    if let (Some(last), Some(since)) = (last, since)
        && modified::seen(last, since)
    {
        return Ok(dated(empty(StatusCode::NOT_MODIFIED), Some(last)));
    }
    let entries = globals.entries();
    for (key, value) in &entries {
        json::value(value).map_err(|_| not_json(key))?;
    }
    Ok(dated(reply::json(json::object(entries)), last))
}

/// Replaces all globals by those in the body.
pub(crate) fn put(globals: &Globals, body: &[u8]) -> Result<Reply, Refusal> {
    let value = json::value(text(body)?).map_err(Refusal::unprocessable)?;
    // As with the original mock, without a reason.
    let members =
        json::members(value).ok_or_else(|| Refusal::bare(StatusCode::UNPROCESSABLE_ENTITY))?;
    let members = members.map_err(Refusal::unprocessable)?;
    let members = members.into_iter();
    globals
        .replace(members.map(|(key, value)| (key, Arc::from(value.get()))))
        .map_err(full)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Changes some of the globals in one step.
pub(crate) fn patch(globals: &Globals, body: &[u8]) -> Result<Reply, Refusal> {
    let patch = MergePatch::read(text(body)?).map_err(|unusable| match unusable {
        Unusable::NotJson(error) => Refusal::unprocessable(error),
        Unusable::NotAnObject => Refusal::unprocessable("a patch to all globals is an object"),
        Unusable::TooDeep => Refusal::unprocessable(format!(
            "the objects of a patch may be nested {MAX_DEPTH} deep"
        )),
    })?;
    globals.update(|values| patch.apply(values)).map_err(full)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// The body as text.
pub(crate) fn text(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body).map_err(Refusal::unprocessable)
}

/// There is no memory for a value.
pub(crate) fn full(full: GlobalsFull) -> Refusal {
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, full)
}

/// The stored text of a global isn't JSON, so it can't be returned.
pub(crate) fn not_json(key: &str) -> Refusal {
    let text = format!("what is stored under '{}' is no JSON", key.escape_debug());
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, text)
}

/// Adds the date of the last change, if that is known to the second.
fn dated(mut reply: Reply, last: Option<SystemTime>) -> Reply {
    let date = last.map(httpdate::fmt_http_date);
    if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
        reply.headers_mut().insert(LAST_MODIFIED, date);
    }
    reply
}
