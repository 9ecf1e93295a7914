//! Logins of real clients at real servers: their responses are right, and the client side here
//! computes the same ones for the same nonces.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::path::Path;

use mynah_auth::client::{self, ServerKey};
use mynah_auth::server::{self, Secret, Step};
use mynah_auth::{Channel, LongNonce, Method};
use mynah_testkit::{Direction, Fixture, fixtures};

/// The first login of a fixture.
struct Login {
    name: String,
    password: Vec<u8>,
    /// The method and the nonce that the responses belong to.
    method: Method,
    nonce: Vec<u8>,
    /// The client's answers, each with the server's message after it.
    answers: Vec<(Vec<u8>, Vec<u8>)>,
}

fn logins() -> Vec<Login> {
    let logins: Vec<_> = fixtures("classic")
        .unwrap()
        .iter()
        // These logins are broken on purpose.
        .filter(|(file, _)| !file.display().to_string().contains("/login-form-"))
        .filter_map(|(file, fixture)| login(file, fixture))
        .collect();
    assert!(logins.len() > 100, "{} logins", logins.len());
    logins
}

fn login(file: &Path, fixture: &Fixture) -> Option<Login> {
    let name = format!(
        "{}/{}",
        file.parent()?.file_name()?.to_str()?,
        file.file_name()?.to_str()?
    );
    let password = match fixture.comment("account")?.split_once(", ")?.1 {
        account if account.starts_with("no password") => "",
        account => account.split_once(" (")?.0,
    };
    let plain = fixture
        .lines
        .iter()
        .take_while(|line| line.uncompressed_len.is_none());
    let mut packets = plain.map(|line| (line.direction, &line.payload[..]));
    let (_, greeting) = packets.next()?;
    let (mut nonce, greeted) = greeting_nonce(greeting)?;
    let (_, handshake) = packets.next()?;
    let (response, plugin) = auth_response(handshake)?;
    let mut answers = vec![(response, Vec::new())];
    let mut method = plugin.clone();
    if plugin != greeted {
        answers.clear();
    }
    for (direction, payload) in packets {
        match (direction, payload) {
            (Direction::Server, [0xfe, switch @ ..]) => {
                let mut parts = switch.splitn(2, |byte| *byte == 0);
                method = parts.next()?.to_vec();
                nonce = parts.next()?.to_vec();
                answers.clear();
            }
            (Direction::Server, said) => {
                if let Some(last) = answers.last_mut() {
                    last.1 = said.to_vec();
                }
                if said.first() != Some(&1) {
                    break;
                }
                if said != [1, 4] && said.len() == 2 {
                    continue;
                }
            }
            (Direction::Client, payload) => answers.push((payload.to_vec(), Vec::new())),
        }
    }
    Some(Login {
        name,
        password: password.as_bytes().to_vec(),
        method: Method::from_name(&method)?,
        nonce,
        answers,
    })
}

/// The nonce and the method of HandshakeV10.
fn greeting_nonce(greeting: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let [10, rest @ ..] = greeting else {
        return None;
    };
    let version = rest.iter().position(|byte| *byte == 0)?;
    let rest = &rest[version + 1 + 4..];
    let (first, rest) = rest.split_at(8);
    let (second, name) = rest[19..].split_at(12);
    let name = name.strip_prefix(b"\0")?.strip_suffix(b"\0")?;
    Some(([first, second].concat(), name.to_vec()))
}

/// The response in HandshakeResponse41, and its method.
fn auth_response(handshake: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let flags = u32::from_le_bytes(*handshake.first_chunk()?);
    if flags & 1 << 19 == 0 {
        return None;
    }
    let rest = &handshake[32..];
    let user = rest.iter().position(|byte| *byte == 0)?;
    let (&len, rest) = rest[user + 1..].split_first()?;
    let (response, mut rest) = rest.split_at(len.into());
    let mut string = || {
        let (string, left) = rest.split_at(rest.iter().position(|byte| *byte == 0)?);
        rest = &left[1..];
        Some(string.to_vec())
    };
    if flags & 1 << 3 != 0 {
        string()?;
    }
    Some((response.to_vec(), string()?))
}

fn of(method: Method) -> Vec<Login> {
    let found: Vec<_> = logins()
        .into_iter()
        .filter(|login| login.method == method && !login.answers.is_empty())
        .collect();
    assert!(!found.is_empty(), "no login by {method}");
    found
}

