use std::error::Error;
use std::ffi::OsString;

use thiserror::Error;

use super::Allowed;

/// What is wrong with the command line: what, where, and what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UsageError {
    /// Bytes that are no text.
    #[error("argument '{}' is not UTF-8; write it in UTF-8", _0.to_string_lossy())]
    NotUtf8(OsString),
    /// An option, or another argument, that the program doesn't know.
    #[error("{} '{argument}'; {}", kind(argument), advice(similar.as_deref()))]
    Unknown {
        /// As it was written.
        argument: String,
        /// What may have been meant.
        similar: Option<String>,
    },
    /// An option without its value.
    #[error("no value for {}; write {option}", name(option))]
    NoValue {
        /// The option and what its value is called.
        option: String,
    },
    /// An option that has a value and takes none.
    #[error("value '{value}' for {option}, which takes none; write {option} alone")]
    UnneededValue {
        /// The option.
        option: String,
        /// Its value.
        value: String,
    },
    /// An option that may be there once.
    #[error("{} is there more than once; leave one of them", name(option))]
    Repeated {
        /// The option and what its value is called.
        option: String,
    },
    /// A value that an option can't have.
    #[error("bad value '{value}' in {option}; use {allowed}")]
    Value {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        allowed: Allowed,
    },
    /// A value that an option can't have, as its source says.
    #[error("bad value '{value}' in {option}")]
    Refused {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Anything else.
    #[error("{0}; --help lists the options")]
    Other(String),
}

fn kind(argument: &str) -> &'static str {
    match argument.starts_with('-') {
        true => "unknown option",
        false => "unexpected argument",
    }
}

fn advice(similar: Option<&str>) -> String {
    match similar {
        Some(similar) => format!("did you mean {similar}?"),
        None => "--help lists the options".to_owned(),
    }
}

/// An option without what its value is called.
fn name(option: &str) -> &str {
    option.split([' ', '[']).next().unwrap_or(option)
}
