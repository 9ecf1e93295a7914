//! Passwords as real servers store them: read, written again, and compared with passwords.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use mynah_auth::server::Secret;
use mynah_auth::{AuthError, Method, caching_sha2_password, ed25519, native_password, parsec};

const STORED: [(&str, Method, &[u8]); 6] = [
    ("native", Method::NativePassword, common::NATIVE),
    ("ed25519", Method::Ed25519, common::ED25519),
    ("parsec", Method::Parsec, common::PARSEC),
    ("sha2", Method::CachingSha2Password, common::CACHING_SHA2),
    (
        "sha2 of MariaDB",
        Method::CachingSha2Password,
        common::CACHING_SHA2_MARIADB,
    ),
    ("sha256", Method::Sha256Password, common::SHA256),
];

#[test]
fn stored_passwords_match_their_own_password_only() {
    for (name, method, stored) in STORED {
        let secret = Secret::parse(method, stored).expect(name);
        assert!(secret.is_of(b"throw-away"), "{name}");
        for other in [&b""[..], b"throw-awa", b"throw-away ", &[b'a'; 300]] {
            assert!(!secret.is_of(other), "{name}: {}", other.escape_ascii());
        }
        assert!(
            !format!("{secret:?}").contains("142, 69"),
            "{name}: {secret:?}"
        );
    }
}

#[test]
fn stored_passwords_are_written_as_servers_write_them() {
    let native = native_password::Hash::of(b"throw-away");
    assert_eq!(native.to_stored(), common::NATIVE);
    let ed25519 = ed25519::PublicKey::of(b"throw-away");
    assert_eq!(ed25519.to_stored(), common::ED25519);
    let ext_salt = parsec::StoredKey::parse(common::PARSEC).unwrap().ext_salt;
    let parsec = parsec::StoredKey::of(b"throw-away", ext_salt).unwrap();
    assert_eq!(parsec.to_stored(), common::PARSEC);
}

#[test]
fn the_key_in_the_documentation_belongs_to_its_password() {
    // Authentication Plugin - ed25519: "secret" is stored as this.
    let stored = b"ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY";
    assert_eq!(ed25519::PublicKey::of(b"secret").to_stored(), stored);
}

#[test]
fn an_empty_stored_string_is_an_account_without_a_password() {
    for method in Method::ALL {
        let secret = Secret::parse(method, b"").unwrap();
        assert!(
            secret.is_of(b"") && !secret.is_of(b"throw-away"),
            "{method}"
        );
    }
}

#[test]
fn stored_passwords_that_are_cut_or_malformed_are_rejected() {
    for (name, method, stored) in STORED {
        for cut in 1..stored.len() {
            let read = Secret::parse(method, &stored[..cut]);
            assert!(
                matches!(read, Err(AuthError::NotStored { .. })),
                "{name} at {cut}: {read:?}"
            );
        }
        let longer = [stored, b"A"].concat();
        assert!(Secret::parse(method, &longer).is_err(), "{name}");
        assert!(Secret::parse(Method::ClearPassword, stored).is_err());
    }
    // The rounds are three hex digits.
    for rounds in [b"+05", b"-05", b" 05", b"05 "] {
        let mut stored = common::CACHING_SHA2.to_vec();
        stored[3..6].copy_from_slice(rounds);
        let read = Secret::parse(Method::CachingSha2Password, &stored);
        assert!(read.is_err(), "{}", rounds.escape_ascii());
    }
    assert!(parsec::StoredKey::parse(&common::PARSEC.replace_first(b'0', b'B')).is_err());
}

trait ReplaceFirst {
    fn replace_first(&self, from: u8, to: u8) -> Vec<u8>;
}

impl ReplaceFirst for [u8] {
    fn replace_first(&self, from: u8, to: u8) -> Vec<u8> {
        let mut bytes = self.to_vec();
        *bytes.iter_mut().find(|byte| **byte == from).unwrap() = to;
        bytes
    }
}

#[test]
fn the_debug_form_of_a_secret_shows_nothing_to_guess_passwords_against() {
    let salt = parsec::ExtSalt::new(0, *b"salt of 18 bytes..").unwrap();
    let stored = parsec::StoredKey::of(b"swordfish", salt).unwrap();
    let ed25519 = ed25519::PublicKey::of(b"swordfish");
    let native = native_password::Hash::of(b"swordfish");
    let fast = caching_sha2_password::Hash::of(b"swordfish");
    for (secret, bytes) in [
        (Secret::Parsec(stored), &stored.public_key[..]),
        (Secret::Ed25519(ed25519), &ed25519.0[..]),
        (Secret::NativePassword(native), &native.0[..]),
        (Secret::CachingSha2Password(fast), &fast.0[..]),
    ] {
        let shown = format!("{secret:?}");
        let first = format!("{}, {}", bytes[0], bytes[1]);
        assert!(
            !shown.contains(&first) && shown.contains("hidden"),
            "{shown}"
        );
    }
}
