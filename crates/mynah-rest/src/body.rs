use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::refusal::Refusal;

/// Reads a body to its end, or returns the refusal.
pub(crate) async fn read(body: Incoming) -> Result<Bytes, Refusal> {
    let read = Limited::new(body, MAX_BODY).collect();
    match tokio::time::timeout(BODY_TIMEOUT, read).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("a body may have {MAX_BODY} bytes"),
        )
        .closing()),
        Ok(Err(error)) => {
            Err(Refusal::bad_request(format!("the body can't be read: {error}")).closing())
        }
        Err(_elapsed) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("the body didn't arrive within {} s", BODY_TIMEOUT.as_secs()),
        )
        .closing()),
    }
}

/// A body as JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value, Refusal> {
    read_json(body)
}

/// A body as a value that JSON stands for.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::unprocessable)
}

/// The longest body in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// How long a client has to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