fn server(login: &Login, secret: Secret) -> server::Exchange {
    let options = server::Options::new(Channel::Insecure);
    server::Exchange::new(login.method, secret, &login.nonce, options).expect(&login.name)
}

fn client(login: &Login, client_nonce: &[u8]) -> client::Exchange {
    let nonce = LongNonce::from_bytes(client_nonce);
    let mut options = client::Credentials::new(&login.password[..], Channel::Insecure, nonce);
    options.server_key = ServerKey::Ask;
    client::Exchange::new(options)
}

/// The methods whose first response is the whole login, or nearly.
#[test]
fn recorded_first_responses_are_right_and_equal_to_ours() {
    let mut seen = 0;
    for method in [
        Method::NativePassword,
        Method::CachingSha2Password,
        Method::Ed25519,
    ] {
        for login in of(method) {
            let name = &login.name;
            let (response, _) = &login.answers[0];
            let ours = client(&login, &[])
                .begin(method.name().as_bytes(), &login.nonce)
                .expect(name);
            // The raw clients of some fixtures send no response at all, whatever the method.
            if !response.is_empty() || method == Method::NativePassword {
                assert_eq!(&ours, response, "{name}");
            }
            let secret = Secret::Password(login.password[..].into());
            let step = server(&login, secret).handle(response);
            assert!(matches!(step, Step::Passed { .. }), "{name}: {step:?}");
            let step = server(&login, Secret::Password("another".into())).handle(response);
            assert!(matches!(step, Step::Refused(_)), "{name}: {step:?}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn recorded_responses_are_right_for_stored_passwords() {
    for (method, stored) in [
        (Method::NativePassword, common::NATIVE),
        (Method::Ed25519, common::ED25519),
    ] {
        let secret = Secret::parse(method, stored).unwrap();
        for login in of(method) {
            let (response, _) = &login.answers[0];
            let step = server(&login, secret.clone()).handle(response);
            let passed = matches!(step, Step::Passed { .. });
            assert_eq!(passed, login.password == b"throw-away", "{}", login.name);
        }
    }
}

#[test]
fn recorded_parsec_logins_are_equal_to_ours_with_the_same_nonce() {
    for login in of(Method::Parsec) {
        let name = &login.name;
        let [(first, ext_salt), (second, outcome)] = &login.answers[..] else {
            panic!("{name}: {} answers", login.answers.len());
        };
        let mut client = client(&login, &second[..LongNonce::LEN]);
        assert_eq!(&client.begin(b"parsec", &login.nonce).expect(name), first);
        let signed = client.more_data(&ext_salt[1..]).expect(name).expect(name);
        assert_eq!(&signed, second, "{name}");
        assert_eq!(outcome[0], if name.contains("wrong") { 0xff } else { 0 });

        let ext_salt = mynah_auth::parsec::ExtSalt::from_bytes(&ext_salt[1..]).unwrap();
        let key = mynah_auth::parsec::StoredKey::of(b"throw-away", ext_salt).unwrap();
        let mut server = server(&login, Secret::Parsec(key));
        assert_eq!(
            server.handle(first),
            Step::More(ext_salt.to_bytes().to_vec())
        );
        let passed = server.handle(second) == Step::Passed { more_data: None };
        assert_eq!(passed, outcome[0] == 0, "{name}");
    }
}

#[test]
fn recorded_rsa_logins_have_the_same_messages_as_ours() {
    let mut seen = 0;
    for method in [Method::CachingSha2Password, Method::Sha256Password] {
        for login in of(method) {
            let name = &login.name;
            let mut client = client(&login, &[]);
            let mut ours = client
                .begin(method.name().as_bytes(), &login.nonce)
                .expect(name);
            for (theirs, said) in &login.answers {
                if ours.len() == 256 {
                    // OAEP is random, so only the length can be compared.
                    assert_eq!(theirs.len(), 256, "{name}");
                    seen += 1;
                } else if !theirs.is_empty() {
                    assert_eq!(&ours, theirs, "{name}");
                }
                match said.split_first() {
                    Some((1, data)) => match client.more_data(data).expect(name) {
                        Some(answer) => ours = answer,
                        None => break,
                    },
                    _ => break,
                }
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}
