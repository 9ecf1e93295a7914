use openssl::pkey::{Private, Public};
use openssl::rsa::{Padding, Rsa};

use crate::AuthError;

/// An RSA public key.
#[derive(Clone)]
pub(crate) struct PublicKey(Rsa<Public>);

impl PublicKey {
    /// Reads the content of a PEM block `PUBLIC KEY`.
    pub(crate) fn from_spki(der: &[u8]) -> Result<Self, AuthError> {
        let key = Rsa::public_key_from_der(der);
        key.map(Self).map_err(|_| AuthError::NotAnRsaKey)
    }

    /// Reads the content of a PEM block `RSA PUBLIC KEY`.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Self, AuthError> {
        let key = Rsa::public_key_from_der_pkcs1(der);
        key.map(Self).map_err(|_| AuthError::NotAnRsaKey)
    }

    /// The length of the key in bytes.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.0.size()).unwrap_or_default()
    }

    /// The length of the key in bits.
    pub(crate) fn bits(&self) -> i32 {
        self.0.n().num_bits()
    }

    /// Encrypts with OAEP and SHA-1.
    pub(crate) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, AuthError> {
        let mut encrypted = vec![0; self.len()];
        let padding = Padding::PKCS1_OAEP;
        let len = self.0.public_encrypt(plain, &mut encrypted, padding)?;
        encrypted.truncate(len);
        Ok(encrypted)
    }
}

/// An RSA private key.
#[derive(Clone)]
pub(crate) struct PrivateKey(Rsa<Private>);

impl PrivateKey {
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, AuthError> {
        // Without a callback OpenSSL would ask the terminal for a pass phrase.
        let no_pass_phrase = |_: &mut [u8]| Ok(0);
        Rsa::private_key_from_pem_callback(pem, no_pass_phrase)
            .map(Self)
            .map_err(|_| AuthError::NotAnRsaKey)
    }

    pub(crate) fn generate(bits: u32) -> Result<Self, AuthError> {
        Ok(Self(Rsa::generate(bits)?))
    }

    /// The length of the key in bits.
    pub(crate) fn bits(&self) -> i32 {
        self.0.n().num_bits()
    }

    pub(crate) fn public_key_pem(&self) -> Result<Vec<u8>, AuthError> {
        Ok(self.0.public_key_to_pem()?)
    }

    /// Decrypts with OAEP and SHA-1; `None` if it isn't encrypted for this key.
    pub(crate) fn decrypt(&self, encrypted: &[u8]) -> Option<Vec<u8>> {
        let size = usize::try_from(self.0.size()).ok()?;
        // RSA's output always has the size of the key.
        if encrypted.len() != size {
            return None;
        }
        let mut plain = vec![0; size];
        let padding = Padding::PKCS1_OAEP;
        let len = self.0.private_decrypt(encrypted, &mut plain, padding);
        plain.truncate(len.ok()?);
        Some(plain)
    }
}
