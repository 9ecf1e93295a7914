//! `client_ed25519` of MariaDB: the nonce signed with a key derived from the password.
//!
//! Standard Ed25519, and [`parsec`](crate::parsec), hash a seed of 32 bytes with SHA-512 to get the
//! secret scalar and the input of the signature's own nonce. MariaDB hashes the password instead,
//! whatever its length. The rest is standard Ed25519.
//!
//! Documentation page: Authentication Plugin - ed25519.

use std::fmt;

use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign};
use ed25519_dalek::{Sha512, Signature, VerifyingKey};

use crate::compare::same;
use crate::crypto::sha512;
use crate::{AuthError, LongNonce, Method, base64};

/// Length of a client's response in bytes; the response is a signature of the nonce.
pub const RESPONSE_LEN: usize = 64;

/// Length of a public key in bytes.
pub const PUBLIC_KEY_LEN: usize = 32;

/// The public key of a password, which MariaDB's server stores.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; PUBLIC_KEY_LEN]);

// With the key, passwords can be guessed as with a hash.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(hidden)")
    }
}

impl PublicKey {
    /// The public key that belongs to a password; a server stores it in place of the password.
    #[must_use]
    pub fn of(password: &[u8]) -> Self {
        Self(VerifyingKey::from(&secret_key(password)).to_bytes())
    }

    /// Reads the format that MariaDB's `ed25519_password()` and `PASSWORD()` write: base64, with or without padding.
    ///
    /// # Errors
    /// [`AuthError::NotStored`] for anything else.
    pub fn parse(stored: &[u8]) -> Result<Self, AuthError> {
        base64::decode(stored)
            .map(Self)
            .ok_or(AuthError::NotStored {
                method: Method::Ed25519,
            })
    }

    /// Writes the format of MariaDB's `ed25519_password()` and `PASSWORD()`: base64 without padding.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        base64::encode(&self.0).into_bytes()
    }

    /// Whether this is the key of the given password.
    #[must_use]
    pub fn is_of(&self, password: &[u8]) -> bool {
        same(&self.0, &Self::of(password).0)
    }
}

/// The client's response, also for an empty password: the signature of the nonce.
#[must_use]
pub fn response(password: &[u8], nonce: &LongNonce) -> [u8; RESPONSE_LEN] {
    let key = secret_key(password);
    raw_sign::<Sha512>(&key, nonce.as_bytes(), &VerifyingKey::from(&key)).to_bytes()
}

/// Whether `response` is right for `password` and `nonce`.
#[must_use]
pub fn verify(response: &[u8], password: &[u8], nonce: &LongNonce) -> bool {
    verify_key(response, &PublicKey::of(password), nonce)
}

/// Whether `response` is right for `nonce` and the password that has this public key. The time may
/// vary, as checking a signature uses no secret.
#[must_use]
pub fn verify_key(response: &[u8], key: &PublicKey, nonce: &LongNonce) -> bool {
    is_signature(response, nonce.as_bytes(), &key.0)
}

pub(crate) fn is_signature(signature: &[u8], message: &[u8], key: &[u8; PUBLIC_KEY_LEN]) -> bool {
    let Ok(signature) = Signature::from_slice(signature) else {
        return false;
    };
    // `verify_strict` also rejects weak keys, for which a signature fits several messages.
    VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

fn secret_key(password: &[u8]) -> ExpandedSecretKey {
    ExpandedSecretKey::from_bytes(&sha512(password))
}
