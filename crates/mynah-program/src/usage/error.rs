use std::error::Error;
use std::ffi::OsString;

use thiserror::Error;

use super::Allowed;

/// An error in the command line, or in a variable that stands for an option: what is wrong, where, and what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UsageError {
    /// This argument isn't UTF-8.
    #[error("argument '{}' is not UTF-8; write it in UTF-8", _0.to_string_lossy())]
    NotUtf8(OsString),
    /// An option, or another argument, that the program doesn't know.
    #[error("{} '{argument}'; {}", kind(argument), advice(similar.as_deref()))]
    Unknown {
        /// The argument as it was given.
        argument: String,
        /// An option that it may be a misspelling of; `None` if none is similar.
        similar: Option<String>,
    },
    /// The value of an option is missing.
    #[error("no value for {}; write {option}", name(option))]
    NoValue {
        /// The option with the placeholder of its value.
        option: String,
    },
    /// An environment variable that switches an option on or off has another value than those for on and off.
    #[error("bad value '{value}' in the variable {name}; use 1 or 0")]
    Variable {
        /// The name of the variable.
        name: String,
        /// The value of the variable.
        value: String,
    },
    /// An option that takes no value has one.
    #[error("value '{value}' for {option}, which takes none; write {option} alone")]
    UnneededValue {
        /// The name of the option.
        option: String,
        /// The value that was given.
        value: String,
    },
    /// An option is repeated that may occur once.
    #[error("{} is there more than once; leave one of them", name(option))]
    Repeated {
        /// The option with the placeholder of its value.
        option: String,
    },
    /// The value of an option isn't allowed.
    #[error("bad value '{value}' in {option}; use {allowed}")]
    Value {
        /// The name of the option.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// The values that the option allows.
        allowed: Allowed,
    },
    /// The value of an option isn't allowed, or the file that it names can't be used, for the reason in the source.
    #[error("bad value '{value}' in {option}")]
    Refused {
        /// The name of the option.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// Why the value isn't allowed, or its file can't be used.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another error, in this text.
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

/// An option without the placeholder of its value.
fn name(option: &str) -> &str {
    option.split([' ', '[']).next().unwrap_or(option)
}
