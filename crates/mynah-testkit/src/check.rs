use std::fmt::Debug;

use bytes::Bytes;
use mynah_wire::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message that the functions of this module can check.
pub trait Checked: Message + PartialEq + Debug + Serialize + DeserializeOwned {}

impl<M: Message + PartialEq + Debug + Serialize + DeserializeOwned> Checked for M {}

/// Checks a message against its bytes: the bytes are read as `want`, `want` is written as the bytes, and each prefix
/// of the bytes (of more than 128 KiB, only those cut near the ends) is either refused, or read as a message that can
/// be written and read again. The whole message is also written as JSON and as postcard, and read again.
///
/// # Panics
/// When one of these doesn't hold.
pub fn check<M: Checked>(wire: &[u8], cx: M::Context, want: &M) {
    let wire = Bytes::copy_from_slice(wire);
    assert_eq!(M::from_payload(&wire, cx).as_ref(), Ok(want));
    assert_eq!(want.to_payload(cx).as_ref(), Ok(&wire));
    check_json(want);
    check_postcard(want);
    check_cuts::<M>(&wire, cx);
}

/// Checks that a payload of a real server or client is read and written as the same bytes, and that each prefix of it
/// (of more than 128 KiB, only those cut near the ends) is refused or read as a message. The whole message is also
/// written as JSON and read again. Returns the message.
///
/// # Panics
/// When one of these doesn't hold.
pub fn check_recorded<M: Checked>(wire: &Bytes, cx: M::Context) -> M {
    let (message, again) = read_and_written(wire, cx);
    assert_eq!(again, wire, "{message:?}");
    message
}

/// As [`check_recorded`], for a payload with a length in more bytes than needed (seen: npm's
/// mariadb 3.5 writes the length of its attributes in three): the message is written shorter, and
/// read as the same again.
///
/// # Panics
/// When one of these doesn't hold.
pub fn check_recorded_longer<M: Checked>(wire: &Bytes, cx: M::Context) -> M {
    let (message, again) = read_and_written(wire, cx);
    assert!(again.len() < wire.len(), "{message:?}");
    assert_eq!(M::from_payload(&again, cx).as_ref(), Ok(&message));
    message
}

#[allow(clippy::panic, clippy::expect_used, reason = "this is an assertion")]
fn read_and_written<M: Checked>(wire: &Bytes, cx: M::Context) -> (M, Bytes) {
    let message = match M::from_payload(wire, cx) {
        Ok(message) => message,
        Err(error) => panic!("{}: {error}, in {wire:?}", M::NAME),
    };
    check_json(&message);
    check_cuts::<M>(wire, cx);
    let again = message
        .to_payload(cx)
        .expect("what was read can be written");
    (message, again)
}

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn check_cuts<M: Checked>(wire: &Bytes, cx: M::Context) {
    for cut in (0..wire.len()).filter(|cut| is_checked(*cut, wire.len())) {
        if let Ok(message) = M::from_payload(&wire.slice(..cut), cx) {
            let again = message
                .to_payload(cx)
                .expect("what was read can be written");
            assert_eq!(M::from_payload(&again, cx), Ok(message), "cut to {cut}");
        }
    }
}

/// Checks that a value is the same after it was written as JSON and read again, as text and as a value of `serde_json`.
///
/// # Panics
/// When it isn't.
#[allow(clippy::expect_used, reason = "this is an assertion")]
pub fn check_json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("a value is written as JSON");
    let again: Result<T, _> = serde_json::from_str(&text);
    assert!(
        again.as_ref().ok() == Some(value),
        "{value:?}, {text}, {again:?}"
    );
    let json = serde_json::to_value(value).expect("a value is written as JSON");
    let again: Result<T, _> = serde_json::from_value(json);
    assert!(
        again.as_ref().ok() == Some(value),
        "{value:?}, {text}, {again:?}"
    );
}

/// Checks that a value is the same after it was written as postcard, a format that isn't for people and names no fields,
/// and read again.
///
/// # Panics
/// When it isn't.
#[allow(clippy::expect_used, reason = "this is an assertion")]
fn check_postcard<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let bytes = postcard::to_stdvec(value).expect("a value is written as postcard");
    let again: Result<T, _> = postcard::from_bytes(&bytes);
    assert!(again.as_ref().ok() == Some(value), "{value:?}, {again:?}");
}

/// In a long message only cuts near its two ends are checked, as each cut takes time in proportion
/// to the length.
fn is_checked(cut: usize, len: usize) -> bool {
    len <= CUT_EVERYWHERE || cut.min(len - cut) < ENDS
}

const CUT_EVERYWHERE: usize = 128 * 1024;
const ENDS: usize = 50;
