//! `caching_sha2_password`: a fast path for a server that remembers the password's hash, and full
//! authentication if the server has no hash or the response doesn't fit the hash. In full
//! authentication the client sends the password itself.
//!
//! Documentation page: Caching_sha2_password information.

use std::fmt;

use crate::Nonce;
use crate::compare::same;
use crate::crypto::{Sha256, sha256};
use crate::xor::xor;

/// The length in bytes of a response to a password that isn't empty.
pub const RESPONSE_LEN: usize = 32;

/// The client's request for the server's public key, which it needs to send the password over an
/// insecure channel.
pub const REQUEST_PUBLIC_KEY: u8 = 0x02;

/// The server's message that the response to the nonce was right. OK or NextFactor follows.
pub const FAST_AUTH_SUCCESS: u8 = 0x03;

/// The server's message that it remembers no hash of the password, or another one than the response
/// was computed from. The client has to send the password, [in clear](crate::clear_password) over a
/// secure channel or [encrypted](crate::rsa).
pub const PERFORM_FULL_AUTHENTICATION: u8 = 0x04;

/// SHA256(SHA256(password)), which the server remembers after a full authentication.
#[derive(Clone, Copy)]
pub struct Hash(pub [u8; RESPONSE_LEN]);

impl Hash {
    /// The hash of a password, as a server that uses `caching_sha2_password` caches it.
    #[must_use]
    pub fn of(password: &[u8]) -> Self {
        Self(sha256(&sha256(password)))
    }

    /// Whether this is the hash of the given password.
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

/// The client's response: a NUL for an empty password, as with MySQL's own clients, 32 bytes for
/// any other.
#[must_use]
pub fn response(password: &[u8], nonce: &Nonce) -> Vec<u8> {
    if password.is_empty() {
        return vec![0];
    }
    scramble(password, nonce).to_vec()
}

/// Whether `response` is right for `password` and `nonce`. The time doesn't reveal how many bytes of the response are
/// right.
#[must_use]
pub fn verify(response: &[u8], password: &[u8], nonce: &Nonce) -> bool {
    if password.is_empty() {
        return is_empty_password(response);
    }
    same(response, &scramble(password, nonce))
}

/// Whether `response` is right for `nonce` and the password that has this hash.
#[must_use]
pub fn verify_hash(response: &[u8], hash: &Hash, nonce: &Nonce) -> bool {
    // The response is SHA256(password) XOR a mask of hash and nonce. Taking the mask off and hashing once
    // more gives the stored hash, without the password being known.
    <[u8; RESPONSE_LEN]>::try_from(response)
        .is_ok_and(|response| same(&sha256(&xor(response, mask(hash, nonce))), &hash.0))
}

/// Whether `response` stands for an empty password: it is empty or a NUL, depending on the client.
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
