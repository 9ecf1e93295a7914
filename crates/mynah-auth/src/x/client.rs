use std::fmt;

use super::{AuthData, Mechanism};
use crate::{AuthError, Channel, Nonce, Password};

/// The client's side of one login by one mechanism. If the server refuses it with 1045, the caller can
/// try another mechanism with a new exchange.
///
/// ```text
/// start: AuthenticateStart ── PLAIN ──────────────────────────────> AuthenticateOk or Error
///   │ others                                                            ^
///   v                                                                   │
/// ExpectContinue ── AuthenticateContinue: answer in another ────────────┘
/// ```
pub struct ClientExchange {
    mechanism: Mechanism,
    schema: Vec<u8>,
    user: Vec<u8>,
    password: Password,
}

impl ClientExchange {
    /// A login that hasn't begun. `schema` may be empty.
    ///
    /// # Errors
    /// [`AuthError::InsecureChannel`] for `PLAIN` over a channel that isn't secure.
    pub fn new(
        mechanism: Mechanism,
        schema: &[u8],
        user: &[u8],
        password: impl Into<Password>,
        channel: Channel,
    ) -> Result<Self, AuthError> {
        if mechanism == Mechanism::Plain && !channel.is_secure() {
            return Err(AuthError::InsecureChannel {
                method: mechanism.name(),
            });
        }
        Ok(Self {
            mechanism,
            schema: schema.to_vec(),
            user: user.to_vec(),
            password: password.into(),
        })
    }

    /// The authentication data for AuthenticateStart; `None` if the mechanism sends its data later.
    #[must_use]
    pub fn start(&self) -> Option<Vec<u8>> {
        (self.mechanism == Mechanism::Plain).then(|| {
            let data = AuthData {
                schema: &self.schema,
                user: &self.user,
                response: self.password.as_bytes(),
            };
            data.to_bytes()
        })
    }

    /// Returns the data of the client's AuthenticateContinue. `data` is that of the server's
    /// AuthenticateContinue.
    ///
    /// # Errors
    /// [`AuthError::UnexpectedData`] with `PLAIN`, which has no such message;
    /// [`AuthError::ShortNonce`].
    pub fn handle(&self, data: &[u8]) -> Result<Vec<u8>, AuthError> {
        let method = self.mechanism.name();
        if self.mechanism == Mechanism::Plain {
            return Err(AuthError::UnexpectedData {
                method,
                len: data.len(),
            });
        }
        if data.len() < Nonce::LEN {
            return Err(AuthError::ShortNonce {
                method,
                needed: Nonce::LEN,
                found: data.len(),
            });
        }
        let nonce = Nonce::from_bytes(data);
        let password = self.password.as_bytes();
        Ok(self
            .mechanism
            .auth_data(&self.schema, &self.user, password, &nonce))
    }
}

impl fmt::Debug for ClientExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientExchange")
            .field("mechanism", &self.mechanism)
            .field("user", &self.user.escape_ascii().to_string())
            .finish_non_exhaustive()
    }
}
