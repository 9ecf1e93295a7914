//! All globals.

use std::sync::Arc;
use std::time::SystemTime;

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue, IF_MODIFIED_SINCE, LAST_MODIFIED};
use mynah_script::{Globals, GlobalsFull};

use crate::merge_patch::{MAX_DEPTH, MergePatch, Unusable};
use crate::reply::{self, Refusal, Reply, empty, reason};
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
        json::value(value).map_err(|_| reply::not_json(key))?;
    }
    Ok(dated(reply::json(json::object(entries)), last))
}

/// Replaces all globals by those in the body.
pub(crate) fn put(globals: &Globals, body: &[u8]) -> Result<Reply, Refusal> {
    let value = json::value(text(body)?).map_err(|error| unprocessable(&error.to_string()))?;
    // As with the original mock, without a reason.
    let members = json::members(value).ok_or_else(|| empty(StatusCode::UNPROCESSABLE_ENTITY))?;
    let members = members.map_err(|error| unprocessable(&error.to_string()))?;
    let members = members.into_iter();
    globals
        .replace(members.map(|(key, value)| (key, Arc::from(value.get()))))
        .map_err(full)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Changes some of the globals in one step.
pub(crate) fn patch(globals: &Globals, body: &[u8]) -> Result<Reply, Refusal> {
    let patch = MergePatch::read(text(body)?).map_err(|unusable| match unusable {
        Unusable::NotJson(error) => unprocessable(&error.to_string()),
        Unusable::NotAnObject => unprocessable("a patch to all globals is an object"),
        Unusable::TooDeep => unprocessable(&format!(
            "the objects of a patch may be nested {MAX_DEPTH} deep"
        )),
    })?;
    globals.update(|values| patch.apply(values)).map_err(full)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// The body as text.
pub(crate) fn text(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body).map_err(|error| unprocessable(&error.to_string()).into())
}

/// The answer if there is no memory for a value.
pub(crate) fn full(full: GlobalsFull) -> Reply {
    reason(StatusCode::INSUFFICIENT_STORAGE, full.to_string())
}

/// The answer to an invalid body.
pub(crate) fn unprocessable(what: &str) -> Reply {
    reason(StatusCode::UNPROCESSABLE_ENTITY, what)
}

/// Adds the date of the last change, if that is known to the second.
fn dated(mut reply: Reply, last: Option<SystemTime>) -> Reply {
    let date = last.map(httpdate::fmt_http_date);
    if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
        reply.headers_mut().insert(LAST_MODIFIED, date);
    }
    reply
}
