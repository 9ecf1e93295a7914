//! Answers to requests.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

/// An answer to a request.
pub(crate) type Reply = Response<Full<Bytes>>;

/// An answer that refuses a request.
pub(crate) type Refusal = Box<Reply>;

/// JSON.
pub(crate) fn json(text: String) -> Reply {
    with_body(StatusCode::OK, "application/json", text)
}

/// Metrics, as Prometheus reads them.
pub(crate) fn metrics(text: String) -> Reply {
    with_body(StatusCode::OK, "text/plain; version=0.0.4", text)
}

/// An answer without a body. Like the original mock's, it has the content type of HTML.
pub(crate) fn empty(status: StatusCode) -> Reply {
    with_body(status, "text/html", "")
}

/// A status with a sentence for the user.
pub(crate) fn reason(status: StatusCode, text: impl Into<String>) -> Reply {
    with_body(status, "text/plain", text.into())
}

/// The path is unknown.
pub(crate) fn not_found() -> Reply {
    const PAGE: &str = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";
    with_body(StatusCode::NOT_FOUND, "text/html", PAGE)
}

/// The path is known, but not with this method.
pub(crate) fn method_not_allowed(allow: &'static str) -> Reply {
    with_header(empty(StatusCode::METHOD_NOT_ALLOWED), ALLOW, allow)
}

/// The stored text of a global isn't JSON, so it can't be returned.
pub(crate) fn not_json(key: &str) -> Reply {
    let text = format!("what is stored under '{}' is no JSON", key.escape_debug());
    reason(StatusCode::INTERNAL_SERVER_ERROR, text)
}

/// Adds a header to an answer.
pub(crate) fn with_header(mut reply: Reply, name: HeaderName, value: &'static str) -> Reply {
    let value = HeaderValue::from_static(value);
    reply.headers_mut().insert(name, value);
    reply
}

fn with_body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    with_header(reply, CONTENT_TYPE, content_type)
}
