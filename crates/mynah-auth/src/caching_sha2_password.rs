//! `caching_sha2_password`: a fast path for a server that remembers the password's hash, and a
//! full authentication, in which it gets the password, for one that doesn't.
//!
//! Documentation page: Caching_sha2_password information.

use std::fmt;

use openssl::sha::{Sha256, sha256};

use crate::Nonce;
use crate::compare::same;
use crate::xor::xor;

/// Length of a response to a password that isn't empty.
pub const RESPONSE_LEN: usize = 32;

/// What the client says to get the server's public key, when it has to send the password over a
/// channel that isn't secure.
pub const REQUEST_PUBLIC_KEY: u8 = 0x02;

/// What the server says when the response was right: OK follows.
pub const FAST_AUTH_SUCCESS: u8 = 0x03;

/// What the server says when it doesn't know the password's hash: the client has to send the
/// password, [in clear](crate::clear_password) over a secure channel or
/// [encrypted](crate::rsa).
pub const PERFORM_FULL_AUTHENTICATION: u8 = 0x04;

/// SHA256(SHA256(password)), which the server remembers after a full authentication.
#[derive(Clone, Copy)]
pub struct Hash(pub [u8; RESPONSE_LEN]);

impl Hash {
    /// The hash of a password.
    #[must_use]
    pub fn of(password: &[u8]) -> Self {
        Self(sha256(&sha256(password)))
    }

    /// Whether it is the hash of this password.
    #[must_use]
    pub fn is_of(&self, password: &[u8]) -> bool {
        same(&self.0, &Self::of(password).0)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(hidden)")
    }
}

/// The client's response: a NUL for an empty password, as MySQL's own clients have it, 32 bytes
/// for any other.
#[must_use]
pub fn response(password: &[u8], nonce: &Nonce) -> Vec<u8> {
    if password.is_empty() {
        return vec![0];
    }
    scramble(password, nonce).to_vec()
}

/// Whether `response` is the one to `password` and `nonce`. Takes as long whatever it is.
#[must_use]
pub fn verify(response: &[u8], password: &[u8], nonce: &Nonce) -> bool {
    if password.is_empty() {
        return is_empty_password(response);
    }
    same(response, &scramble(password, nonce))
}

/// Whether `response` is the one to `nonce` and the password of that hash.
#[must_use]
pub fn verify_hash(response: &[u8], hash: &Hash, nonce: &Nonce) -> bool {
    <[u8; RESPONSE_LEN]>::try_from(response)
        .is_ok_and(|response| same(&sha256(&xor(response, mask(hash, nonce))), &hash.0))
}

/// Whether `response` is the one to an empty password: nothing or a NUL, depending on the client.
#[must_use]
pub fn is_empty_password(response: &[u8]) -> bool {
    matches!(response, b"" | b"\0")
}

pub(crate) fn scramble(password: &[u8], nonce: &Nonce) -> [u8; RESPONSE_LEN] {
    let once = sha256(password);
    xor(once, mask(&Hash(sha256(&once)), nonce))
}

fn mask(hash: &Hash, nonce: &Nonce) -> [u8; RESPONSE_LEN] {
    let mut mask = Sha256::new();
    mask.update(&hash.0);
    mask.update(nonce.as_bytes());
    mask.finish()
}
