use std::fmt;
use std::mem;

use super::{Credentials, ServerKey};
use crate::{
    AuthError, LongNonce, Method, Nonce, Password, caching_sha2_password, clear_password, ed25519,
    native_password, parsec, rsa, sha256_password,
};

/// The client's side of one login.
///
/// ```text
/// greeting ──────────┐        ┌───────────────┐ FAST_AUTH_SUCCESS
/// AuthSwitchRequest ─┼─ start ─┤ ExpectFastAuth├──────────────────────┐
/// NextFactor ────────┘    │    └──────┬────────┘                      v
///                         │           │ PERFORM_FULL_AUTHENTICATION   ExpectOutcome
///                         │           v                               ^ ^
///                         ├─ ExpectPublicKey ── key: send encrypted ──┘ │
///                         ├─ ExpectExtSalt ──── salt: send signature ───┤
///                         └─ (nothing more to say) ─────────────────────┘
/// ```
///
/// The server determines the order. Call [`greeting`](Self::greeting) once; after it [`begin`](Self::begin) for each
/// AuthSwitchRequest, [`more_data`](Self::more_data) for each AuthMoreData and [`next_factor`](Self::next_factor) for
/// each NextFactor, as they arrive, until OK or ERR. After an error, except [`AuthError::UnknownMethod`], the
/// authentication method in progress has ended: only `begin` and `next_factor` can start one again.
#[derive(Debug)]
pub struct Exchange {
    credentials: Credentials,
    factor: usize,
    state: State,
}

enum State {
    /// No method has begun, or the last one failed.
    Idle,
    ExpectFastAuth(Nonce),
    ExpectPublicKey(Method, Nonce),
    ExpectExtSalt(LongNonce),
    ExpectOutcome(Method),
}

