//! `parsec` of MariaDB 11.6 and later: the nonces of server and client signed with a key that PBKDF2 derives
//! from the password.
//!
//! The server begins with its nonce; the client's response is empty, which asks for the
//! [`ExtSalt`]; the server sends it in AuthMoreData; the client sends its own nonce and the
//! [signature](response) of both.
//!
//! Documentation page: Authentication Plugin - PARSEC.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};

use crate::compare::same;
use crate::crypto::pbkdf2_sha512;
use crate::ed25519::is_signature;
use crate::{AuthError, LongNonce, Method, base64};

/// The length of a client's response in bytes: its nonce and the signature.
pub const RESPONSE_LEN: usize = LongNonce::LEN + 64;

/// The length of a salt in bytes.
pub const SALT_LEN: usize = 18;

/// The parameters by which `parsec` derives a key from a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtSalt {
    /// How often PBKDF2 iterates: `1024 << factor` times. At most [`MAX_FACTOR`](Self::MAX_FACTOR).
    factor: u8,
    /// The salt.
    salt: [u8; SALT_LEN],
}

impl ExtSalt {
    /// The length in bytes on the wire: `P` for PBKDF2, the factor, the salt.
    pub const LEN: usize = 2 + SALT_LEN;

    /// The greatest factor that this crate accepts: a million iterations, about half a second. MariaDB 11.8
    /// sends 0 and refuses more than 3.
    pub const MAX_FACTOR: u8 = 10;

    /// Parameters with `1024 << factor` iterations and this salt.
    ///
    /// # Errors
    /// [`AuthError::ExtSalt`] if the factor is more than [`MAX_FACTOR`](Self::MAX_FACTOR).
    pub fn new(factor: u8, salt: [u8; SALT_LEN]) -> Result<Self, AuthError> {
        if factor > Self::MAX_FACTOR {
            return Err(AuthError::ExtSalt);
        }
        Ok(Self { factor, salt })
    }

    /// Reads factor and salt from the server's message.
    ///
    /// # Errors
    /// [`AuthError::ExtSalt`] if the length is wrong, the first byte isn't `P`, or there would be too many
    /// iterations.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AuthError> {
        match bytes {
            [b'P', factor, salt @ ..] => {
                Self::new(*factor, salt.try_into().map_err(|_| AuthError::ExtSalt)?)
            }
            _ => Err(AuthError::ExtSalt),
        }
    }

    /// Writes factor and salt as the server's message.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let content = [b'P', self.factor].into_iter().chain(self.salt);
        for (to, from) in bytes.iter_mut().zip(content) {
            *to = from;
        }
        bytes
    }

    fn signing_key(&self, password: &[u8]) -> Result<SigningKey, AuthError> {
        let mut seed = [0; 32];
        let iterations = 1024 << self.factor;
        pbkdf2_sha512(password, &self.salt, iterations, &mut seed)?;
        Ok(SigningKey::from_bytes(&seed))
    }
}

/// The stored form of a password: the salt, and the public key that belongs to password and salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StoredKey {
    /// The salt, and the number of iterations of the key derivation.
    pub ext_salt: ExtSalt,
    /// The public key that belongs to the password and the salt.
    pub public_key: [u8; 32],
}

// With the key, passwords can be guessed as with a hash.
impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredKey(hidden)")
    }
}

impl StoredKey {
    /// The stored form of this password, with this salt and number of iterations.
    ///
    /// # Errors
    /// [`AuthError::OpenSsl`] if OpenSSL has no PBKDF2 with SHA-512.
    pub fn of(password: &[u8], ext_salt: ExtSalt) -> Result<Self, AuthError> {
        Ok(Self {
            ext_salt,
            public_key: ext_salt.signing_key(password)?.verifying_key().to_bytes(),
        })
    }

    /// Reads the format that MariaDB's `PASSWORD()` writes: `P`, the factor as a digit (`A` for 10), and after colons
    /// salt and public key as base64, with or without padding.
    ///
    /// # Errors
    /// [`AuthError::NotStored`] for anything else.
    pub fn parse(stored: &[u8]) -> Result<Self, AuthError> {
        let read = || {
            let mut parts = stored.split(|byte| *byte == b':');
            let (kdf, salt, key) = (parts.next()?, parts.next()?, parts.next()?);
            let factor = match kdf {
                [b'P', digit @ b'0'..=b'9'] => digit - b'0',
                [b'P', b'A'] => 10,
                _ => return None,
            };
            let ext_salt = ExtSalt::new(factor, base64::decode(salt)?).ok()?;
            let public_key = base64::decode(key)?;
            parts.next().is_none().then_some(Self {
                ext_salt,
                public_key,
            })
        };
        read().ok_or(AuthError::NotStored {
            method: Method::Parsec,
        })
    }

    /// Writes the format of MariaDB's `PASSWORD()`. A factor of 10 is the letter `A`, as in base 62.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        let salt = base64::encode(&self.ext_salt.salt);
        let key = base64::encode(&self.public_key);
        format!("P{:X}:{salt}:{key}", self.ext_salt.factor).into_bytes()
    }

    /// Whether this is the stored form of the given password.
    #[must_use]
    pub fn is_of(&self, password: &[u8]) -> bool {
        Self::of(password, self.ext_salt)
            .is_ok_and(|other| same(&self.public_key, &other.public_key))
    }
}

/// The client's response to the server's salt: the client's nonce, and the signature of both
/// nonces.
///
/// # Errors
/// [`AuthError::OpenSsl`] if OpenSSL has no PBKDF2 with SHA-512.
pub fn response(
    password: &[u8],
    server_nonce: &LongNonce,
    client_nonce: &LongNonce,
    ext_salt: &ExtSalt,
) -> Result<Vec<u8>, AuthError> {
    let key = ext_salt.signing_key(password)?;
    let signed = [*server_nonce.as_bytes(), *client_nonce.as_bytes()].concat();
    let signature = key.sign(&signed).to_bytes();
    Ok([&client_nonce.as_bytes()[..], &signature].concat())
}

/// Whether `response` is right for `server_nonce` and the password that has this key. The time may
/// vary, as checking a signature uses no secret.
#[must_use]
pub fn verify_key(response: &[u8], key: &StoredKey, server_nonce: &LongNonce) -> bool {
    response
        .split_at_checked(LongNonce::LEN)
        .is_some_and(|(client_nonce, signature)| {
            let signed = [server_nonce.as_bytes(), client_nonce].concat();
            is_signature(signature, &signed, &key.public_key)
        })
}
