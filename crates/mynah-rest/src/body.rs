use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::CONNECTION;

use crate::reply::{Refusal, reason, with_header};

/// Reads a body to its end, or returns the refusal.
pub(crate) async fn read(body: Incoming) -> Result<Bytes, Refusal> {
    let read = Limited::new(body, MAX_BODY).collect();
    match tokio::time::timeout(BODY_TIMEOUT, read).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(close(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("a body may have {MAX_BODY} bytes"),
        )),
        Ok(Err(error)) => Err(close(
            StatusCode::BAD_REQUEST,
            format!("the body can't be read: {error}"),
        )),
        Err(_elapsed) => Err(close(
            StatusCode::REQUEST_TIMEOUT,
            format!("the body didn't arrive within {} s", BODY_TIMEOUT.as_secs()),
        )),
    }
}

/// A refusal that leaves the rest of the body unread, so the connection can't be used for another
/// request.
fn close(status: StatusCode, text: String) -> Refusal {
    with_header(reason(status, text), CONNECTION, "close").into()
}

/// The longest body in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// How long a client has to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
