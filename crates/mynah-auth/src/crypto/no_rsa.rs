//! The RSA keys of a build without RSA: there can't be any.

use std::convert::Infallible;

use crate::AuthError;

#[derive(Clone)]
pub(crate) struct PublicKey(Infallible);

impl PublicKey {
    pub(crate) fn from_spki(_der: &[u8]) -> Result<Self, AuthError> {
        Err(AuthError::NoRsa)
    }

    pub(crate) fn from_pkcs1(_der: &[u8]) -> Result<Self, AuthError> {
        Err(AuthError::NoRsa)
    }

    pub(crate) fn len(&self) -> usize {
        match self.0 {}
    }

    pub(crate) fn bits(&self) -> i32 {
        match self.0 {}
    }

    pub(crate) fn encrypt(&self, _plain: &[u8]) -> Result<Vec<u8>, AuthError> {
        match self.0 {}
    }
}

#[derive(Clone)]
pub(crate) struct PrivateKey(Infallible);

impl PrivateKey {
    pub(crate) fn from_pem(_pem: &[u8]) -> Result<Self, AuthError> {
        Err(AuthError::NoRsa)
    }

    pub(crate) fn generate(_bits: u32) -> Result<Self, AuthError> {
        Err(AuthError::NoRsa)
    }

    pub(crate) fn bits(&self) -> i32 {
        match self.0 {}
    }

    pub(crate) fn public_key_pem(&self) -> Result<Vec<u8>, AuthError> {
        match self.0 {}
    }

    pub(crate) fn decrypt(&self, _encrypted: &[u8]) -> Option<Vec<u8>> {
        match self.0 {}
    }
}
