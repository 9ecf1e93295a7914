use thiserror::Error;

/// The system gave no random bytes for a nonce.
#[derive(Debug, Error)]
#[error("the system gave no random bytes for a nonce")]
pub struct NonceError(
    /// What OpenSSL says of it.
    #[from]
    pub openssl::error::ErrorStack,
);