impl Exchange {
    /// The client's side of a login that hasn't begun.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            factor: 0,
            state: State::Idle,
        }
    }

    /// Starts the method that the greeting names, and returns the data for HandshakeResponse41: the
    /// method and its response.
    ///
    /// `name` and `nonce` are the greeting's; an empty name, from a server without PLUGIN_AUTH,
    /// means `mysql_native_password`. If this crate doesn't support the method, the result is a response
    /// of `caching_sha2_password`; if it needs a longer nonce than a greeting has, the response is
    /// empty. In both cases the server then asks for the method it wants by AuthSwitchRequest.
    ///
    /// # Errors
    /// [`AuthError::InsecureChannel`], [`AuthError::NoPassword`], [`AuthError::PasswordTooLong`],
    /// [`AuthError::OpenSsl`].
    pub fn greeting(&mut self, name: &[u8], nonce: &[u8]) -> Result<(Method, Vec<u8>), AuthError> {
        let method = match Method::from_name(name) {
            None if name.is_empty() => Method::NativePassword,
            // A response of a strong method gives nothing away, and the server switches anyway.
            None | Some(Method::OldPassword) => Method::CachingSha2Password,
            Some(method) => method,
        };
        match self.begin_method(method, nonce) {
            // The nonces of `ed25519` and `parsec` don't fit a greeting. An empty response makes
            // the server send them in an AuthSwitchRequest.
            Err(AuthError::ShortNonce { .. }) => Ok((method, Vec::new())),
            response => Ok((method, response?)),
        }
    }

    /// Starts the method that an AuthSwitchRequest names, and returns the data of the
    /// AuthSwitchResponse. `name` and `data` are the request's. For an OldAuthSwitchRequest, which
    /// has neither, pass `mysql_old_password` and no data: the result is [`AuthError::OldPassword`].
    ///
    /// # Errors
    /// [`AuthError::UnknownMethod`], [`AuthError::OldPassword`], [`AuthError::ShortNonce`],
    /// [`AuthError::InsecureChannel`], [`AuthError::NoPassword`], [`AuthError::PasswordTooLong`],
    /// [`AuthError::OpenSsl`].
    pub fn begin(&mut self, name: &[u8], data: &[u8]) -> Result<Vec<u8>, AuthError> {
        self.begin_method(Method::try_from(name)?, data)
    }

    /// Starts the method that a NextFactor names, with the next password, and returns the data to
    /// answer with. `name` and `data` are the packet's.
    ///
    /// # Errors
    /// [`AuthError::NoPassword`] when no password is left; the other errors of
    /// [`begin`](Self::begin).
    pub fn next_factor(&mut self, name: &[u8], data: &[u8]) -> Result<Vec<u8>, AuthError> {
        self.factor = self.factor.saturating_add(1);
        self.begin(name, data)
    }

    /// Returns the data to answer an AuthMoreData with; `None` if there is nothing to send, and the
    /// server's OK or ERR comes next. `data` is the packet's.
    ///
    /// # Errors
    /// [`AuthError::NoMethod`] if no method has begun, [`AuthError::UnexpectedData`] for data that
    /// the method doesn't have at this point, [`AuthError::InsecureChannel`],
    /// [`AuthError::NotAnRsaKey`], [`AuthError::PasswordTooLong`], [`AuthError::ExtSalt`],
    /// [`AuthError::OpenSsl`].
    pub fn more_data(&mut self, data: &[u8]) -> Result<Option<Vec<u8>>, AuthError> {
        // Each arm that succeeds sets the next state; after an error only another method can begin.
        match mem::replace(&mut self.state, State::Idle) {
            State::Idle => Err(AuthError::NoMethod),
            State::ExpectFastAuth(nonce) => {
                let method = Method::CachingSha2Password;
                match data {
                    // Both answers are a single byte; anything else isn't of this method.
                    [caching_sha2_password::FAST_AUTH_SUCCESS] => {
                        // The server's OK or ERR.
                        self.state = State::ExpectOutcome(method);
                        Ok(None)
                    }
                    [caching_sha2_password::PERFORM_FULL_AUTHENTICATION] => {
                        self.send_password(method, nonce).map(Some)
                    }
                    _ => Err(unexpected(method, data)),
                }
            }
            State::ExpectPublicKey(method, nonce) => {
                // Only after `ServerKey::Ask`: the caller has accepted that the key may be an attacker's.
                let key = rsa::PublicKey::from_pem(data)?;
                let encrypted = key.encrypt(self.password()?.as_bytes(), &nonce)?;
                self.state = State::ExpectOutcome(method);
                Ok(Some(encrypted))
            }
            State::ExpectExtSalt(nonce) => {
                let ext_salt = parsec::ExtSalt::from_bytes(data)?;
                let password = self.password()?.as_bytes();
                let own = &self.credentials.client_nonce;
                let response = parsec::response(password, &nonce, own, &ext_salt)?;
                self.state = State::ExpectOutcome(Method::Parsec);
                Ok(Some(response))
            }
            State::ExpectOutcome(method) => Err(unexpected(method, data)),
        }
    }

    fn begin_method(&mut self, method: Method, data: &[u8]) -> Result<Vec<u8>, AuthError> {
        self.state = State::Idle;
        let needed = method.nonce_len();
        // The nonce comes from the server, so its length is checked before it is used.
        if data.len() < needed && method != Method::OldPassword {
            self.state = State::ExpectOutcome(method);
            return Err(AuthError::ShortNonce {
                method: method.name(),
                needed,
                found: data.len(),
            });
        }
        let nonce = Nonce::from_bytes(data);
        let password = self.password()?.as_bytes();
        let (response, next) = match method {
            Method::NativePassword => (
                native_password::response(password, &nonce),
                State::ExpectOutcome(method),
            ),
            Method::CachingSha2Password => (
                caching_sha2_password::response(password, &nonce),
                State::ExpectFastAuth(nonce),
            ),
            Method::Sha256Password => return self.send_password(method, nonce),
            Method::ClearPassword if !self.credentials.channel.carries_password_of(method) => {
                return Err(insecure(method));
            }
            Method::ClearPassword => (
                clear_password::response(password),
                State::ExpectOutcome(method),
            ),
            // Any response would give the password away.
            Method::OldPassword => return Err(AuthError::OldPassword),
            Method::Ed25519 => (
                ed25519::response(password, &LongNonce::from_bytes(data)).to_vec(),
                State::ExpectOutcome(method),
            ),
            Method::Parsec => (
                // The empty response requests the salt.
                Vec::new(),
                State::ExpectExtSalt(LongNonce::from_bytes(data)),
            ),
        };
        self.state = next;
        Ok(response)
    }

    /// The password itself, in the form that the channel allows, or the request for the key that
    /// encrypting it needs.
    fn send_password(&mut self, method: Method, nonce: Nonce) -> Result<Vec<u8>, AuthError> {
        let password = self.password()?;
        let in_clear = self.credentials.channel.carries_password_of(method);
        let (response, next) = match &self.credentials.server_key {
            // An empty password is no secret, and servers expect it unencrypted on every channel.
            _ if password.is_empty() => (
                vec![sha256_password::EMPTY_PASSWORD],
                State::ExpectOutcome(method),
            ),
            // Under TLS or on a Unix socket the password is sent as it is, with a NUL behind it.
            _ if in_clear => (
                clear_password::response(password.as_bytes()),
                State::ExpectOutcome(method),
            ),
            ServerKey::Known(key) => (
                key.encrypt(password.as_bytes(), &nonce)?,
                State::ExpectOutcome(method),
            ),
            // An attacker in between could answer with a key of its own, which the caller has accepted by `Ask`.
            ServerKey::Ask => {
                let request = match method {
                    Method::Sha256Password => sha256_password::REQUEST_PUBLIC_KEY,
                    _ => caching_sha2_password::REQUEST_PUBLIC_KEY,
                };
                (vec![request], State::ExpectPublicKey(method, nonce))
            }
            ServerKey::Refuse => return Err(insecure(method)),
        };
        self.state = next;
        Ok(response)
    }

    fn password(&self) -> Result<&Password, AuthError> {
        let factor = self.factor;
        self.credentials
            .passwords
            .get(factor)
            .ok_or(AuthError::NoPassword {
                factor: factor.saturating_add(1),
            })
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "Idle",
            Self::ExpectFastAuth(_) => "ExpectFastAuth",
            Self::ExpectPublicKey(..) => "ExpectPublicKey",
            Self::ExpectExtSalt(_) => "ExpectExtSalt",
            Self::ExpectOutcome(_) => "ExpectOutcome",
        })
    }
}

fn unexpected(method: Method, data: &[u8]) -> AuthError {
    AuthError::UnexpectedData {
        method: method.name(),
        len: data.len(),
    }
}

fn insecure(method: Method) -> AuthError {
    AuthError::InsecureChannel {
        method: method.name(),
    }
}
