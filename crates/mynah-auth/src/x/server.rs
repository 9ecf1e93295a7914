use super::{AuthData, Mechanism};
use crate::compare::same;
use crate::server::Secret;
use crate::{AuthError, Channel, Nonce, caching_sha2_password, native_password};

/// The server's side of one login by one mechanism.
///
/// The client names its account last, in its authentication data. The caller reads that by
/// [`AuthData::from_bytes`], looks up the account, and calls [`verify`](Self::verify).
#[derive(Clone, Debug)]
pub struct ServerExchange {
    mechanism: Mechanism,
    nonce: Nonce,
}

/// Whether a client has passed the authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The client has passed: send AuthenticateOk.
    Passed,
    /// The password is wrong, or the mechanism can't check it: send error 1045. Some clients then try another
    /// mechanism.
    Refused,
}

impl ServerExchange {
    /// Begins the check of a login by this mechanism, with this nonce.
    ///
    /// # Errors
    /// [`AuthError::InsecureChannel`] for `PLAIN` over a channel that isn't secure.
    pub fn new(mechanism: Mechanism, nonce: Nonce, channel: Channel) -> Result<Self, AuthError> {
        if mechanism == Mechanism::Plain && !channel.is_secure() {
            return Err(AuthError::InsecureChannel {
                method: mechanism.name(),
            });
        }
        Ok(Self { mechanism, nonce })
    }

    /// The authentication mechanism of the login.
    #[must_use]
    pub fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// The data for AuthenticateContinue, in answer to AuthenticateStart; `None` if the
    /// authentication data already came with AuthenticateStart.
    #[must_use]
    pub fn start(&self) -> Option<Vec<u8>> {
        (self.mechanism != Mechanism::Plain).then(|| self.nonce.as_bytes().to_vec())
    }

    /// Checks the response against the account's secret. Lower-case hexadecimal digits and a NUL at the end, which some
    /// clients send, are accepted. With [`Secret::Any`], every response passes.
    #[must_use]
    pub fn verify(&self, data: &AuthData<'_>, secret: &Secret) -> Verdict {
        if self.is_right(data.response, secret) {
            Verdict::Passed
        } else {
            Verdict::Refused
        }
    }

    fn is_right(&self, response: &[u8], secret: &Secret) -> bool {
        if matches!(secret, Secret::Any) {
            return true;
        }
        if self.mechanism == Mechanism::Plain {
            // Some clients send the NUL that ends a C string.
            return secret.is_of(response.strip_suffix(b"\0").unwrap_or(response));
        }
        // Both hashing mechanisms send their scramble in hexadecimal digits, MYSQL41 behind a star.
        let Some(scramble) = self.mechanism.scramble(response) else {
            return false;
        };
        if secret.is_empty() {
            // Some clients hash the empty password as well.
            return scramble.is_empty() || self.is_hashed_empty_password(&scramble);
        }
        let right = match self.mechanism {
            Mechanism::Mysql41 => secret.verify_native(&scramble, &self.nonce),
            Mechanism::Sha256Memory => secret.verify_sha2(&scramble, &self.nonce),
            Mechanism::Plain => None,
        };
        right.unwrap_or_default()
    }

    fn is_hashed_empty_password(&self, scramble: &[u8]) -> bool {
        match self.mechanism {
            Mechanism::Mysql41 => same(scramble, &native_password::scramble(b"", &self.nonce)),
            Mechanism::Sha256Memory => {
                same(scramble, &caching_sha2_password::scramble(b"", &self.nonce))
            }
            Mechanism::Plain => false,
        }
    }
}
