use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use mynah_net::{HttpReply, http_body};
use serde_json::json;

pub(super) fn reply(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> HttpReply {
    let mut reply = Response::new(http_body(body));
    *reply.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}

/// A problem document, RFC 9457.
pub(super) fn problem(status: StatusCode, detail: impl ToString) -> HttpReply {
    let document = json!({
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail.to_string(),
    });
    reply(status, "application/problem+json", document.to_string())
}

pub(super) const TEXT: &str = "text/plain";

pub(super) const JSON: &str = "application/json";
