use std::fmt::Debug;

use bytes::Bytes;
use mynah_wire::Message;

/// Checks a message against its bytes: they are read as `want`, `want` is written as them, and
/// no beginning of them makes trouble: it is refused, or read as something that can be written
/// and read again.
///
/// # Panics
/// When one of these doesn't hold.
#[allow(clippy::panic, clippy::expect_used, reason = "this is an assertion")]
pub fn check<M: Message + PartialEq + Debug>(wire: &[u8], cx: M::Context, want: &M) {
    let wire = Bytes::copy_from_slice(wire);
    assert_eq!(M::from_payload(&wire, cx).as_ref(), Ok(want));
    assert_eq!(want.to_payload(cx).as_ref(), Ok(&wire));
    check_cuts::<M>(&wire, cx);
}

/// Checks that a payload from a real server or client is read, written as the same bytes again,
/// and that no beginning of it makes trouble. Gives what was read.
///
/// # Panics
/// When one of these doesn't hold.
#[allow(clippy::panic, clippy::expect_used, reason = "this is an assertion")]
pub fn check_recorded<M: Message + PartialEq + Debug>(wire: &Bytes, cx: M::Context) -> M {
    let message = match M::from_payload(wire, cx) {
        Ok(message) => message,
        Err(error) => panic!("{}: {error}, in {wire:?}", M::NAME),
    };
    assert_eq!(message.to_payload(cx).as_ref(), Ok(wire), "{message:?}");
    check_cuts::<M>(wire, cx);
    message
}

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn check_cuts<M: Message + PartialEq + Debug>(wire: &Bytes, cx: M::Context) {
    for cut in 0..wire.len() {
        if let Ok(message) = M::from_payload(&wire.slice(..cut), cx) {
            let again = message
                .to_payload(cx)
                .expect("what was read can be written");
            assert_eq!(M::from_payload(&again, cx), Ok(message), "cut to {cut}");
        }
    }
}
