//! Content types of requests.

use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, TRANSFER_ENCODING};
use hyper::{Method, StatusCode};

use crate::refusal::Refusal;
use crate::resource::Resource;

/// Refuses a body whose content type the method doesn't accept. Where the original mock takes one, the type is
/// compared as a whole: with parameters (`; charset=utf-8`) it is a different one. Other resources take them, and
/// need no type if there is no body.
pub(crate) fn check(
    resource: &Resource,
    headers: &HeaderMap,
    method: &Method,
) -> Result<(), Refusal> {
    let (name, known) = match *method {
        Method::PATCH => (
            ACCEPT_PATCH,
            "application/merge-patch+json, application/json",
        ),
        _ => (ACCEPT, "application/json"),
    };
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let given = types.next().and_then(|value| value.to_str().ok());
    let is_known = |given: &str| known.split(", ").any(|known| known == given);
    let bare = |given: &str| {
        given
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let is_right = match (given, types.next()) {
        _ if *method == Method::POST && !has_body(headers) => true,
        (Some(given), None) if *method == Method::POST => is_known(&bare(given)),
        (Some(given), None) => is_known(given),
        _ => false,
    };
    if is_right {
        return Ok(());
    }
    let refusal = match resource.is_original() {
        true => Refusal::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        false => Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the Content-Type of the body has to be {known}"),
        ),
    };
    Err(refusal.with(name, known))
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    length.is_some_and(|length| length != "0") || headers.contains_key(TRANSFER_ENCODING)
}

const ACCEPT: HeaderName = hyper::header::ACCEPT;
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
