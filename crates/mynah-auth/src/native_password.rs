//! `mysql_native_password`: SHA1(password) hidden by SHA1(nonce, SHA1(SHA1(password))).
//!
//! Documentation page: Native Authentication.

use std::fmt;

use crate::compare::same;
use crate::crypto::{Sha1, sha1};
use crate::xor::xor;
use crate::{AuthError, Method, Nonce, hex};

/// The length in bytes of a response to a password that isn't empty.
pub const RESPONSE_LEN: usize = 20;

/// SHA1(SHA1(password)), which the server stores for an account. For an account without a password, real servers
/// store an empty text instead.
#[derive(Clone, Copy)]
pub struct Hash(pub [u8; RESPONSE_LEN]);

impl Hash {
    /// The hash of a password, as a server stores it for `mysql_native_password`. An empty password is hashed, too,
    /// although real servers store no hash of it.
    #[must_use]
    pub fn of(password: &[u8]) -> Self {
        Self(sha1(&sha1(password)))
    }

    /// Reads the format that `PASSWORD()` of MariaDB, and of MySQL before 8.0, writes: `*` and 40 hex digits, in either
    /// case.
    ///
    /// # Errors
    /// [`AuthError::NotStored`] for anything else.
    pub fn parse(stored: &[u8]) -> Result<Self, AuthError> {
        stored
            .strip_prefix(b"*")
            .and_then(hex::decode)
            .map(Self)
            .ok_or(AuthError::NotStored {
                method: Method::NativePassword,
            })
    }

    /// Writes the format of `PASSWORD()` of MariaDB, and of MySQL before 8.0: `*` and 40 hex digits, in upper case.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        [&b"*"[..], &hex::encode(&self.0)].concat()
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

/// The client's response: empty for an empty password, 20 bytes for any other.
#[must_use]
pub fn response(password: &[u8], nonce: &Nonce) -> Vec<u8> {
    if password.is_empty() {
        return Vec::new();
    }
    scramble(password, nonce).to_vec()
}

/// Whether `response` is right for `password` and `nonce`. The time doesn't reveal how many bytes of the response are
/// right.
#[must_use]
pub fn verify(response: &[u8], password: &[u8], nonce: &Nonce) -> bool {
    if password.is_empty() {
        return response.is_empty();
    }
    same(response, &scramble(password, nonce))
}

/// Whether `response` is right for `nonce` and the password that has this hash.
#[must_use]
pub fn verify_hash(response: &[u8], hash: &Hash, nonce: &Nonce) -> bool {
    // Removing the mask leaves SHA1(password), of which the stored hash is the SHA1.
    <[u8; RESPONSE_LEN]>::try_from(response)
        .is_ok_and(|response| same(&sha1(&xor(response, mask(hash, nonce))), &hash.0))
}

pub(crate) fn scramble(password: &[u8], nonce: &Nonce) -> [u8; RESPONSE_LEN] {
    let once = sha1(password);
    xor(once, mask(&Hash(sha1(&once)), nonce))
}

fn mask(hash: &Hash, nonce: &Nonce) -> [u8; RESPONSE_LEN] {
    let mut mask = Sha1::new();
    mask.update(nonce.as_bytes());
    mask.update(&hash.0);
    mask.finish()
}
