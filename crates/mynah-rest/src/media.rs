//! Content types of requests.

use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use hyper::{Method, StatusCode};

use crate::reply::{Refusal, empty, with_header};

/// Refuses a body whose content type the method doesn't accept. The type is compared as a whole:
/// with parameters (`; charset=utf-8`) it is a different one, as for the original mock.
pub(crate) fn check(headers: &HeaderMap, method: &Method) -> Result<(), Refusal> {
    let (name, known) = if method == Method::PATCH {
        (
            ACCEPT_PATCH,
            "application/merge-patch+json, application/json",
        )
    } else {
        (ACCEPT, "application/json")
    };
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let given = types.next().and_then(|value| value.to_str().ok());
    match (given, types.next()) {
        (Some(given), None) if known.split(", ").any(|known| known == given) => Ok(()),
        _ => Err(with_header(empty(StatusCode::UNSUPPORTED_MEDIA_TYPE), name, known).into()),
    }
}

const ACCEPT: HeaderName = hyper::header::ACCEPT;
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
