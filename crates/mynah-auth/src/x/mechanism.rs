use std::fmt;

use super::AuthData;
use crate::{AuthError, Nonce, caching_sha2_password, hex, native_password};

/// An authentication mechanism of the X Protocol that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mechanism {
    /// `MYSQL41`: the response of [`native_password`] as `*` and upper-case hex digits.
    Mysql41,
    /// `SHA256_MEMORY`: the response of [`caching_sha2_password`] as upper-case hex digits. The server must have the
    /// password or this hash of it: there is no full authentication.
    Sha256Memory,
    /// `PLAIN`: the password in clear, over a secure channel only.
    Plain,
}

impl Mechanism {
    /// All authentication mechanisms of the X Protocol that this crate knows.
    pub const ALL: [Self; 3] = [Self::Mysql41, Self::Sha256Memory, Self::Plain];

    /// The mechanism of that name, in capitals; `None` if this crate doesn't know it. `Mechanism::try_from` does the same
    /// with an error that contains the name.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|mechanism| mechanism.name().as_bytes() == name)
    }

    /// The mechanism's name, as it crosses the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mysql41 => "MYSQL41",
            Self::Sha256Memory => "SHA256_MEMORY",
            Self::Plain => "PLAIN",
        }
    }

    /// The client's authentication data: schema, user and response, with a NUL between them. `PLAIN` ignores
    /// the nonce. For an empty password, the response is empty.
    #[must_use]
    pub fn auth_data(self, schema: &[u8], user: &[u8], password: &[u8], nonce: &Nonce) -> Vec<u8> {
        let response = match self {
            Self::Plain => password.to_vec(),
            _ if password.is_empty() => Vec::new(),
            Self::Mysql41 => {
                let digits = hex::encode(&native_password::scramble(password, nonce));
                [&b"*"[..], &digits].concat()
            }
            Self::Sha256Memory => hex::encode(&caching_sha2_password::scramble(password, nonce)),
        };
        let data = AuthData {
            schema,
            user,
            response: &response,
        };
        data.to_bytes()
    }

    /// Decodes a response of hex digits of either case. An empty password has an empty response.
    /// `*` at the start and a NUL at the end are optional. `None` for other characters, and always
    /// for `PLAIN`.
    pub(crate) fn scramble(self, response: &[u8]) -> Option<Vec<u8>> {
        let digits = response.strip_suffix(b"\0").unwrap_or(response);
        let digits = digits.strip_prefix(b"*").unwrap_or(digits);
        match self {
            Self::Mysql41 | Self::Sha256Memory if digits.is_empty() => Some(Vec::new()),
            Self::Mysql41 => {
                hex::decode(digits).map(|bytes: [u8; native_password::RESPONSE_LEN]| bytes.to_vec())
            }
            Self::Sha256Memory => hex::decode(digits)
                .map(|bytes: [u8; caching_sha2_password::RESPONSE_LEN]| bytes.to_vec()),
            Self::Plain => None,
        }
    }
}

impl TryFrom<&[u8]> for Mechanism {
    type Error = AuthError;

    fn try_from(name: &[u8]) -> Result<Self, AuthError> {
        Self::from_name(name).ok_or_else(|| AuthError::UnknownMethod { name: name.into() })
    }
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
