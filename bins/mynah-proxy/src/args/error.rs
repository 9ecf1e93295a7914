use std::ffi::OsString;

use mynah_relay::{FilterError, NoAddress, NotSenders, RuleError};
use thiserror::Error;

/// What is wrong with the command line.
#[derive(Debug, Error)]
pub(crate) enum UsageError {
    #[error("argument '{}' is not UTF-8", _0.to_string_lossy())]
    NotUtf8(OsString),
    #[error(
        "--listen and --upstream are needed, one of each for every route: there are {listen} and {upstream}"
    )]
    Routes { listen: usize, upstream: usize },
    #[error(
        "--protocol is needed once, or for each of the {routes} routes: it is there {protocols} times"
    )]
    Protocols { routes: usize, protocols: usize },
    #[error("option {option}")]
    Address {
        option: &'static str,
        source: NoAddress,
    },
    #[error("option --accept-proxy-protocol")]
    Senders(#[source] NotSenders),
    #[error("option {option} is one of {allowed}, not '{value}'")]
    OneOf {
        option: &'static str,
        allowed: &'static str,
        value: String,
    },
    #[error("option {option} is a number from {least} to {most}, not '{value}'")]
    Number {
        option: &'static str,
        least: u64,
        most: u64,
        value: String,
    },
    #[error("option {option} is a time like 500ms, 10s or 5m, not '{value}'")]
    Time { option: &'static str, value: String },
    #[error("option {option} is a size like 100k, 10m or 1g, not '{value}'")]
    Size { option: &'static str, value: String },
    #[error("option {option} '{text}'")]
    Filter {
        option: &'static str,
        text: String,
        source: FilterError,
    },
    #[error("option --redact '{text}' is no regular expression")]
    Rule { text: String, source: RuleError },
    #[error(
        "option --only is about connections: connection, client, listener, server, user and schema, not {0}, which is for --filter"
    )]
    Only(&'static str),
    #[error("option {0}: {1}")]
    Together(&'static str, &'static str),
    #[error("{0}")]
    Other(String),
}
