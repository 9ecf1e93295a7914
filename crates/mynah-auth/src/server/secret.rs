use crate::compare::same_password;
use crate::{
    AuthError, Method, Nonce, Password, caching_sha2_password, ed25519, native_password, parsec,
    sha256_crypt,
};

/// The stored form of an account's password.
///
/// Methods that receive the password itself (`sha256_password`, `mysql_clear_password` and the full authentication
/// of `caching_sha2_password`) can be checked against every stored form. The other methods need the password
/// itself or their own stored form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Secret {
    /// Any password passes, and so does an empty one.
    Any,
    /// The password itself; empty if the account has none.
    Password(Password),
    /// The stored form of `mysql_native_password`.
    NativePassword(native_password::Hash),
    /// The hash that `caching_sha2_password` remembers after a full authentication.
    CachingSha2Password(caching_sha2_password::Hash),
    /// The stored form of `caching_sha2_password` and `sha256_password`.
    Sha256Crypt(sha256_crypt::Hash),
    /// The stored form of `client_ed25519`.
    Ed25519(ed25519::PublicKey),
    /// The stored form of `parsec`.
    Parsec(parsec::StoredKey),
}

impl Secret {
    /// Reads the authentication string of an account, as in `mysql.user` or `mysql.global_priv`. An empty string
    /// stands for an account without a password.
    ///
    /// # Errors
    /// [`AuthError::NotStored`] if it isn't in the method's format, or the method has no stored form, as
    /// `mysql_clear_password`.
    pub fn parse(method: Method, stored: &[u8]) -> Result<Self, AuthError> {
        if stored.is_empty() {
            return Ok(Self::Password(Password::default()));
        }
        match method {
            Method::NativePassword => {
                native_password::Hash::parse(stored).map(Self::NativePassword)
            }
            Method::Ed25519 => ed25519::PublicKey::parse(stored).map(Self::Ed25519),
            Method::Parsec => parsec::StoredKey::parse(stored).map(Self::Parsec),
            Method::CachingSha2Password | Method::Sha256Password => {
                sha256_crypt::Hash::parse(method, stored).map(Self::Sha256Crypt)
            }
            Method::ClearPassword | Method::OldPassword => Err(AuthError::NotStored { method }),
        }
    }

    /// Whether this is the stored form of the given password; [`Any`](Self::Any) is that of each password.
    #[must_use]
    pub fn is_of(&self, password: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Password(own) => same_password(password, own.as_bytes()),
            Self::NativePassword(hash) => hash.is_of(password),
            Self::CachingSha2Password(hash) => hash.is_of(password),
            Self::Sha256Crypt(hash) => hash.is_of(password),
            Self::Ed25519(key) => key.is_of(password),
            Self::Parsec(key) => key.is_of(password),
        }
    }

    /// Whether the account has no password.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Password(own) => own.is_empty(),
            _ => self.is_of(b""),
        }
    }

    /// Whether `response` is right by `mysql_native_password`; `None` if this secret can't decide
    /// that.
    pub(crate) fn verify_native(&self, response: &[u8], nonce: &Nonce) -> Option<bool> {
        match self {
            Self::Any => Some(true),
            Self::Password(own) => Some(native_password::verify(response, own.as_bytes(), nonce)),
            Self::NativePassword(hash) => Some(native_password::verify_hash(response, hash, nonce)),
            _ => None,
        }
    }

    /// Whether `response` is right by `caching_sha2_password`; `None` if this secret can't decide
    /// that.
    pub(crate) fn verify_sha2(&self, response: &[u8], nonce: &Nonce) -> Option<bool> {
        match self {
            Self::Any => Some(true),
            Self::Password(own) => Some(caching_sha2_password::verify(
                response,
                own.as_bytes(),
                nonce,
            )),
            Self::CachingSha2Password(hash) => {
                Some(caching_sha2_password::verify_hash(response, hash, nonce))
            }
            _ => None,
        }
    }

    /// The kind of secret, for an error.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Password(_) => "a password",
            Self::NativePassword(_) => "a hash of mysql_native_password",
            Self::CachingSha2Password(_) => "a hash of caching_sha2_password",
            Self::Sha256Crypt(_) => "a slow hash",
            Self::Ed25519(_) => "a public key of client_ed25519",
            Self::Parsec(_) => "a public key of parsec",
        }
    }
}
