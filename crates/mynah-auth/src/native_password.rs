//! `mysql_native_password`: SHA1(password) hidden by SHA1(nonce, SHA1(SHA1(password))).
//!
//! Documentation page: Native Authentication.

use openssl::sha::{Sha1, sha1};

use crate::Nonce;
use crate::xor::xor;

/// Length of a response to a password that isn't empty.
pub const RESPONSE_LEN: usize = 20;

/// The client's response: nothing for an empty password, 20 bytes for any other.
#[must_use]
pub fn response(password: &[u8], nonce: &Nonce) -> Vec<u8> {
    if password.is_empty() {
        return Vec::new();
    }
    scramble(password, nonce).to_vec()
}

/// Whether `response` is the one to `password` and `nonce`. Takes as long whatever it is.
#[must_use]
pub fn verify(response: &[u8], password: &[u8], nonce: &Nonce) -> bool {
    if password.is_empty() {
        return response.is_empty();
    }
    response.len() == RESPONSE_LEN && openssl::memcmp::eq(response, &scramble(password, nonce))
}

fn scramble(password: &[u8], nonce: &Nonce) -> [u8; RESPONSE_LEN] {
    let once = sha1(password);
    let mut hidden = Sha1::new();
    hidden.update(nonce.as_bytes());
    hidden.update(&sha1(&once));
    xor(once, hidden.finish())
}
