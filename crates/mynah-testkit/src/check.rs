use std::fmt::Debug;

use bytes::Bytes;
use mynah_wire::Message;

/// Checks a message against its bytes: the bytes are read as `want`, `want` is written as the bytes, and each prefix
/// of the bytes (of more than 128 KiB, only those cut near the ends) is either refused, or read as a message that can
/// be written and read again.
///
/// # Panics
/// When one of these doesn't hold.
pub fn check<M: Message + PartialEq + Debug>(wire: &[u8], cx: M::Context, want: &M) {
    let wire = Bytes::copy_from_slice(wire);
    assert_eq!(M::from_payload(&wire, cx).as_ref(), Ok(want));
    assert_eq!(want.to_payload(cx).as_ref(), Ok(&wire));
    check_cuts::<M>(&wire, cx);
}

/// Checks that a payload of a real server or client is read and written as the same bytes, and that each prefix of it
/// (of more than 128 KiB, only those cut near the ends) is refused or read as a message. Returns the message.
///
/// # Panics
/// When one of these doesn't hold.
pub fn check_recorded<M: Message + PartialEq + Debug>(wire: &Bytes, cx: M::Context) -> M {
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
pub fn check_recorded_longer<M: Message + PartialEq + Debug>(wire: &Bytes, cx: M::Context) -> M {
    let (message, again) = read_and_written(wire, cx);
    assert!(again.len() < wire.len(), "{message:?}");
    assert_eq!(M::from_payload(&again, cx).as_ref(), Ok(&message));
    message
}

#[allow(clippy::panic, clippy::expect_used, reason = "this is an assertion")]
fn read_and_written<M: Message + PartialEq + Debug>(wire: &Bytes, cx: M::Context) -> (M, Bytes) {
    let message = match M::from_payload(wire, cx) {
        Ok(message) => message,
        Err(error) => panic!("{}: {error}, in {wire:?}", M::NAME),
    };
    check_cuts::<M>(wire, cx);
    let again = message
        .to_payload(cx)
        .expect("what was read can be written");
    (message, again)
}

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn check_cuts<M: Message + PartialEq + Debug>(wire: &Bytes, cx: M::Context) {
    for cut in (0..wire.len()).filter(|cut| is_checked(*cut, wire.len())) {
        if let Ok(message) = M::from_payload(&wire.slice(..cut), cx) {
            let again = message
                .to_payload(cx)
                .expect("what was read can be written");
            assert_eq!(M::from_payload(&again, cx), Ok(message), "cut to {cut}");
        }
    }
}

/// In a long message only cuts near its two ends are checked, as each cut takes time in proportion
/// to the length.
fn is_checked(cut: usize, len: usize) -> bool {
    len <= CUT_EVERYWHERE || cut.min(len - cut) < ENDS
}

const CUT_EVERYWHERE: usize = 128 * 1024;
const ENDS: usize = 50;
