//! Complete logins between this crate's client side and its server side.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::sync::LazyLock;

use mynah_auth::client::{self, ServerKey};
use mynah_auth::server::{self, PublicKeyAnswer, Refusal, Remembered, Secret, Step};
use mynah_auth::{AuthError, Channel, LongNonce, Method, Password, caching_sha2_password, rsa};

const PASSED: Step = Step::Passed { more_data: None };

fn client(password: &str, channel: Channel, server_key: ServerKey) -> client::Exchange {
    let mut options = client::Credentials::new(password, channel, LongNonce::from_bytes(&[7; 32]));
    options.server_key = server_key;
    client::Exchange::new(options)
}

fn server(method: Method, secret: Secret, channel: Channel) -> server::Exchange {
    let mut options = server::Options::new(channel);
    options.rsa_key = Some(private_key().clone());
    server_with(method, secret, options)
}

fn server_with(method: Method, secret: Secret, options: server::Options) -> server::Exchange {
    let nonce = b"abcdefghijklmnopqrstuvwxyz012345";
    server::Exchange::new(method, secret, nonce, options).unwrap()
}

/// Runs a login from AuthSwitchRequest on; returns the server's messages and the outcome.
fn log_in(
    client: &mut client::Exchange,
    server: &mut server::Exchange,
) -> Result<(Vec<Vec<u8>>, Step), AuthError> {
    let name = server.method().name();
    let mut answer = client.begin(name.as_bytes(), &server.plugin_data())?;
    let mut said = Vec::new();
    loop {
        match server.handle(&answer) {
            Step::More(data) => {
                answer = client.more_data(&data)?.expect("an answer");
                said.push(data);
            }
            Step::Passed {
                more_data: Some(data),
            } => {
                assert_eq!(client.more_data(&data)?, None);
                said.push(data);
                return Ok((said, PASSED));
            }
            end => return Ok((said, end)),
        }
    }
}

fn private_key() -> &'static rsa::PrivateKey {
    static KEY: LazyLock<rsa::PrivateKey> = LazyLock::new(|| rsa::PrivateKey::generate().unwrap());
    &KEY
}

fn public_key() -> rsa::PublicKey {
    rsa::PublicKey::from_pem(&private_key().public_key_pem().unwrap()).unwrap()
}

/// Every secret that a method can be checked against, all for `throw-away`.
fn secrets(method: Method) -> Vec<Secret> {
    let mut secrets = vec![Secret::Any, Secret::Password("throw-away".into())];
    let stored = [
        (Method::NativePassword, common::NATIVE),
        (Method::CachingSha2Password, common::CACHING_SHA2),
        (Method::Sha256Password, common::SHA256),
        (Method::Ed25519, common::ED25519),
        (Method::Parsec, common::PARSEC),
    ];
    let stored = stored.map(|(of, stored)| (of, Secret::parse(of, stored).unwrap()));
    let hash = caching_sha2_password::Hash::of(b"throw-away");
    let hash = (
        Method::CachingSha2Password,
        Secret::CachingSha2Password(hash),
    );
    let in_full = [
        Method::CachingSha2Password,
        Method::Sha256Password,
        Method::ClearPassword,
    ];
    secrets.extend(
        stored
            .into_iter()
            .chain([hash])
            .filter(|(of, _)| in_full.contains(&method) || *of == method)
            .map(|(_, secret)| secret),
    );
    secrets
}

fn supported() -> impl Iterator<Item = Method> {
    let spoken = |method: &Method| *method != Method::OldPassword;
    Method::ALL.into_iter().filter(spoken)
}

