use std::ffi::OsString;

use thiserror::Error;

/// What is wrong with the command line. Who greps for what the original mock says finds it.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum UsageError {
    #[error("argument '{}' is not UTF-8", _0.to_string_lossy())]
    NotUtf8(OsString),
    #[error("invalid argument '{0}'.")]
    InvalidArgument(String),
    #[error("unknown option '{0}'.")]
    UnknownOption(String),
    #[error("option '{0}' expects a value, got nothing")]
    NoValue(String),
    #[error("option '{0}' does not expect a value, but got a value")]
    UnexpectedValue(String),
    #[error("option filename in [mock_server:classic] needs a value")]
    NoFilename,
    #[error("option {option} needs value between {least} and {most} inclusive, was '{value}'")]
    Number {
        option: &'static str,
        least: u16,
        most: u16,
        value: String,
    },
    #[error(
        "invalid value '{0}' in option ssl_mode in [mock_server:classic]. \
         Allowed values: DISABLED,PREFERRED,REQUIRED"
    )]
    SslMode(String),
    #[error(
        "setting 'tls_version={0}' failed. Unknown TLS version. \
         Allowed values: TLSv1,TLSv1.1,TLSv1.2,TLSv1.3"
    )]
    TlsVersion(String),
    #[error("Value for parameter '{option}' needs to be one of: {allowed}, was '{value}'")]
    OneOf {
        option: &'static str,
        allowed: &'static str,
        value: String,
    },
    #[error("option {option} needs a time from 1ms to 24h, like 500ms or 5s, was '{value}'")]
    Time { option: &'static str, value: String },
    #[error("option socket-mode needs octal permissions from 0 to 0777, was '{0}'")]
    SocketMode(String),
    #[error("option {option} needs a size from 1 to 1T, like 64M or 1G, was '{value}'")]
    Size { option: &'static str, value: String },
    #[error("{0}")]
    Other(String),
}
