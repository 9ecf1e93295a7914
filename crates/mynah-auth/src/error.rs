use openssl::error::ErrorStack;
use thiserror::Error;

use crate::Method;

/// The system gave no random bytes for a nonce.
#[derive(Debug, Error)]
#[error("the system gave no random bytes for a nonce")]
pub struct NonceError(
    /// What OpenSSL says of it.
    #[from]
    pub ErrorStack,
);

/// Why a login can't go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthError {
    /// A method or mechanism that isn't known here.
    #[error("the authentication method '{}' is not known", .name.escape_ascii())]
    UnknownMethod {
        /// Its name.
        name: Box<[u8]>,
    },
    /// The method is `mysql_old_password`, which is never spoken: whoever hears one response has
    /// as good as the password, and its hash is reversed in seconds.
    #[error("mysql_old_password is refused: its responses give the password away")]
    OldPassword,
    /// The server wants the password in clear, or encrypted for a key that anybody may have put
    /// in the server's place.
    #[error("{method} asks for the password over a channel that is not secure")]
    InsecureChannel {
        /// By which method or mechanism.
        method: &'static str,
    },
    /// The server's data is too short for the nonce of its method.
    #[error("the nonce of {method} needs {needed} bytes, {found} found")]
    ShortNonce {
        /// The method or mechanism.
        method: &'static str,
        /// Length of its nonce.
        needed: usize,
        /// Length of what there is.
        found: usize,
    },
    /// The other side says more, or something else, than the method has it say.
    #[error("unexpected data of {len} bytes in {method}")]
    UnexpectedData {
        /// The method or mechanism.
        method: &'static str,
        /// Length of the data.
        len: usize,
    },
    /// Data before any method was begun.
    #[error("authentication data before a method")]
    NoMethod,
    /// Salt and iterations of `parsec` that it doesn't define, or that would keep the client busy
    /// for too long.
    #[error("not the salt and iterations of parsec")]
    ExtSalt,
    /// No RSA key, or not one that can be read.
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
    /// What the account stores doesn't allow its method: a hash made by another one, say.
    #[error("{method} cannot be checked against {secret}")]
    SecretMismatch {
        /// The method.
        method: Method,
        /// What the account stores, in words.
        secret: &'static str,
    },
    /// A stored hash or key that isn't written as the server writes it.
    #[error("not a stored password of {method}")]
    NotStored {
        /// The method it should be of.
        method: Method,
    },
    /// OpenSSL failed.
    #[error("OpenSSL failed")]
    OpenSsl(#[from] ErrorStack),
}
