use openssl::hash::MessageDigest;
use openssl::{memcmp, pkcs5};

pub(crate) use openssl::error::ErrorStack as Error;
pub(crate) use openssl::sha::{Sha1, Sha256, sha1, sha256, sha512};

/// Whether two byte strings of the same length are equal, in a time that depends on the length only.
pub(crate) fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && memcmp::eq(a, b)
}

/// Derives a key from a password by PBKDF2 with SHA-512.
pub(crate) fn pbkdf2_sha512(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    key: &mut [u8],
) -> Result<(), Error> {
    let iterations = usize::try_from(iterations).unwrap_or(usize::MAX);
    pkcs5::pbkdf2_hmac(password, salt, iterations, MessageDigest::sha512(), key)
}
