use std::io;
use std::path::PathBuf;

use openssl::error::ErrorStack;
use thiserror::Error;

/// Why a server can't speak TLS as it should. Each says which option is meant.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// There is no certificate, or no key.
    #[error(
        "if ssl_mode is not DISABLED, ssl_key and ssl_cert MUST be set. \
         ssl_key is {}, ssl_cert is {}{}",
        set_or_empty(*.key), set_or_empty(*.cert), instead(*.key || *.cert)
    )]
    NoCertificate {
        /// Whether there is a key.
        key: bool,
        /// Whether there is a certificate.
        cert: bool,
    },
    /// A file or folder can't be read.
    #[error("setting {option}='{}' failed", path.display())]
    Read {
        /// The option: `ssl_cert`, say.
        option: &'static str,
        /// What it was set to.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file can be read, but it isn't what it should be.
    #[error("setting {option}='{}' failed: it {problem}", path.display())]
    Unfit {
        /// The option: `ssl_cert`, say.
        option: &'static str,
        /// What it was set to.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A certificate that was made can't be kept.
    #[error("setting ssl_self_signed failed: can't write {}", path.display())]
    Keep {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// OpenSSL doesn't take what is in a file.
    #[error("setting {option}='{}' failed", path.display())]
    Refused {
        /// The option: `ssl_cert`, say.
        option: &'static str,
        /// What it was set to.
        path: PathBuf,
        /// What OpenSSL says.
        source: ErrorStack,
    },
    /// OpenSSL doesn't know a cipher.
    #[error("setting ssl_cipher='{ciphers}' failed: OpenSSL knows no cipher '{unknown}'")]
    Cipher {
        /// What it was set to.
        ciphers: String,
        /// The one that isn't known.
        unknown: String,
    },
    /// OpenSSL failed.
    #[error("TLS can't be prepared")]
    OpenSsl(#[from] ErrorStack),
}

impl TlsError {
    /// The same where options have other names.
    #[must_use]
    pub fn with_names(self, name: impl Fn(&'static str) -> &'static str) -> Self {
        match self {
            Self::Read {
                option,
                path,
                source,
            } => Self::Read {
                option: name(option),
                path,
                source,
            },
            Self::Unfit {
                option,
                path,
                problem,
            } => Self::Unfit {
                option: name(option),
                path,
                problem,
            },
            Self::Refused {
                option,
                path,
                source,
            } => Self::Refused {
                option: name(option),
                path,
                source,
            },
            other => other,
        }
    }
}

/// What does without files.
fn instead(has_one: bool) -> &'static str {
    if has_one {
        ""
    } else {
        "; --ssl-self-signed makes both"
    }
}

fn set_or_empty(set: bool) -> &'static str {
    if set { "set" } else { "empty" }
}
