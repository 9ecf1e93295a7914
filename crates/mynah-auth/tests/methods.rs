//! Each method's responses against an independent implementation of its client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::LazyLock;

use mynah_auth::parsec::{ExtSalt, StoredKey};
use mynah_auth::{
    LongNonce, Nonce, caching_sha2_password, clear_password, ed25519, native_password, parsec, rsa,
};
use mysql_common::crypto;
use mysql_common::scramble::{
    create_response_for_ed25519, create_response_for_parsec, scramble_native, scramble_sha256,
};
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
    fn ed25519_responses_are_those_of_another_client(
        password in "\\PC{0,40}",
        nonce in any::<[u8; 32]>(),
    ) {
        let ours = ed25519::response(password.as_bytes(), &LongNonce::from_bytes(&nonce));
        let theirs = create_response_for_ed25519(password.as_bytes(), &nonce);
        prop_assert_eq!(ours, theirs);
        prop_assert!(ed25519::verify(&theirs, password.as_bytes(), &LongNonce::from_bytes(&nonce)));
    }

    #[test]
    fn parsec_responses_of_another_client_pass(
        password in "\\PC{0,40}",
        nonce in any::<[u8; 32]>(),
        salt in any::<[u8; 18]>(),
        factor in 0u8..3,
    ) {
        let theirs =
            create_response_for_parsec(password.as_bytes(), &nonce, 1024 << factor, &salt);
        let ext_salt = ExtSalt::new(factor, salt).unwrap();
        let (nonce, own) = (LongNonce::from_bytes(&nonce), LongNonce::from_bytes(&theirs[..32]));
        let ours = parsec::response(password.as_bytes(), &nonce, &own, &ext_salt).unwrap();
        prop_assert_eq!(&ours[..], &theirs[..]);
        let key = StoredKey::of(password.as_bytes(), ext_salt).unwrap();
        prop_assert!(parsec::verify_key(&theirs, &key, &nonce));
        let other = StoredKey::of(b"\x01", ext_salt).unwrap();
        prop_assert!(!parsec::verify_key(&theirs, &other, &nonce));
    }

    #[test]
    fn passwords_that_another_client_encrypted_are_decrypted(
        password in "\\PC{0,40}",
        nonce in any::<[u8; 20]>(),
    ) {
        let key = private_key();
        let mut plain = [password.as_bytes(), b"\0"].concat();
        for (byte, with) in plain.iter_mut().zip(nonce.iter().cycle()) {
            *byte ^= with;
        }
        let theirs = crypto::encrypt(&plain, &key.public_key_pem().unwrap());
        let nonce = Nonce::from_bytes(&nonce);
        prop_assert_eq!(key.decrypt(&theirs, &nonce), Some(password.clone().into_bytes()));
        let ours = public_key(key).encrypt(password.as_bytes(), &nonce).unwrap();
        prop_assert_eq!(ours.len(), theirs.len());
        prop_assert_eq!(key.decrypt(&ours, &nonce), Some(password.into_bytes()));
    }

    #[test]
    fn a_hash_checks_a_response_as_its_password_does(
        password in "\\PC{1,20}",
        other in "\\PC{1,20}",
        nonce in any::<[u8; 20]>(),
    ) {
        prop_assume!(password != other);
        let (password, other) = (password.as_bytes(), other.as_bytes());
        let nonce = Nonce::from_bytes(&nonce);

        let (hash, wrong) = (native_password::Hash::of(password), native_password::Hash::of(other));
        let response = native_password::response(password, &nonce);
        prop_assert!(native_password::verify_hash(&response, &hash, &nonce));
        prop_assert!(!native_password::verify_hash(&response, &wrong, &nonce));

        let (hash, wrong) = (
            caching_sha2_password::Hash::of(password),
            caching_sha2_password::Hash::of(other),
        );
        let response = caching_sha2_password::response(password, &nonce);
        prop_assert!(caching_sha2_password::verify_hash(&response, &hash, &nonce));
        prop_assert!(!caching_sha2_password::verify_hash(&response, &wrong, &nonce));
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
}

#[test]
fn an_empty_password_is_a_response_of_its_own() {
    let nonce = Nonce::from_bytes(b"01234567890123456789");
    assert!(native_password::response(b"", &nonce).is_empty());
    assert_eq!(caching_sha2_password::response(b"", &nonce), b"\0");
    for response in [&b""[..], b"\0"] {
        assert!(caching_sha2_password::verify(response, b"", &nonce));
    }
    assert_eq!(clear_password::response(b""), b"\0");
}

#[test]
fn a_password_that_is_too_long_for_the_key_is_not_encrypted() {
    let nonce = Nonce::from_bytes(b"01234567890123456789");
    let key = public_key(private_key());
    assert_eq!(key.encrypt(&[b'a'; 213], &nonce).unwrap().len(), 256);
    let error = key.encrypt(&[b'a'; 214], &nonce).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the RSA key encrypts passwords of up to 213 bytes, this one has 214"
    );
}

#[test]
fn keys_are_not_printed() {
    let text = format!("{:?} {:?}", private_key(), public_key(private_key()));
    assert_eq!(text, "PrivateKey(2048 bits, hidden) PublicKey(2048 bits)");
}

#[test]
fn a_key_that_says_it_is_encrypted_is_refused_without_asking_for_a_pass_phrase() {
    let pem = String::from_utf8(private_key().public_key_pem().unwrap()).unwrap();
    let headers =
        "PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0123456789ABCDEF\n\n";
    let encrypted = pem.replacen("PUBLIC KEY-----\n", headers, 1);
    assert!(rsa::PublicKey::from_pem(pem.as_bytes()).is_ok());
    assert!(rsa::PublicKey::from_pem(encrypted.as_bytes()).is_err());
    let private =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    assert!(rsa::PrivateKey::from_pem(private.as_bytes()).is_err());
}

fn private_key() -> &'static rsa::PrivateKey {
    static KEY: LazyLock<rsa::PrivateKey> = LazyLock::new(|| rsa::PrivateKey::generate().unwrap());
    &KEY
}

fn public_key(key: &rsa::PrivateKey) -> rsa::PublicKey {
    rsa::PublicKey::from_pem(&key.public_key_pem().unwrap()).unwrap()
}
