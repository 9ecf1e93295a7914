use thiserror::Error;

use crate::{Method, crypto};

/// The system provided no random bytes for a nonce.
#[derive(Debug, Error)]
#[error("the system gave no random bytes for a nonce")]
pub struct NonceError(#[source] pub(crate) getrandom::Error);

/// Why a login can't continue.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The authentication method or mechanism isn't supported.
    #[error("the authentication method '{}' is not known", .name.escape_ascii())]
    UnknownMethod {
        /// The name of the method or mechanism, as the client or server sent it.
        name: Box<[u8]>,
    },
    /// The method is `mysql_old_password`, which is always refused: a single response of it on the
    /// network is enough to log in, and its hash is reversed in seconds.
    #[error("mysql_old_password is refused: its responses give the password away")]
    OldPassword,
    /// The method needs the password itself, which it doesn't send in clear over this channel. And the method
    /// doesn't encrypt passwords, or the client neither has the server's key nor may request it.
    #[error("{method} asks for the password over a channel that is not secure")]
    InsecureChannel {
        /// The name of the method or mechanism.
        method: &'static str,
    },
    /// The server's data is too short for the nonce of its method.
    #[error("the nonce of {method} needs {needed} bytes, {found} found")]
    ShortNonce {
        /// The name of the method or mechanism.
        method: &'static str,
        /// The length of the method's nonce in bytes.
        needed: usize,
        /// The length of the server's data in bytes.
        found: usize,
    },
    /// The server sends data that the method doesn't have at this point.
    #[error("unexpected data of {len} bytes in {method}")]
    UnexpectedData {
        /// The name of the method or mechanism.
        method: &'static str,
        /// The length of the unexpected data in bytes.
        len: usize,
    },
    /// The server sent authentication data before a method has begun.
    #[error("authentication data before a method")]
    NoMethod,
    /// The server's salt and iterations aren't those that `parsec` defines, or would take the client too long.
    #[error("not the salt and iterations of parsec")]
    ExtSalt,
    /// The data isn't an RSA key in PEM.
    #[error("not an RSA key in PEM")]
    NotAnRsaKey,
    /// The password is too long for the server's RSA key.
    #[error("the RSA key encrypts passwords of up to {max} bytes, this one has {len}")]
    PasswordTooLong {
        /// The length of the password in bytes.
        len: usize,
        /// The length in bytes of the longest password that the key encrypts.
        max: usize,
    },
    /// The server asks for one more factor than there are passwords.
    #[error("no password for factor {factor}")]
    NoPassword {
        /// The number of the factor without a password, from 1.
        factor: usize,
    },
    /// The method can't be checked against the stored password, which is, for example, a hash of another
    /// method.
    #[error("{method} cannot be checked against {secret}")]
    SecretMismatch {
        /// The method by which the client was to be checked, which needs another kind of stored password.
        method: Method,
        /// The kind of stored password, for messages.
        secret: &'static str,
    },
    /// A stored hash or key isn't in the server's format, or the method has no such format.
    #[error("not a stored password of {method}")]
    NotStored {
        /// The method in whose format the stored password should be.
        method: Method,
    },
    /// An RSA key is needed, and the crate is built without RSA, which its feature `openssl` has.
    #[error("this build has no RSA: mynah-auth's feature `openssl` is off")]
    NoRsa,
    /// OpenSSL, or what stands in its place, failed to compute, encrypt or generate something.
    #[error("OpenSSL failed")]
    OpenSsl(#[source] CryptoError),
}

/// Why hashes or RSA failed.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct CryptoError(crypto::Error);

impl From<crypto::Error> for AuthError {
    fn from(error: crypto::Error) -> Self {
        Self::OpenSsl(CryptoError(error))
    }
}
