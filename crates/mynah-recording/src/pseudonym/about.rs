use data_encoding::HEXLOWER;
use openssl::error::ErrorStack;
use openssl::memcmp;
use openssl::rand::rand_bytes;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::prf::Prf;
use crate::Rules;

/// The rules that name which values of a recording are pseudonyms, and the salt by which the pseudonyms are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PseudonymRules {
    /// The places of values that are replaced by pseudonyms.
    pub rules: Rules,
    /// Random bytes in hex, which make the pseudonyms of each recording different.
    pub salt: String,
    /// A value in hex by which a wrong key is noticed; `None` for pseudonyms without a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_check: Option<String>,
}

impl PseudonymRules {
    /// With a new salt.
    ///
    /// # Errors
    /// When values could be guessed without a key, or the key is too short.
    pub(super) fn new(rules: Rules, key: Option<&[u8]>) -> Result<Self, PseudonymError> {
        if let Some(rule) = rules.texts().iter().find(|rule| *rule != RANDOM)
            && key.is_none()
        {
            return Err(PseudonymError::Guessable(rule.clone()));
        }
        let mut salt = [0; 16];
        rand_bytes(&mut salt)?;
        let mut about = Self {
            rules,
            salt: HEXLOWER.encode(&salt),
            key_check: None,
        };
        if key.is_some() {
            about.key_check = Some(about.check(&about.prf_of(key)?)?);
        }
        Ok(about)
    }

    /// The function that makes pseudonyms.
    ///
    /// # Errors
    /// When the key is missing, or isn't the one of the recording.
    pub(super) fn prf(&self, key: Option<&[u8]>) -> Result<Prf, PseudonymError> {
        let Some(check) = &self.key_check else {
            return self.prf_of(None);
        };
        let key = key.ok_or(PseudonymError::NoKey)?;
        let prf = self.prf_of(Some(key))?;
        let made = self.check(&prf)?;
        let is_same = made.len() == check.len() && memcmp::eq(made.as_bytes(), check.as_bytes());
        is_same.then_some(prf).ok_or(PseudonymError::WrongKey)
    }

    fn prf_of(&self, key: Option<&[u8]>) -> Result<Prf, PseudonymError> {
        let salt = HEXLOWER.decode(self.salt.as_bytes());
        let salt = salt.map_err(|_| PseudonymError::Salt)?;
        let Some(key) = key else {
            return Ok(Prf::new(&salt)?);
        };
        if key.len() < SHORTEST {
            return Err(PseudonymError::ShortKey);
        }
        let key = Prf::new(key)?.bytes(&[b"pseudonyms", &salt])?;
        Ok(Prf::new(&key)?)
    }

    fn check(&self, prf: &Prf) -> Result<String, PseudonymError> {
        let check = prf.bytes(&[b"check", self.salt.as_bytes()])?;
        Ok(HEXLOWER.encode(check.get(..8).unwrap_or_default()))
    }
}

/// Why values can't be replaced by pseudonyms.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PseudonymError {
    /// There is no key, although the values that this rule names could be guessed.
    #[error(
        "values of {0} could be guessed: with the salt, which is in the file, each guess can be tried; only those of type:uuid \
         can't, as they are random; give a file with a key"
    )]
    Guessable(String),
    /// The recording was made with a key, and none is given.
    #[error("its values are pseudonyms, which were made with a key; give the file with the key")]
    NoKey,
    /// The key isn't the one that the recording was made with.
    #[error("the key isn't the one that its pseudonyms were made with")]
    WrongKey,
    /// The key has fewer than 16 bytes, so that it could be guessed itself.
    #[error("the key has fewer than {SHORTEST} bytes; make one with: openssl rand -hex 32")]
    ShortKey,
    /// The salt in the recording isn't hex.
    #[error("the salt of its pseudonyms isn't hex")]
    Salt,
    /// OpenSSL failed to compute a pseudonym.
    #[error("OpenSSL can't make pseudonyms")]
    OpenSsl(#[from] ErrorStack),
}

/// The rule for values that are random enough not to be guessed.
const RANDOM: &str = "type:uuid";

/// The fewest bytes of a key.
const SHORTEST: usize = 16;
