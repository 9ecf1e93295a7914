//! Bytes that no client or server would send are refused, and never cause a panic.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::LazyLock;

use mynah_auth::client::{self, ServerKey};
use mynah_auth::parsec::{ExtSalt, StoredKey};
use mynah_auth::server::{self, Secret, Step};
use mynah_auth::x::{AuthData, ClientExchange, Mechanism, ServerExchange, Verdict};
use mynah_auth::{
    Channel, LongNonce, Method, Nonce, caching_sha2_password, clear_password, ed25519,
    native_password, parsec, rsa,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..64),
        vec(any::<u8>(), 90..100),
        vec(any::<u8>(), 250..260),
        // Bytes that have a meaning in some method.
        select(vec![
            vec![],
            vec![0],
            vec![1],
            vec![2],
            vec![3],
            vec![4],
            vec![b'P'; 20]
        ]),
        any::<[u8; 18]>().prop_map(|salt| [&b"P\0"[..], &salt].concat()),
    ]
}

fn channel() -> impl Strategy<Value = Channel> {
    select(vec![Channel::Tls, Channel::Insecure])
}

fn private_key() -> &'static rsa::PrivateKey {
    static KEY: LazyLock<rsa::PrivateKey> = LazyLock::new(|| rsa::PrivateKey::generate().unwrap());
    &KEY
}

proptest! {
    #[test]
    fn a_response_of_any_bytes_is_refused(response in bytes(), key in any::<[u8; 32]>()) {
        let nonce = Nonce::from_bytes(b"01234567890123456789");
        let long = LongNonce::from_bytes(b"0123456789");
        let native = native_password::Hash::of(b"secret");
        let sha2 = caching_sha2_password::Hash::of(b"secret");
        prop_assert!(!native_password::verify(&response, b"secret", &nonce));
        prop_assert!(!native_password::verify_hash(&response, &native, &nonce));
        prop_assert!(!caching_sha2_password::verify(&response, b"secret", &nonce));
        prop_assert!(!caching_sha2_password::verify_hash(&response, &sha2, &nonce));
        prop_assert!(!clear_password::verify(&response, b"secret"));
        prop_assert!(!ed25519::verify(&response, b"secret", &long));
        prop_assert!(!ed25519::verify_key(&response, &ed25519::PublicKey(key), &long));
        let ext_salt = ExtSalt::new(0, [1; 18]).unwrap();
        let stored = StoredKey { ext_salt, public_key: key };
        prop_assert!(!parsec::verify_key(&response, &stored, &long));
        prop_assert_eq!(private_key().decrypt(&response, &nonce), None);
    }

    #[test]
    fn a_server_ends_after_at_most_three_answers_and_accepts_no_nonsense(
        answers in vec(bytes(), 4),
        method in select(Method::ALL.to_vec()),
        channel in channel(),
        with_key in any::<bool>(),
        forgets in any::<bool>(),
    ) {
        let mut options = server::Options::new(channel);
        options.rsa_key = with_key.then(|| private_key().clone());
        if forgets {
            options.remembered = server::Remembered::Nothing;
        }
        let secret = Secret::Password("secret".into());
        if let Ok(mut server) = server::Exchange::new(method, secret, &[b'n'; 32], options) {
            let mut steps = answers.iter().map(|answer| server.handle(answer));
            prop_assert!(steps.all(|step| matches!(step, Step::More(_) | Step::Refused(_))));
            prop_assert!(matches!(server.handle(b""), Step::Refused(_)));
        }
    }

    #[test]
    fn a_client_survives_any_data_of_a_server(
        name in select(Method::ALL.map(Method::name).to_vec()),
        data in bytes(),
        said in vec(bytes(), 4),
        channel in channel(),
        asks in any::<bool>(),
    ) {
        let mut options = client::Credentials::new("secret", channel, LongNonce::from_bytes(b""));
        if asks {
            options.server_key = ServerKey::Ask;
        }
        let mut client = client::Exchange::new(options);
        let _ = client.greeting(name.as_bytes(), &data);
        let _ = client.begin(name.as_bytes(), &data);
        for data in &said {
            if let Ok(Some(answer)) = client.more_data(data)
                && channel == Channel::Insecure
            {
                prop_assert!(!answer.starts_with(b"secret"));
            }
        }
        let _ = client.begin(&data, &data);
        let _ = client.next_factor(&data, &data);
    }

    #[test]
    fn keys_and_salts_of_any_bytes_are_not_read(bytes in bytes(), label in "[A-Z ]{0,12}") {
        prop_assert!(rsa::PublicKey::from_pem(&bytes).is_err());
        prop_assert!(rsa::PrivateKey::from_pem(&bytes).is_err());
        let text: String = bytes.iter().map(|byte| char::from(byte % 64 + 48)).collect();
        for label in [&label[..], "PUBLIC KEY", "RSA PUBLIC KEY", "PRIVATE KEY"] {
            let pem = format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n");
            prop_assert!(rsa::PublicKey::from_pem(pem.as_bytes()).is_err());
            prop_assert!(rsa::PrivateKey::from_pem(pem.as_bytes()).is_err());
        }
        if let Ok(ext_salt) = ExtSalt::from_bytes(&bytes) {
            prop_assert_eq!(&ext_salt.to_bytes()[..], &bytes[..]);
        }
        for method in Method::ALL {
            let _ = Secret::parse(method, &bytes);
            let _ = Secret::parse(method, text.as_bytes());
        }
    }

    #[test]
    fn x_authentication_data_of_any_bytes_is_refused(
        data in bytes(),
        response in "[*0-9a-fA-F]{0,66}",
        mechanism in select(Mechanism::ALL.to_vec()),
    ) {
        let nonce = Nonce::from_bytes(b"01234567890123456789");
        let server = ServerExchange::new(mechanism, nonce, Channel::Tls).unwrap();
        let secret = Secret::Password("secret".into());
        let made = [b"\0root\0", response.as_bytes()].concat();
        for data in [&data, &made] {
            if let Some(data) = AuthData::from_bytes(data) {
                prop_assert_eq!(server.verify(&data, &secret), Verdict::Refused);
            }
        }
        let client = ClientExchange::new(mechanism, b"", b"root", "secret", Channel::Tls);
        let _ = client.unwrap().handle(&data);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_key_with_one_byte_changed_is_read_or_not_but_never_a_panic(
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let mut pem = private_key().public_key_pem().unwrap();
        let at = at.index(pem.len());
        pem[at] = to;
        if let Ok(key) = rsa::PublicKey::from_pem(&pem) {
            let _ = key.encrypt(b"secret", &Nonce::from_bytes(b"nonce"));
        }
    }
}
