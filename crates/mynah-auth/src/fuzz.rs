//! The bodies of the fuzz targets, so that an ordinary test can replay their corpora. The first
//! byte picks the method, the rest is the other side's data or a stored password.
//!
//! These functions panic when their assertion doesn't hold, as a test does.

use crate::client::{self, ServerKey};
use crate::parsec::ExtSalt;
use crate::server::{self, Secret, Step};
use crate::x::{AuthData, Mechanism, ServerExchange, Verdict};
use crate::{Channel, LongNonce, Method, Nonce};

/// Fuzz target: gives a client's exchange any data of a server, which it must answer or reject without a panic.
pub fn client(data: &[u8]) {
    let Some((method, mut rest)) = pick(data) else {
        return;
    };
    let nonce = LongNonce::from_bytes(NONCE);
    for server_key in [ServerKey::Refuse, ServerKey::Ask] {
        let mut options = client::Credentials::new("secret", Channel::Insecure, nonce);
        options.server_key = server_key;
        let mut exchange = client::Exchange::new(options);
        let _answer = exchange.greeting(method.name().as_bytes(), NONCE);
        while let Some((said, after)) = part(rest) {
            let _answer = match said.split_first() {
                Some((0xfe, data)) => exchange.begin(method.name().as_bytes(), data).map(Some),
                Some((0x02, data)) => exchange
                    .next_factor(method.name().as_bytes(), data)
                    .map(Some),
                _ => exchange.more_data(said),
            };
            rest = after;
        }
    }
}

/// Fuzz target: gives a server's exchange any data of a client, and panics unless it reaches a verdict, and only
/// the right password passes.
#[allow(clippy::expect_used, reason = "this is an assertion")]
pub fn server(data: &[u8]) {
    let Some((method, mut rest)) = pick(data) else {
        return;
    };
    let secret = Secret::Password("a password that no bytes hit upon".into());
    let options = server::Options::new(Channel::Tls);
    let Ok(mut exchange) = server::Exchange::new(method, secret, NONCE, options) else {
        assert_eq!(method, Method::OldPassword);
        return;
    };
    let mut steps = 0;
    while let Some((said, after)) = part(rest) {
        match exchange.handle(said) {
            Step::More(_) => steps += 1,
            Step::Refused(_) => break,
            step @ Step::Passed { .. } => assert!(said.len() > 30, "{step:?} for {said:?}"),
        }
        assert!(steps <= 2, "{method} asks for ever");
        rest = after;
    }
}

/// Fuzz target: reads stored passwords, an ext-salt of `parsec` and the X Protocol's data. Each must be read or
/// rejected without a panic.
#[allow(clippy::expect_used, reason = "this is an assertion")]
pub fn stored(data: &[u8]) {
    let Some((method, bytes)) = pick(data) else {
        return;
    };
    if let Ok(secret) = Secret::parse(method, bytes) {
        let _right = secret.is_of(b"secret");
    }
    if let Ok(salt) = ExtSalt::from_bytes(bytes) {
        let again = ExtSalt::from_bytes(&salt.to_bytes()).expect("what was written is read");
        assert_eq!(again.to_bytes(), salt.to_bytes());
    }
    if let Some(data) = AuthData::from_bytes(bytes) {
        let again = data.to_bytes();
        assert!(AuthData::from_bytes(&again).is_some());
        for mechanism in [
            Mechanism::Mysql41,
            Mechanism::Sha256Memory,
            Mechanism::Plain,
        ] {
            let nonce = Nonce::from_bytes(NONCE);
            let exchange = ServerExchange::new(mechanism, nonce, Channel::Tls);
            let secret = Secret::Password("a password that no bytes hit upon".into());
            let verdict = exchange.map(|exchange| exchange.verify(&data, &secret));
            assert!(!matches!(verdict, Ok(Verdict::Passed)), "{mechanism:?}");
        }
    }
}

/// The method that the first byte picks, and the other bytes.
fn pick(data: &[u8]) -> Option<(Method, &[u8])> {
    let (&which, rest) = data.split_first()?;
    let index = usize::from(which) % Method::ALL.len();
    Some((*Method::ALL.get(index)?, rest))
}

/// The next message, which stands behind its length.
fn part(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&len, rest) = rest.split_first()?;
    Some(rest.split_at(usize::from(len).min(rest.len())))
}

const NONCE: &[u8] = b"0123456789abcdefghijklmnopqrstuv";
