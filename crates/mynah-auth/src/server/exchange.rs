use std::mem;

use openssl::sha::sha256;

use super::{Options, PublicKeyAnswer, Remembered, Secret};
use crate::caching_sha2_password::{FAST_AUTH_SUCCESS, Hash, PERFORM_FULL_AUTHENTICATION};
use crate::parsec::ExtSalt;
use crate::{
    AuthError, LongNonce, Method, Nonce, caching_sha2_password, clear_password, ed25519, parsec,
    sha256_password,
};

/// What a server does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It sends this in AuthMoreData, and waits for the client's answer.
    More(Vec<u8>),
    /// The client passed this factor. Some methods have it told so in AuthMoreData before OK or
    /// NextFactor.
    Passed {
        /// The data of that AuthMoreData, if there is to be one.
        more_data: Option<Vec<u8>>,
    },
    /// The client didn't pass: ERR.
    Refused(Refusal),
}

/// Why a client didn't pass. It isn't told: to it all are 1045, access denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The password is another.
    WrongPassword,
    /// The client says what its method doesn't have it say.
    Malformed,
    /// The password itself is needed, but the channel isn't secure and there is no RSA key, or it
    /// isn't given away.
    InsecureChannel,
    /// It was over already.
    Finished,
    /// OpenSSL failed.
    OpenSsl,
}

/// One factor of a login, as the server sees it. An account of several factors takes one after the
/// other: when one has passed, the next one's name and [`plugin_data`](Self::plugin_data) are sent
/// in NextFactor.
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
    /// A factor that begins.
    ///
    /// `nonce` is the one that the client has got, in the greeting or by
    /// [`plugin_data`](Self::plugin_data). What is longer than
    /// [the method's nonce](Method::nonce_len) is left unread, so the bytes of a [`LongNonce`] do
    /// for each; where the client sees the first 20 of them only, they have to be such as a
    /// [`Nonce`] has.
    ///
    /// # Errors
    /// [`AuthError::OldPassword`], [`AuthError::ShortNonce`]; [`AuthError::SecretMismatch`] when
    /// the method can't be checked against what is stored.
    pub fn new(
        method: Method,
        secret: Secret,
        nonce: &[u8],
        options: Options,
    ) -> Result<Self, AuthError> {
        match (method, &secret) {
            (Method::OldPassword, _) => return Err(AuthError::OldPassword),
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

    /// The method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The hash of the password that the client has sent in full, if that was right: what
    /// `caching_sha2_password` remembers from now on.
    #[must_use]
    pub fn learned(&self) -> Option<Hash> {
        self.learned
    }

    /// What goes into AuthSwitchRequest or NextFactor with the method's name: its nonce, a short
    /// one with a NUL after it.
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

    /// Takes what the client answers: first its response, then, after each [`Step::More`], its
    /// next packet.
    #[must_use]
    pub fn handle(&mut self, answer: &[u8]) -> Step {
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
        let in_clear = self.options.channel.carries_password_of(self.method);
        let can_ask = in_clear || self.options.rsa_key.is_some();
        match right {
            Some(true) => Step::Passed {
                more_data: Some(vec![FAST_AUTH_SUCCESS]),
            },
            // The hash that is remembered may be that of an older password, so a server doesn't
            // take a wrong response for an answer.
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

    /// Whether a password that can't be read is as good as any: not where that is the server's doing.
    fn passes_unread(&self) -> bool {
        matches!(self.secret, Secret::Any) && self.options.public_key == PublicKeyAnswer::Own
    }

    fn signature(&self, answer: &[u8]) -> Step {
        let key = match &self.secret {
            Secret::Any => return verdict(true),
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

/// A salt for an account that stores none. Made of the nonce it differs from login to login, which
/// a client can't tell from an account whose password has changed in between.
fn ext_salt(nonce: &LongNonce) -> Result<ExtSalt, AuthError> {
    let hash = sha256(nonce.as_bytes());
    let salt = hash.first_chunk().copied().unwrap_or_default();
    ExtSalt::new(0, salt)
}
