use sha2::Digest;
use subtle::ConstantTimeEq;

/// Nothing fails here.
pub(crate) use std::convert::Infallible as Error;

/// SHA-1 of bytes that are given in parts.
pub(crate) struct Sha1(sha1::Sha1);

/// SHA-256 of bytes that are given in parts.
pub(crate) struct Sha256(sha2::Sha256);

impl Sha1 {
    pub(crate) fn new() -> Self {
        Self(sha1::Sha1::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 20] {
        self.0.finalize().into()
    }
}

impl Sha256 {
    pub(crate) fn new() -> Self {
        Self(sha2::Sha256::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

pub(crate) fn sha1(bytes: &[u8]) -> [u8; 20] {
    sha1::Sha1::digest(bytes).into()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

pub(crate) fn sha512(bytes: &[u8]) -> [u8; 64] {
    sha2::Sha512::digest(bytes).into()
}

/// Whether two byte strings of the same length are equal, in a time that depends on the length only.
pub(crate) fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Derives a key from a password by PBKDF2 with SHA-512.
pub(crate) fn pbkdf2_sha512(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    key: &mut [u8],
) -> Result<(), Error> {
    pbkdf2::pbkdf2_hmac::<sha2::Sha512>(password, salt, iterations, key);
    Ok(())
}
