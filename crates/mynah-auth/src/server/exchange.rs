use std::mem;

use super::{Options, PublicKeyAnswer, Remembered, Secret};
use crate::caching_sha2_password::{FAST_AUTH_SUCCESS, Hash, PERFORM_FULL_AUTHENTICATION};
use crate::crypto::sha256;
use crate::parsec::ExtSalt;
use crate::{
    AuthError, LongNonce, Method, Nonce, caching_sha2_password, clear_password, ed25519, parsec,
    sha256_password,
};

/// What the server does next in a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send these bytes in AuthMoreData, and wait for the client's answer.
    More(Vec<u8>),
    /// The client passed this factor. The fast path of `caching_sha2_password` announces that in an
    /// AuthMoreData before OK or NextFactor.
    Passed {
        /// The data of the AuthMoreData to send before OK or NextFactor; `None` if none is to be sent.
        more_data: Option<Vec<u8>>,
    },
    /// The client didn't pass: send ERR.
    Refused(Refusal),
}

/// Why a client didn't pass. The client doesn't learn the reason: it gets error 1045 (access denied) for each of
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The password is wrong.
    WrongPassword,
    /// The client's data isn't in the form that its method has.
    Malformed,
    /// The password itself is needed, but can't be sent in clear over the channel, and there is no RSA key or the
    /// server doesn't send it.
    InsecureChannel,
    /// The exchange had already ended when the client sent more.
    Finished,
    /// OpenSSL failed, so the password couldn't be checked.
    OpenSsl,
}

/// The server's side of one factor of a login. An account of several factors takes one exchange
/// after the other: when one has passed, the next one's name and [`plugin_data`](Self::plugin_data)
/// are sent in NextFactor.
///
/// ```text
/// ExpectResponse ──────────── right or wrong ──────────────────────────> Passed, Refused
///   │ caching_sha2_password: the password is needed                        ^   ^   ^
///   ├───> ExpectPassword ──── in clear ────────────────────────────────────┘   │   │
///   │       │ the client asks for the key (sha256_password: at once)           │   │
///   ├───────┴> ExpectEncryptedPassword ────────────────────────────────────────┘   │
///   │ parsec: the client asks for the salt                                         │
///   └───> ExpectSignature ─────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct Exchange {
    method: Method,
    secret: Secret,
    options: Options,
    nonce: LongNonce,
    ext_salt: ExtSalt,
    state: State,
    learned: Option<Hash>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    ExpectResponse,
    ExpectPassword,
    ExpectEncryptedPassword,
    ExpectSignature,
    Finished,
}

impl Exchange {
    /// Begins the check of one factor: the client must prove `secret` by `method`.
    ///
    /// `nonce` is the one that the client has received, in the greeting or by [`plugin_data`](Self::plugin_data).
    /// Bytes beyond [the method's length](Method::nonce_len) are ignored, so a [`LongNonce`] serves every method.
    /// If the client sees only the first 20 bytes of it, they must meet the rules of a [`Nonce`].
    ///
    /// # Errors
    /// [`AuthError::OldPassword`], [`AuthError::ShortNonce`]; [`AuthError::SecretMismatch`] if the method can't be
    /// checked against the stored password.
    pub fn new(
        method: Method,
        secret: Secret,
        nonce: &[u8],
        options: Options,
    ) -> Result<Self, AuthError> {
        match (method, &secret) {
            (Method::OldPassword, _) => return Err(AuthError::OldPassword),
            // These methods get the password itself, at the latest by full authentication.
            (Method::CachingSha2Password | Method::Sha256Password | Method::ClearPassword, _)
            | (_, Secret::Any | Secret::Password(_))
            | (Method::NativePassword, Secret::NativePassword(_))
            | (Method::Ed25519, Secret::Ed25519(_))
            | (Method::Parsec, Secret::Parsec(_)) => {}
            (Method::NativePassword | Method::Ed25519 | Method::Parsec, secret) => {
                return Err(AuthError::SecretMismatch {
                    method,
                    secret: secret.kind(),
                });
            }
        }
        if nonce.len() < method.nonce_len() {
            return Err(AuthError::ShortNonce {
                method: method.name(),
                needed: method.nonce_len(),
                found: nonce.len(),
            });
        }
        let nonce = LongNonce::from_bytes(nonce);
        let ext_salt = match &secret {
            Secret::Parsec(key) => key.ext_salt,
            // The client needs a salt even if the account stores none, as it does with a plain
            // password.
            _ => ext_salt(&nonce)?,
        };
        Ok(Self {
            method,
            secret,
            options,
            nonce,
            ext_salt,
            state: State::ExpectResponse,
            learned: None,
        })
    }

