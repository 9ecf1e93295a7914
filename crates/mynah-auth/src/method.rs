use std::fmt;

use crate::{AuthError, LongNonce, Nonce};

/// An authentication method of the classic protocol that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// [`caching_sha2_password`](crate::caching_sha2_password), the default since MySQL 8.0.
    CachingSha2Password,
    /// [`mysql_native_password`](crate::native_password), the default of MySQL before 8.0 and of MariaDB.
    NativePassword,
    /// [`sha256_password`](crate::sha256_password): the password itself, in clear under TLS, otherwise
    /// RSA-encrypted.
    Sha256Password,
    /// [`mysql_clear_password`](crate::clear_password): the password itself, in clear.
    ClearPassword,
    /// `mysql_old_password`, from before MySQL 4.1: known by name, always refused.
    OldPassword,
    /// [`client_ed25519`](crate::ed25519) of MariaDB: a signature of the nonce.
    Ed25519,
    /// [`parsec`](crate::parsec) of MariaDB 11.6 and later.
    Parsec,
}

impl Method {
    /// All authentication methods that this crate knows.
    pub const ALL: [Self; 7] = [
        Self::CachingSha2Password,
        Self::NativePassword,
        Self::Sha256Password,
        Self::ClearPassword,
        Self::OldPassword,
        Self::Ed25519,
        Self::Parsec,
    ];

    /// The method of that name; `None` if this crate doesn't know it. `Method::try_from` does the same with an error
    /// that contains the name.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| method.name().as_bytes() == name)
    }

    /// The method's name, as it crosses the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CachingSha2Password => "caching_sha2_password",
            Self::NativePassword => "mysql_native_password",
            Self::Sha256Password => "sha256_password",
            Self::ClearPassword => "mysql_clear_password",
            Self::OldPassword => "mysql_old_password",
            Self::Ed25519 => "client_ed25519",
            Self::Parsec => "parsec",
        }
    }

    /// The length in bytes of the nonce that the server sends to start the method, without the NUL that closes a
    /// short one; 0 if the method has none.
    #[must_use]
    pub fn nonce_len(self) -> usize {
        match self {
            Self::CachingSha2Password | Self::NativePassword | Self::Sha256Password => Nonce::LEN,
            Self::OldPassword => 8,
            Self::Ed25519 | Self::Parsec => LongNonce::LEN,
            Self::ClearPassword => 0,
        }
    }
}

impl TryFrom<&[u8]> for Method {
    type Error = AuthError;

    fn try_from(name: &[u8]) -> Result<Self, AuthError> {
        Self::from_name(name).ok_or_else(|| AuthError::UnknownMethod { name: name.into() })
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
