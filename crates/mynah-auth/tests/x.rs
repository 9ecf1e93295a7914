//! The mechanisms of the X Protocol, with the variants that clients send.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use mynah_auth::server::Secret;
use mynah_auth::x::{AuthData, ClientExchange, Mechanism, ServerExchange, Verdict};
use mynah_auth::{AuthError, Channel, Method, Nonce, caching_sha2_password};
use mysql_common::scramble::{scramble_native, scramble_sha256};
use proptest::prelude::*;

const NONCE: &[u8; 20] = b"abcdefghijklmnopqrst";

fn server(mechanism: Mechanism) -> ServerExchange {
    ServerExchange::new(mechanism, Nonce::from_bytes(NONCE), Channel::Tls).unwrap()
}

fn answer(mechanism: Mechanism, password: &str) -> Vec<u8> {
    let client = ClientExchange::new(mechanism, b"test", b"root", password, Channel::Tls).unwrap();
    match (client.start(), server(mechanism).start()) {
        (Some(data), None) => data,
        (None, Some(nonce)) => client.handle(&nonce).unwrap(),
        both => panic!("{mechanism}: {both:?}"),
    }
}

fn verdict(mechanism: Mechanism, response: &[u8], secret: &Secret) -> Verdict {
    let data = AuthData {
        schema: b"",
        user: b"root",
        response,
    };
    server(mechanism).verify(&data, secret)
}

#[test]
fn the_right_password_passes_and_no_other() {
    for mechanism in Mechanism::ALL {
        for own in ["", "throw-away"] {
            for given in ["", "throw-away", "another"] {
                let answer = answer(mechanism, given);
                let data = AuthData::from_bytes(&answer).unwrap();
                assert_eq!((data.schema, data.user), (&b"test"[..], &b"root"[..]));
                let passed = server(mechanism).verify(&data, &Secret::Password(own.into()))
                    == Verdict::Passed;
                assert_eq!(passed, own == given, "{mechanism}: {given:?} for {own:?}");
                assert_eq!(
                    server(mechanism).verify(&data, &Secret::Any),
                    Verdict::Passed
                );
            }
        }
    }
}

#[test]
fn a_mechanism_is_checked_against_the_password_or_its_own_hash() {
    let native = Secret::parse(Method::NativePassword, common::NATIVE).unwrap();
    let sha2 = Secret::CachingSha2Password(caching_sha2_password::Hash::of(b"throw-away"));
    for (mechanism, secret, expected) in [
        (Mechanism::Mysql41, &native, Verdict::Passed),
        (Mechanism::Mysql41, &sha2, Verdict::Refused),
        (Mechanism::Sha256Memory, &sha2, Verdict::Passed),
        (Mechanism::Sha256Memory, &native, Verdict::Refused),
        (Mechanism::Plain, &sha2, Verdict::Passed),
        (Mechanism::Plain, &native, Verdict::Passed),
    ] {
        let answer = answer(mechanism, "throw-away");
        let data = AuthData::from_bytes(&answer).unwrap();
        assert_eq!(
            server(mechanism).verify(&data, secret),
            expected,
            "{mechanism}"
        );
    }
}

#[test]
fn lower_case_and_a_nul_at_the_end_are_accepted() {
    for mechanism in Mechanism::ALL {
        let answer = answer(mechanism, "throw-away");
        let response = AuthData::from_bytes(&answer).unwrap().response;
        let secret = Secret::Password("throw-away".into());
        let lower = response.to_ascii_lowercase();
        for response in [&lower[..], &[response, b"\0"].concat()] {
            assert_eq!(
                verdict(mechanism, response, &secret),
                Verdict::Passed,
                "{mechanism}"
            );
        }
        if mechanism != Mechanism::Plain {
            let cut = &response[..response.len() - 1];
            assert_eq!(
                verdict(mechanism, cut, &secret),
                Verdict::Refused,
                "{mechanism}"
            );
        }
    }
}

#[test]
fn an_empty_password_may_be_hashed_like_any_other() {
    let secret = Secret::Password("".into());
    // SHA256_MEMORY of the empty password for the nonce above, by mysql_common's formula.
    let nonce = Nonce::from_bytes(NONCE);
    let hashed = [("", true), ("a", false)].map(|(password, right)| {
        let once = openssl::sha::sha256(password.as_bytes());
        let twice = openssl::sha::sha256(&once);
        let mask = openssl::sha::sha256(&[&twice[..], nonce.as_bytes()].concat());
        let digits: String = (once.iter().zip(mask))
            .map(|(byte, mask)| format!("{:02X}", byte ^ mask))
            .collect();
        (digits, right)
    });
    for (digits, right) in hashed {
        let verdict = verdict(Mechanism::Sha256Memory, digits.as_bytes(), &secret);
        assert_eq!(verdict == Verdict::Passed, right);
    }
}

#[test]
fn plain_needs_a_secure_channel_on_either_side() {
    let client = ClientExchange::new(Mechanism::Plain, b"", b"root", "secret", Channel::Insecure);
    assert!(matches!(client, Err(AuthError::InsecureChannel { .. })));
    let nonce = Nonce::from_bytes(NONCE);
    let server = ServerExchange::new(Mechanism::Plain, nonce, Channel::Insecure);
    assert!(matches!(server, Err(AuthError::InsecureChannel { .. })));
}

#[test]
fn known_names_are_read_and_written_and_others_rejected() {
    for mechanism in Mechanism::ALL {
        let read = Mechanism::try_from(mechanism.to_string().as_bytes()).unwrap();
        assert_eq!(read, mechanism);
    }
    for method in Method::ALL {
        let read = Method::try_from(method.to_string().as_bytes()).unwrap();
        assert_eq!(read, method);
    }
    for name in [&b"plain"[..], b"EXTERNAL", b"", b"\xff"] {
        assert!(matches!(
            Mechanism::try_from(name),
            Err(AuthError::UnknownMethod { .. })
        ));
        assert!(matches!(
            Method::try_from(name),
            Err(AuthError::UnknownMethod { .. })
        ));
    }
}

#[test]
fn no_password_is_printed() {
    let client = ClientExchange::new(Mechanism::Plain, b"", b"root", "throw-away", Channel::Tls);
    let answer = answer(Mechanism::Plain, "throw-away");
    let text = format!("{client:?} {:?}", AuthData::from_bytes(&answer));
    assert!(!text.contains("throw-away"), "{text}");
}

proptest! {
    #[test]
    fn responses_are_those_of_another_client_in_hex(
        password in "\\PC{1,40}",
        nonce in any::<[u8; 20]>(),
    ) {
        let password = password.as_bytes();
        let hex = |bytes: &[u8]| -> String {
            bytes.iter().map(|byte| format!("{byte:02X}")).collect()
        };
        let own = Nonce::from_bytes(&nonce);
        let ours = Mechanism::Mysql41.auth_data(b"", b"root", password, &own);
        let theirs = format!("\0root\0*{}", hex(&scramble_native(&nonce, password).unwrap()));
        prop_assert_eq!(&ours[..], theirs.as_bytes());
        let ours = Mechanism::Sha256Memory.auth_data(b"test", b"root", password, &own);
        let theirs = format!("test\0root\0{}", hex(&scramble_sha256(&nonce, password).unwrap()));
        prop_assert_eq!(&ours[..], theirs.as_bytes());
    }
}
