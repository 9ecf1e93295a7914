//! The bodies of the fuzz targets, so that an ordinary test can replay their corpora. A payload is
//! either rejected, or read as a message that can be written and read again.
//!
//! These functions panic when that doesn't hold, as a test does.

mod command;
mod connection;
mod response;
mod resultset;
mod value;

use std::fmt::Debug;

use bytes::Bytes;
use mynah_wire::{DecodeErrorKind, Message};

pub use command::{bulk_parameters, command, parameters};
pub use connection::{authentication, handshake, handshake_response};
pub use response::response;
pub use resultset::{binary_row, column_definition, text_row};
pub use value::value;

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn round_trip<M: Message + PartialEq + Debug>(payload: &Bytes, cx: M::Context) -> Option<M> {
    let message = match M::from_payload(payload, cx) {
        Ok(message) => message,
        Err(error) => {
            // What is left over is the whole message's.
            let of_message = matches!(error.kind, DecodeErrorKind::Trailing { .. });
            assert!(of_message || !error.field.contains(' '), "{error}");
            return None;
        }
    };
    let again = message
        .to_payload(cx)
        .expect("what was read can be written");
    assert_eq!(M::from_payload(&again, cx).as_ref(), Ok(&message));
    Some(message)
}
