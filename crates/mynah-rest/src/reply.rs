//! Answers to requests.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use mynah_net::{HttpReply, http_body};
use serde::Serialize;

use crate::refusal::Refusal;

/// An answer to a request.
pub(crate) type Reply = HttpReply;

/// A value as JSON.
pub(crate) fn value(value: &impl Serialize) -> Result<Reply, Refusal> {
    with_status(StatusCode::OK, value)
}

/// The same, with another status than 200.
pub(crate) fn with_status(status: StatusCode, value: &impl Serialize) -> Result<Reply, Refusal> {
    let text = serde_json::to_string(value)
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    Ok(with_body(status, "application/json", text))
}

/// JSON.
pub(crate) fn json(text: String) -> Reply {
    with_body(StatusCode::OK, "application/json", text)
}

/// A problem document.
pub(crate) fn problem(status: StatusCode, text: String) -> Reply {
    with_body(status, "application/problem+json", text)
}

/// Metrics, as Prometheus reads them.
pub(crate) fn metrics(text: String) -> Reply {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    with_body(StatusCode::OK, content_type, text)
}

/// An answer without a body. Like the original mock's, it has the content type of HTML.
pub(crate) fn empty(status: StatusCode) -> Reply {
    with_body(status, "text/html", "")
}

/// It is done, and there is nothing to say.
pub(crate) fn done() -> Reply {
    empty(StatusCode::NO_CONTENT)
}

/// A status with a sentence for the user.
pub(crate) fn text(status: StatusCode, text: String) -> Reply {
    with_body(status, "text/plain", text)
}

/// The path is unknown.
pub(crate) fn not_found() -> Reply {
    const PAGE: &str = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";
    with_body(StatusCode::NOT_FOUND, "text/html", PAGE)
}

fn with_body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(http_body(body));
    *reply.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}
