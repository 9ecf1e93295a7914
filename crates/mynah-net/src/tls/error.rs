use std::io;
use std::path::PathBuf;

use openssl::error::ErrorStack;
use thiserror::Error;

/// Why TLS can't be set up. Each variant but `OpenSsl` names the option at fault.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The server's certificate or its key is missing.
    #[error(
        "if ssl_mode is not DISABLED, ssl_key and ssl_cert MUST be set. \
         ssl_key is {}, ssl_cert is {}{}",
        set_or_empty(*.key), set_or_empty(*.cert), instead(*.key || *.cert)
    )]
    NoCertificate {
        /// Whether the option for the key is set.
        key: bool,
        /// Whether the option for the certificate is set.
        cert: bool,
    },
    /// A file or folder can't be read, or the file for the key log can't be opened.
    #[error("setting {option}='{}' failed", path.display())]
    Read {
        /// The name of the option, such as `ssl_cert`.
        option: &'static str,
        /// The path that the option names.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A file has the wrong content, or a path isn't UTF-8.
    #[error("setting {option}='{}' failed: it {problem}", path.display())]
    Unfit {
        /// The name of the option, such as `ssl_cert`.
        option: &'static str,
        /// The path that the option names.
        path: PathBuf,
        /// What is wrong with the file or its path, in words that follow `it`.
        problem: &'static str,
    },
    /// The folder of a self-signed certificate can't be used, or the certificate can't be written.
    #[error("setting ssl_self_signed failed: can't write {}", path.display())]
    Keep {
        /// The path of the file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// OpenSSL rejects a file or folder.
    #[error("setting {option}='{}' failed", path.display())]
    Refused {
        /// The name of the option, such as `ssl_cert`.
        option: &'static str,
        /// The path that the option names.
        path: PathBuf,
        /// The error of OpenSSL.
        source: ErrorStack,
    },
    /// OpenSSL doesn't know a cipher in the option `ssl_cipher`.
    #[error("setting ssl_cipher='{ciphers}' failed: OpenSSL knows no cipher '{unknown}'")]
    Cipher {
        /// The value of the option.
        ciphers: String,
        /// The name of the cipher that OpenSSL doesn't know.
        unknown: String,
    },
    /// The list in the option `ssl_cipher` selects no cipher, for instance because its entries exclude each other.
    #[error("setting ssl_cipher='{ciphers}' failed: it selects no cipher")]
    NoCiphers {
        /// The value of the option.
        ciphers: String,
        /// The error of OpenSSL.
        source: ErrorStack,
    },
    /// OpenSSL failed in another way.
    #[error("TLS can't be prepared")]
    OpenSsl(#[from] ErrorStack),
}

impl TlsError {
    /// Returns the error with other names of options, for programs whose options are named differently. Only errors
    /// with a field `option` change.
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

/// The hint to the option that needs no files.
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
