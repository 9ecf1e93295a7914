use openssl::ssl::{Error, ErrorCode};
use openssl::x509::X509VerifyResult;
use thiserror::Error as ThisError;

/// Why a TLS handshake failed, as far as that can be told.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The other side has said so.
    #[error("the other side does not trust the certificate")]
    Distrusted,
    /// The other side's certificate is not what it has to be.
    #[error("the other side's certificate is not trusted: {0}")]
    Unverified(&'static str),
    /// The other side wants a certificate, or a better one.
    #[error("the other side wants a certificate")]
    WantsCertificate,
    /// No version of TLS is spoken by both sides.
    #[error("there is no version of TLS that both sides speak")]
    Version,
    /// No cipher is known to both sides.
    #[error("there is no cipher that both sides know")]
    Cipher,
    /// What came is something else.
    #[error("what the other side sent is not TLS")]
    NotTls,
    /// The connection was closed.
    #[error("the other side closed the connection during the handshake")]
    Closed,
    /// Another reason, as OpenSSL has it.
    #[error("{0}")]
    Other(String),
}

impl HandshakeError {
    pub(crate) fn new(error: &Error, verified: X509VerifyResult) -> Self {
        if verified != X509VerifyResult::OK {
            return Self::Unverified(verified.error_string());
        }
        let stack = error.ssl_error().map(|stack| stack.errors());
        let Some(first) = stack.and_then(<[_]>::first) else {
            let is_end = error.code() == ErrorCode::ZERO_RETURN || error.io_error().is_none();
            return match error.io_error() {
                Some(error) if !is_end && error.kind() != std::io::ErrorKind::UnexpectedEof => {
                    Self::Other(error.to_string())
                }
                _ => Self::Closed,
            };
        };
        match first.reason_code() {
            // Alerts: bad, unsupported, revoked, expired, unknown certificate; unknown authority.
            1042..=1046 | 1048 => Self::Distrusted,
            199 | 1116 => Self::WantsCertificate,
            191 | 258 | 396 | 1070 => Self::Version,
            // Also the alert that says no more than that the handshake failed.
            193 | 1040 => Self::Cipher,
            155 | 156 | 198 | 252 | 267 => Self::NotTls,
            294 => Self::Closed,
            _ => Self::Other(first.reason().unwrap_or("the handshake failed").to_owned()),
        }
    }
}
