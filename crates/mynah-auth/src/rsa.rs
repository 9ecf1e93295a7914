//! Passwords encrypted for the server's RSA key, as
//! [`caching_sha2_password`](crate::caching_sha2_password) and
//! [`sha256_password`](crate::sha256_password) send them over an insecure channel, the latter on a Unix
//! socket, too.
//!
//! The password and a NUL, XORed with the repeated nonce, are encrypted with OAEP and SHA-1. MySQL
//! before 8.0.5 pads in another way, which isn't supported.

use std::fmt;

use crate::xor::xor_cyclic;
use crate::{AuthError, Nonce, base64, crypto};

/// An RSA public key of a server, for which clients encrypt passwords.
#[derive(Clone)]
pub struct PublicKey(crypto::rsa::PublicKey);

impl PublicKey {
    /// Reads a key in PEM, as servers send it: `PUBLIC KEY` or `RSA PUBLIC KEY`.
    ///
    /// # Errors
    /// [`AuthError::NotAnRsaKey`] for anything else.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AuthError> {
        // OpenSSL's own PEM reader isn't used: for a key that claims to be encrypted it asks the
        // terminal for a pass phrase, and the claim comes from the server.
        let (label, der) = read_pem(pem).ok_or(AuthError::NotAnRsaKey)?;
        let key = match label {
            b"PUBLIC KEY" => crypto::rsa::PublicKey::from_spki(&der),
            b"RSA PUBLIC KEY" => crypto::rsa::PublicKey::from_pkcs1(&der),
            _ => return Err(AuthError::NotAnRsaKey),
        };
        key.map(Self)
    }

    /// Encrypts the password for this key, in the form in which a client sends it in answer to `nonce`.
    ///
    /// # Errors
    /// [`AuthError::PasswordTooLong`] if the key is too short for the password,
    /// [`AuthError::OpenSsl`] if the key can't encrypt.
    pub fn encrypt(&self, password: &[u8], nonce: &Nonce) -> Result<Vec<u8>, AuthError> {
        // The closing NUL is encrypted as well.
        let max = self.0.len().saturating_sub(OAEP_OVERHEAD + 1);
        if password.len() > max {
            return Err(AuthError::PasswordTooLong {
                len: password.len(),
                max,
            });
        }
        let mut plain = [password, b"\0"].concat();
        // OAEP is randomized, but the nonce keeps a recorded message from being used for another login.
        xor_cyclic(&mut plain, nonce.as_bytes());
        self.0.encrypt(&plain)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits)", self.0.bits())
    }
}

/// An RSA private key of a server, which decrypts clients' passwords.
#[derive(Clone)]
pub struct PrivateKey(crypto::rsa::PrivateKey);

impl PrivateKey {
    /// Reads a key in PEM without a pass phrase: `PRIVATE KEY` or `RSA PRIVATE KEY`.
    ///
    /// # Errors
    /// [`AuthError::NotAnRsaKey`] for anything else.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AuthError> {
        crypto::rsa::PrivateKey::from_pem(pem).map(Self)
    }

    /// Generates a new key of 2048 bits, like servers do. This can take a second.
    ///
    /// # Errors
    /// [`AuthError::OpenSsl`] if OpenSSL can't make one.
    pub fn generate() -> Result<Self, AuthError> {
        crypto::rsa::PrivateKey::generate(2048).map(Self)
    }

    /// The public key that belongs to this key, in PEM, as the server sends it.
    ///
    /// # Errors
    /// [`AuthError::OpenSsl`] if OpenSSL can't write it.
    pub fn public_key_pem(&self) -> Result<Vec<u8>, AuthError> {
        self.0.public_key_pem()
    }

    /// Decrypts a client's password, which was encrypted in answer to `nonce`; `None` if it isn't encrypted for
    /// this key, or no NUL ends it.
    #[must_use]
    pub fn decrypt(&self, encrypted: &[u8], nonce: &Nonce) -> Option<Vec<u8>> {
        let mut plain = self.0.decrypt(encrypted)?;
        xor_cyclic(&mut plain, nonce.as_bytes());
        // Clients encrypt the closing NUL, too. Without it the plain text isn't a password.
        (plain.pop() == Some(0)).then_some(plain)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits, hidden)", self.0.bits())
    }
}

/// The label and the content of the first PEM block; `None` if it has headers or a bad ending.
fn read_pem(pem: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let mut lines = pem.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let label = lines.find_map(|line| label(line, b"-----BEGIN "))?;
    let mut text = Vec::new();
    for line in lines {
        if let Some(end) = self::label(line, b"-----END ") {
            return (end == label)
                .then(|| base64::decode_any(&text))
                .flatten()
                .map(|der| (label, der));
        }
        text.extend_from_slice(line);
    }
    None
}

fn label<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

/// How many bytes shorter than the key the plain text must be for OAEP with SHA-1.
const OAEP_OVERHEAD: usize = 42;