    /// The authentication method that the client is being checked by.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// With `caching_sha2_password`, the hash of the password that the client has sent in full, if the password was
    /// right; otherwise `None`. The server remembers the hash for the method's fast path.
    #[must_use]
    pub fn learned(&self) -> Option<Hash> {
        self.learned
    }

    /// The data for AuthSwitchRequest or NextFactor besides the method's name: the nonce, with a NUL after a short
    /// one; empty for a method without a nonce.
    #[must_use]
    pub fn plugin_data(&self) -> Vec<u8> {
        match self.method {
            Method::ClearPassword | Method::OldPassword => Vec::new(),
            Method::Ed25519 | Method::Parsec => self.nonce.as_bytes().to_vec(),
            Method::CachingSha2Password | Method::NativePassword | Method::Sha256Password => {
                [&self.short_nonce().as_bytes()[..], b"\0"].concat()
            }
        }
    }

    /// Takes the client's next answer for this factor, and returns what the server does next. The first answer is the
    /// response to the nonce (of HandshakeResponse41 only its field `auth_response`), each further one is the client's
    /// message after a [`Step::More`].
    #[must_use]
    pub fn handle(&mut self, answer: &[u8]) -> Step {
        // Every step ends the exchange unless it sets another state: a client has one try.
        match mem::replace(&mut self.state, State::Finished) {
            State::ExpectResponse => self.response(answer),
            State::ExpectPassword => self.password(answer),
            State::ExpectEncryptedPassword => self.encrypted(answer),
            State::ExpectSignature => self.signature(answer),
            State::Finished => Step::Refused(Refusal::Finished),
        }
    }

    fn response(&mut self, response: &[u8]) -> Step {
        match self.method {
            Method::NativePassword => {
                // A stored hash of another method can't be compared: that is a wrong password.
                let right = self.secret.verify_native(response, &self.short_nonce());
                verdict(right.unwrap_or_default())
            }
            Method::CachingSha2Password => self.fast_authentication(response),
            Method::Sha256Password if sha256_password::is_empty_password(response) => {
                verdict(self.secret.is_empty())
            }
            Method::Sha256Password => self.password(response),
            Method::ClearPassword => self.check(clear_password::password(response)),
            Method::Ed25519 => {
                let nonce = &self.nonce;
                verdict(match &self.secret {
                    Secret::Any => true,
                    Secret::Password(own) => ed25519::verify(response, own.as_bytes(), nonce),
                    Secret::Ed25519(key) => ed25519::verify_key(response, key, nonce),
                    _ => false,
                })
            }
            Method::Parsec if response.is_empty() => {
                self.state = State::ExpectSignature;
                Step::More(self.ext_salt.to_bytes().to_vec())
            }
            Method::Parsec | Method::OldPassword => Step::Refused(Refusal::Malformed),
        }
    }