#[test]
fn the_right_password_passes_by_every_method_against_every_stored_form() {
    for method in supported() {
        for channel in [Channel::Tls, Channel::Local, Channel::Insecure] {
            for key in [ServerKey::Ask, ServerKey::Known(public_key())] {
                for secret in secrets(method) {
                    let what = format!("{method}, {channel:?}, {key:?}, {secret:?}");
                    let mut client = client("throw-away", channel, key.clone());
                    let mut server = server(method, secret, channel);
                    match log_in(&mut client, &mut server) {
                        Ok((_, end)) => assert_eq!(end, PASSED, "{what}"),
                        Err(AuthError::InsecureChannel { .. }) => {
                            assert_eq!(method, Method::ClearPassword, "{what}");
                            assert_eq!(channel, Channel::Insecure, "{what}");
                            continue;
                        }
                        Err(error) => panic!("{what}: {error}"),
                    }
                    let after = server.handle(b"");
                    assert_eq!(after, Step::Refused(Refusal::Finished), "{what}");
                }
            }
        }
    }
}

#[test]
fn sha256_password_encrypts_its_password_on_a_local_channel_too() {
    let method = Method::Sha256Password;
    let mut client = client("throw-away", Channel::Local, ServerKey::Refuse);
    let mut server = server(method, Secret::Any, Channel::Local);
    let refused = log_in(&mut client, &mut server);
    assert!(
        matches!(refused, Err(AuthError::InsecureChannel { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_wrong_or_empty_password_passes_only_where_any_password_does() {
    for method in supported() {
        for secret in secrets(method) {
            for password in ["throw-awa", "Throw-away", ""] {
                let what = format!("{method}, {secret:?}, {password:?}");
                let any = matches!(secret, Secret::Any);
                let mut client = client(password, Channel::Tls, ServerKey::Refuse);
                let mut server = server(method, secret.clone(), Channel::Tls);
                let (_, end) = log_in(&mut client, &mut server).expect(&what);
                let refused = Step::Refused(Refusal::WrongPassword);
                assert_eq!(end, if any { PASSED } else { refused }, "{what}");
            }
        }
    }
}

#[test]
fn an_account_without_a_password_accepts_only_the_empty_one() {
    for method in supported() {
        for password in ["", "throw-away"] {
            let secret = Secret::Password(Password::default());
            let mut client = client(password, Channel::Tls, ServerKey::Refuse);
            let mut server = server(method, secret, Channel::Tls);
            let (said, end) = log_in(&mut client, &mut server).unwrap();
            assert_eq!(end == PASSED, password.is_empty(), "{method}");
            if method != Method::Parsec && password.is_empty() {
                assert_eq!(said, Vec::<Vec<u8>>::new(), "{method}");
            }
        }
    }
}

#[test]
fn a_server_with_the_hash_takes_the_fast_path_and_one_without_asks_for_the_password() {
    let hash = |password: &[u8]| Remembered::Hash(caching_sha2_password::Hash::of(password));
    for (remembered, says) in [
        (Remembered::Stored, 3),
        (Remembered::Nothing, 4),
        (hash(b"throw-away"), 3),
        (hash(b"an older one"), 4),
    ] {
        let mut options = server::Options::new(Channel::Tls);
        options.remembered = remembered;
        let secret = Secret::Password("throw-away".into());
        let mut server = server_with(Method::CachingSha2Password, secret, options);
        let mut client = client("throw-away", Channel::Tls, ServerKey::Refuse);
        let (said, end) = log_in(&mut client, &mut server).unwrap();
        assert_eq!((&said[..], end), (&[vec![says]][..], PASSED));
        let learned = server
            .learned()
            .is_some_and(|hash| hash.is_of(b"throw-away"));
        assert_eq!(learned, says == 4, "only what was sent is learned");
    }
}

#[test]
fn after_a_wrong_fast_response_the_password_is_asked_for_if_it_can_be_sent_safely() {
    let secret = || Secret::Password("another".into());
    let method = Method::CachingSha2Password;
    let mut asks = client("throw-away", Channel::Insecure, ServerKey::Ask);
    let mut with_key = server(method, secret(), Channel::Insecure);
    let (said, end) = log_in(&mut asks, &mut with_key).unwrap();
    assert_eq!(said.len(), 2, "full authentication, and the key");
    assert_eq!(end, Step::Refused(Refusal::WrongPassword));

    let options = server::Options::new(Channel::Insecure);
    let mut without_key = server_with(method, secret(), options);
    let end = log_in(&mut asks, &mut without_key).unwrap();
    assert_eq!(end, (Vec::new(), Step::Refused(Refusal::WrongPassword)));
}

#[test]
fn a_wrong_or_withheld_public_key_ends_the_login() {
    let other = rsa::PrivateKey::generate().unwrap();
    let pem = other.public_key_pem().unwrap();
    for secret in [Secret::Password("throw-away".into()), Secret::Any] {
        for (public_key, refusal) in [
            (PublicKeyAnswer::Other(pem.clone()), Refusal::Malformed),
            (PublicKeyAnswer::Refused, Refusal::InsecureChannel),
        ] {
            let mut options = server::Options::new(Channel::Insecure);
            options.rsa_key = Some(private_key().clone());
            options.remembered = Remembered::Nothing;
            options.public_key = public_key;
            let mut server = server_with(Method::CachingSha2Password, secret.clone(), options);
            let mut asks = client("throw-away", Channel::Insecure, ServerKey::Ask);
            let (_, end) = log_in(&mut asks, &mut server).unwrap();
            assert_eq!(end, Step::Refused(refusal), "{secret:?}");
        }
    }
}

#[test]
fn a_password_that_cannot_be_sent_safely_is_refused_by_either_side() {
    for method in [Method::Sha256Password, Method::CachingSha2Password] {
        let secret = Secret::parse(Method::NativePassword, common::NATIVE).unwrap();
        let mut asks = client("throw-away", Channel::Insecure, ServerKey::Ask);
        let options = server::Options::new(Channel::Insecure);
        let mut without_key = server_with(method, secret.clone(), options);
        let (_, end) = log_in(&mut asks, &mut without_key).unwrap();
        assert_eq!(end, Step::Refused(Refusal::InsecureChannel), "{method}");

        let mut refuses = client("throw-away", Channel::Insecure, ServerKey::Refuse);
        let mut with_key = server(method, secret, Channel::Insecure);
        let error = log_in(&mut refuses, &mut with_key).unwrap_err();
        assert!(
            matches!(error, AuthError::InsecureChannel { .. }),
            "{method}: {error}"
        );
    }
}

#[test]
fn the_greeting_is_answered_by_its_method_or_so_that_the_server_switches_methods() {
    let nonce = b"abcdefghijklmnopqrst";
    let greet = |name: &[u8]| {
        let mut client = client("throw-away", Channel::Insecure, ServerKey::Ask);
        let (method, response) = client.greeting(name, nonce).unwrap();
        (method, response.len())
    };
    assert_eq!(
        greet(b"mysql_native_password"),
        (Method::NativePassword, 20)
    );
    assert_eq!(
        greet(b"caching_sha2_password"),
        (Method::CachingSha2Password, 32)
    );
    assert_eq!(
        greet(b"auth_gssapi_client"),
        (Method::CachingSha2Password, 32)
    );
    assert_eq!(
        greet(b"mysql_old_password"),
        (Method::CachingSha2Password, 32)
    );
    assert_eq!(greet(b"sha256_password"), (Method::Sha256Password, 1));
    assert_eq!(greet(b""), (Method::NativePassword, 20));
    assert_eq!(greet(b"client_ed25519"), (Method::Ed25519, 0));
    let mut client = client("throw-away", Channel::Insecure, ServerKey::Ask);
    let error = client.greeting(b"mysql_clear_password", nonce).unwrap_err();
    assert!(
        matches!(error, AuthError::InsecureChannel { .. }),
        "{error}"
    );
}

#[test]
fn each_factor_takes_the_next_password() {
    let passwords = ["one", "two", "three"];
    let methods = [
        Method::CachingSha2Password,
        Method::ClearPassword,
        Method::Parsec,
    ];
    let mut options = client::Credentials::new("", Channel::Tls, LongNonce::random().unwrap());
    options.passwords = passwords.map(Password::from).to_vec();
    let mut client = client::Exchange::new(options);
    for (factor, (method, password)) in methods.into_iter().zip(passwords).enumerate() {
        let mut server = server(method, Secret::Password(password.into()), Channel::Tls);
        let (name, data) = (method.name().as_bytes(), server.plugin_data());
        let mut answer = match factor {
            0 => client.begin(name, &data).unwrap(),
            _ => client.next_factor(name, &data).unwrap(),
        };
        while let Step::More(data) = server.handle(&answer) {
            answer = client.more_data(&data).unwrap().unwrap();
        }
    }
    let error = client
        .next_factor(b"mysql_clear_password", b"")
        .unwrap_err();
    assert!(
        matches!(error, AuthError::NoPassword { factor: 4 }),
        "{error}"
    );
}

#[test]
fn unknown_and_old_methods_are_refused_with_a_reason() {
    let mut client = client("throw-away", Channel::Tls, ServerKey::Ask);
    let error = client.begin(b"dialog", b"").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authentication method 'dialog' is not known"
    );
    let error = client
        .begin(b"mysql_old_password", b"12345678")
        .unwrap_err();
    assert!(matches!(error, AuthError::OldPassword), "{error}");
    let options = server::Options::new(Channel::Tls);
    let error = server::Exchange::new(Method::OldPassword, Secret::Any, &[1; 32], options);
    assert!(matches!(error, Err(AuthError::OldPassword)));
}

#[test]
fn a_method_cannot_be_checked_against_what_another_stores() {
    let ed25519 = Secret::parse(Method::Ed25519, common::ED25519).unwrap();
    let native = Secret::parse(Method::NativePassword, common::NATIVE).unwrap();
    for (method, secret) in [
        (Method::NativePassword, ed25519.clone()),
        (Method::Parsec, ed25519),
        (Method::Ed25519, native),
    ] {
        let options = server::Options::new(Channel::Tls);
        let error = server::Exchange::new(method, secret, &[1; 32], options).unwrap_err();
        assert!(matches!(error, AuthError::SecretMismatch { .. }), "{error}");
    }
}

#[test]
fn a_nonce_that_is_too_short_is_an_error_on_either_side() {
    for method in supported().filter(|method| method.nonce_len() > 0) {
        let nonce = vec![b'a'; method.nonce_len() - 1];
        let mut client = client("throw-away", Channel::Tls, ServerKey::Ask);
        let error = client.begin(method.name().as_bytes(), &nonce).unwrap_err();
        assert!(matches!(error, AuthError::ShortNonce { .. }), "{error}");
        let options = server::Options::new(Channel::Tls);
        let error = server::Exchange::new(method, Secret::Any, &nonce, options).unwrap_err();
        assert!(matches!(error, AuthError::ShortNonce { .. }), "{error}");
    }
}

#[test]
fn data_that_a_method_does_not_have_is_an_error() {
    let mut client = client("throw-away", Channel::Tls, ServerKey::Ask);
    assert!(matches!(
        client.more_data(b"\x03"),
        Err(AuthError::NoMethod)
    ));
    for method in supported().filter(|method| *method != Method::Parsec) {
        client.begin(method.name().as_bytes(), &[b'a'; 32]).unwrap();
        let error = client.more_data(b"\x05").unwrap_err();
        assert!(
            matches!(error, AuthError::UnexpectedData { len: 1, .. }),
            "{error}"
        );
        assert!(
            client.more_data(b"\x03").is_err(),
            "{method}: after an error"
        );
    }
    for ext_salt in [
        &b""[..],
        b"P\0",
        b"P\x0bsalt-of-18-bytes..",
        b"Q\0salt-of-18-bytes..",
    ] {
        client.begin(b"parsec", &[b'a'; 32]).unwrap();
        let error = client.more_data(ext_salt).unwrap_err();
        assert!(matches!(error, AuthError::ExtSalt), "{error}");
    }
}

#[test]
fn no_password_is_printed() {
    let client = client("throw-away", Channel::Tls, ServerKey::Ask);
    let server = server(
        Method::ClearPassword,
        Secret::Password("throw-away".into()),
        Channel::Tls,
    );
    assert!(!format!("{client:?} {server:?}").contains("throw"));
}
