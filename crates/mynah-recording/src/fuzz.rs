//! What the fuzz target does with bytes, so that an ordinary test can replay its corpus.
//!
//! These functions panic when what they say doesn't hold, as a test does.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a target panics where a test does"
)]

use crate::Recording;
use crate::read::from_bytes;

/// Fuzz target: reads bytes as a recording, or as its journal, and panics unless what is read is the same when it
/// is written and read again.
pub fn recording(data: &[u8]) {
    let read: Result<Recording, _> = from_bytes(data);
    let Ok(read) = read else { return };
    let text = read.to_text().unwrap();
    let again: Recording = from_bytes(text.as_bytes()).unwrap();
    assert_eq!(again, read);
    assert_eq!(again.to_text().unwrap(), text);
}
