//! `caching_sha2_password`: the fast path, for a server that knows the password's hash.
//!
//! Documentation page: Caching_sha2_password information.

use openssl::sha::{Sha256, sha256};

use crate::Nonce;
use crate::xor::xor;

/// Length of a response to a password that isn't empty.
pub const RESPONSE_LEN: usize = 32;

/// What the server says when the response was right: OK follows.
pub const FAST_AUTH_SUCCESS: u8 = 0x03;

/// What the server says when it doesn't know the password's hash: the client has to send the
/// password, under TLS or encrypted.
pub const PERFORM_FULL_AUTHENTICATION: u8 = 0x04;

/// The client's response: nothing for an empty password, 32 bytes for any other.
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
        return is_empty_password(response);
    }
    response.len() == RESPONSE_LEN && openssl::memcmp::eq(response, &scramble(password, nonce))
}

/// Whether `response` is the one to an empty password: nothing, or after a switch a NUL.
#[must_use]
pub fn is_empty_password(response: &[u8]) -> bool {
    matches!(response, b"" | b"\0")
}

fn scramble(password: &[u8], nonce: &Nonce) -> [u8; RESPONSE_LEN] {
    let once = sha256(password);
    let mut hidden = Sha256::new();
    hidden.update(&sha256(&once));
    hidden.update(nonce.as_bytes());
    xor(once, hidden.finish())
}
