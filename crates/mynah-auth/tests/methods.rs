//! Each method against an independent implementation of its client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use mynah_auth::{Nonce, caching_sha2_password, clear_password, native_password};
use mysql_common::scramble::{scramble_native, scramble_sha256};
use proptest::prelude::*;

proptest! {
    #[test]
    fn native_responses_are_those_of_another_client(
        password in "\\PC{1,40}",
        nonce in any::<[u8; 20]>(),
    ) {
        let ours = native_password::response(password.as_bytes(), &Nonce::from_bytes(&nonce));
        let theirs = scramble_native(&nonce, password.as_bytes()).unwrap();
        prop_assert_eq!(&ours[..], &theirs[..]);
    }

    #[test]
    fn caching_sha2_responses_are_those_of_another_client(
        password in "\\PC{1,40}",
        nonce in any::<[u8; 20]>(),
    ) {
        let ours = caching_sha2_password::response(password.as_bytes(), &Nonce::from_bytes(&nonce));
        let theirs = scramble_sha256(&nonce, password.as_bytes()).unwrap();
        prop_assert_eq!(&ours[..], &theirs[..]);
    }

    #[test]
    fn a_response_passes_for_its_own_password_and_nonce_only(
        password in "\\PC{0,20}",
        other in "\\PC{0,20}",
        nonce in any::<[u8; 20]>(),
        flip in 0usize..20,
    ) {
        prop_assume!(password != other);
        let (password, other) = (password.as_bytes(), other.as_bytes());
        let mut changed = nonce;
        changed[flip] ^= 1;
        let (nonce, changed) = (Nonce::from_bytes(&nonce), Nonce::from_bytes(&changed));

        let native = native_password::response(password, &nonce);
        prop_assert!(native_password::verify(&native, password, &nonce));
        prop_assert!(!native_password::verify(&native, other, &nonce));

        let sha2 = caching_sha2_password::response(password, &nonce);
        prop_assert!(caching_sha2_password::verify(&sha2, password, &nonce));
        prop_assert!(!caching_sha2_password::verify(&sha2, other, &nonce));

        if !password.is_empty() {
            prop_assert!(!native_password::verify(&native, password, &changed));
            prop_assert!(!caching_sha2_password::verify(&sha2, password, &changed));
        }

        let clear = clear_password::response(password);
        prop_assert!(clear_password::verify(&clear, password));
        prop_assert!(!clear_password::verify(&clear, other));
    }

    #[test]
    fn a_response_of_any_bytes_is_refused_without_a_panic(
        response in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let nonce = Nonce::from_bytes(b"01234567890123456789");
        prop_assert!(!native_password::verify(&response, b"secret", &nonce));
        prop_assert!(!caching_sha2_password::verify(&response, b"secret", &nonce));
    }
}

#[test]
fn an_empty_password_is_an_empty_response() {
    let nonce = Nonce::from_bytes(b"01234567890123456789");
    assert!(native_password::response(b"", &nonce).is_empty());
    assert!(caching_sha2_password::response(b"", &nonce).is_empty());
    assert!(
        caching_sha2_password::verify(b"\0", b"", &nonce),
        "after a switch"
    );
    assert_eq!(clear_password::response(b""), b"\0");
}
