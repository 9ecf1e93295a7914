use openssl::error::ErrorStack;
use thiserror::Error;

use crate::Method;

/// The system provided no random bytes for a nonce.
#[derive(Debug, Error)]
#[error("the system gave no random bytes for a nonce")]
pub struct NonceError(
    /// The error of OpenSSL.
    #[from]
    pub ErrorStack,
);

/// Why a login can't continue.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthError {
    /// A method or mechanism that isn't supported.
    #[error("the authentication method '{}' is not known", .name.escape_ascii())]
    UnknownMethod {
        /// Its name.
        name: Box<[u8]>,
    },
    /// The method is `mysql_old_password`, which is always refused: a single response of it on the
    /// network is enough to log in, and its hash is reversed in seconds.
    #[error("mysql_old_password is refused: its responses give the password away")]
    OldPassword,
    /// The server wants the password in clear, or encrypted for a key that an attacker may have put
    /// in place of the server's.
    #[error("{method} asks for the password over a channel that is not secure")]
    InsecureChannel {
        /// The method or mechanism.
        method: &'static str,
    },
    /// The server's data is too short for the nonce of its method.
    #[error("the nonce of {method} needs {needed} bytes, {found} found")]
    ShortNonce {
        /// The method or mechanism.
        method: &'static str,
        /// Length of its nonce.
        needed: usize,
        /// Length of the data.
        found: usize,
    },
    /// The other side sends data that its method doesn't have at this point.
    #[error("unexpected data of {len} bytes in {method}")]
    UnexpectedData {
        /// The method or mechanism.
        method: &'static str,
        /// Length of the data.
        len: usize,
    },
    /// The server sent authentication data before a method has begun.
    #[error("authentication data before a method")]
    NoMethod,
    /// Salt and iterations that `parsec` doesn't define, or that would take the client too long.
    #[error("not the salt and iterations of parsec")]
    ExtSalt,
    /// The data isn't a readable RSA key.
    #[error("not an RSA key in PEM")]
    NotAnRsaKey,
    /// The password is too long for the server's RSA key.
    #[error("the RSA key encrypts passwords of up to {max} bytes, this one has {len}")]
    PasswordTooLong {
        /// Length of the password.
        len: usize,
        /// The longest password that the key encrypts.
        max: usize,
    },
    /// The server asks for one more factor than there are passwords.
    #[error("no password for factor {factor}")]
    NoPassword {
        /// Which factor, from 1.
        factor: usize,
    },
    /// The method can't be checked against the stored password, which is, for example, a hash of another
    /// method.
    #[error("{method} cannot be checked against {secret}")]
    SecretMismatch {
        /// The method.
        method: Method,
        /// The kind of stored password.
        secret: &'static str,
    },
    /// A stored hash or key isn't in the server's format.
    #[error("not a stored password of {method}")]
    NotStored {
        /// The method whose format was expected.
        method: Method,
    },
    /// OpenSSL failed.
    #[error("OpenSSL failed")]
    OpenSsl(#[from] ErrorStack),
}
