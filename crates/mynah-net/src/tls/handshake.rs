use openssl::ssl::{Error, ErrorCode};
use openssl::x509::X509VerifyResult;
use thiserror::Error as ThisError;

/// Why a TLS handshake failed, as far as OpenSSL reports it.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The other side rejects the certificate of this side.
    #[error("the other side does not trust the certificate")]
    Distrusted,
    /// The other side's certificate isn't valid, for this reason.
    #[error("the other side's certificate is not trusted: {0}")]
    Unverified(&'static str),
    /// The other side demands a certificate, and this side has sent none.
    #[error("the other side wants a certificate")]
    WantsCertificate,
    /// The two sides support no common version of TLS.
    #[error("there is no version of TLS that both sides speak")]
    Version,
    /// The two sides support no common cipher, or the other side has sent the alert for this, which it also sends
    /// for a failure without a closer reason.
    #[error("there is no cipher that both sides know")]
    Cipher,
    /// The other side's data isn't TLS.
    #[error("what the other side sent is not TLS")]
    NotTls,
    /// The other side closed the connection.
    #[error("the other side closed the connection during the handshake")]
    Closed,
    /// Another reason, in the words of OpenSSL or the operating system.
    #[error("{0}")]
    Other(String),
}

impl HandshakeError {
    pub(crate) fn new(error: &Error, verified: X509VerifyResult) -> Self {
        // Our own verification failed; OpenSSL's error only says so in general.
        if verified != X509VerifyResult::OK {
            return Self::Unverified(verified.error_string());
        }
        let stack = error.ssl_error().map(|stack| stack.errors());
        let Some(first) = stack.and_then(<[_]>::first) else {
            // No error in OpenSSL's stack: the socket failed, or was closed.
            let is_end = error.code() == ErrorCode::ZERO_RETURN || error.io_error().is_none();
            return match error.io_error() {
                Some(error) if !is_end && error.kind() != std::io::ErrorKind::UnexpectedEof => {
                    Self::Other(error.to_string())
                }
                _ => Self::Closed,
            };
        };
        // OpenSSL's reason codes (`SSL_R_…`). Alerts of the other side are 1000 plus the number of
        // the alert.
        match first.reason_code() {
            // Alerts: bad, unsupported, revoked, expired, unknown certificate; unknown authority.
            1042..=1046 | 1048 => Self::Distrusted,
            199 | 1116 => Self::WantsCertificate,
            191 | 258 | 396 | 1070 => Self::Version,
            // 1040 is also the alert for any failed handshake without a closer reason.
            193 | 1040 => Self::Cipher,
            155 | 156 | 198 | 252 | 267 => Self::NotTls,
            294 => Self::Closed,
            _ => Self::Other(first.reason().unwrap_or("the handshake failed").to_owned()),
        }
    }
}