    fn fast_authentication(&mut self, response: &[u8]) -> Step {
        // Clients send an empty password in the same form on each path, so no hash is needed.
        if caching_sha2_password::is_empty_password(response) {
            return verdict(self.secret.is_empty());
        }
        let nonce = self.short_nonce();
        let right = match &self.options.remembered {
            Remembered::Stored => self.secret.verify_sha2(response, &nonce),
            Remembered::Nothing => None,
            Remembered::Hash(hash) => {
                Some(caching_sha2_password::verify_hash(response, hash, &nonce))
            }
        };
        // Without TLS the password comes encrypted, for which the server needs a key.
        let in_clear = self.options.channel.carries_password_of(self.method);
        let can_ask = in_clear || self.options.rsa_key.is_some();
        match right {
            Some(true) => Step::Passed {
                more_data: Some(vec![FAST_AUTH_SUCCESS]),
            },
            // The remembered hash may be that of an older password, so a server doesn't refuse a
            // wrong response: it asks for the password itself.
            _ if can_ask => {
                self.state = State::ExpectPassword;
                Step::More(vec![PERFORM_FULL_AUTHENTICATION])
            }
            Some(_) => Step::Refused(Refusal::WrongPassword),
            None => Step::Refused(Refusal::InsecureChannel),
        }
    }

    fn password(&mut self, answer: &[u8]) -> Step {
        if self.options.channel.carries_password_of(self.method) {
            return self.check(clear_password::password(answer));
        }
        let request = match self.method {
            Method::Sha256Password => sha256_password::REQUEST_PUBLIC_KEY,
            _ => caching_sha2_password::REQUEST_PUBLIC_KEY,
        };
        let Some(key) = &self.options.rsa_key else {
            return Step::Refused(Refusal::InsecureChannel);
        };
        // A client that knows the key already sends the encrypted password at once.
        if answer != [request] {
            return self.encrypted(answer);
        }
        let pem = match &self.options.public_key {
            PublicKeyAnswer::Own => key.public_key_pem().ok(),
            PublicKeyAnswer::Other(bytes) => Some(bytes.clone()),
            PublicKeyAnswer::Refused => return Step::Refused(Refusal::InsecureChannel),
        };
        let Some(pem) = pem else {
            return Step::Refused(Refusal::OpenSsl);
        };
        self.state = State::ExpectEncryptedPassword;
        Step::More(pem)
    }

    fn encrypted(&mut self, answer: &[u8]) -> Step {
        let nonce = self.short_nonce();
        let key = self.options.rsa_key.as_ref();
        match key.and_then(|key| key.decrypt(answer, &nonce)) {
            Some(password) => self.check(&password),
            None if self.passes_unread() => verdict(true),
            None => Step::Refused(Refusal::Malformed),
        }
    }

    /// Whether an unreadable password counts as right: for an account with any password, unless it
    /// is unreadable because the server sent another key.
    fn passes_unread(&self) -> bool {
        matches!(self.secret, Secret::Any) && self.options.public_key == PublicKeyAnswer::Own
    }

    fn signature(&self, answer: &[u8]) -> Step {
        let key = match &self.secret {
            Secret::Any => return verdict(true),
            // Derived with the salt that the client was sent.
            Secret::Password(own) => parsec::StoredKey::of(own.as_bytes(), self.ext_salt),
            Secret::Parsec(key) => Ok(*key),
            _ => return verdict(false),
        };
        match key {
            Ok(_) if answer.len() != parsec::RESPONSE_LEN => Step::Refused(Refusal::Malformed),
            Ok(key) => verdict(parsec::verify_key(answer, &key, &self.nonce)),
            Err(_) => Step::Refused(Refusal::OpenSsl),
        }
    }

    fn check(&mut self, password: &[u8]) -> Step {
        let right = self.secret.is_of(password);
        // Only this method has a fast path, and so a use for the hash.
        if right && self.method == Method::CachingSha2Password {
            self.learned = Some(Hash::of(password));
        }
        verdict(right)
    }

    fn short_nonce(&self) -> Nonce {
        Nonce::from_bytes(self.nonce.as_bytes())
    }
}

fn verdict(right: bool) -> Step {
    if right {
        Step::Passed { more_data: None }
    } else {
        Step::Refused(Refusal::WrongPassword)
    }
}

/// A salt for an account that stores none. It is made from the nonce, so it differs from login to
/// login; to a client that looks like a password change in between.
fn ext_salt(nonce: &LongNonce) -> Result<ExtSalt, AuthError> {
    let hash = sha256(nonce.as_bytes());
    let salt = hash.first_chunk().copied().unwrap_or_default();
    ExtSalt::new(0, salt)
}
