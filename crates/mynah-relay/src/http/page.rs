//! The page for browsers: `/` and its files.

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use mynah_net::HttpReply;

use super::not_allowed;
use super::reply::reply as answer;

/// Whether a path is one of the page's files.
pub(super) fn is_about(path: &str) -> bool {
    mynah_page::proxy_file(path).is_some()
}

/// The file at a path; `None` if there is none.
pub(super) fn reply(method: &Method, path: &str) -> Option<HttpReply> {
    let file = mynah_page::proxy_file(path)?;
    if *method != Method::GET && *method != Method::HEAD {
        return Some(not_allowed("GET, HEAD"));
    }
    let mut reply = answer(StatusCode::OK, file.content_type, file.text);
    for (name, value) in mynah_page::HEADERS {
        let (name, value) = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        reply.headers_mut().insert(name, value);
    }
    Some(reply)
}
