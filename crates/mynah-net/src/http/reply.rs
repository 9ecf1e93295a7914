use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::Response;

/// The answer to an HTTP request.
pub type HttpReply = Response<HttpBody>;

/// The body of an answer: bytes, or a stream of them.
pub type HttpBody = UnsyncBoxBody<Bytes, Infallible>;

/// An HTTP body that consists of these bytes.
#[must_use]
pub fn http_body(bytes: impl Into<Bytes>) -> HttpBody {
    Full::new(bytes.into()).boxed_unsync()
}
