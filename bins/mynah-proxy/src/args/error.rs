use mynah_program::UsageError;
use mynah_relay::{FaultRuleError, PseudonymError};
use thiserror::Error;

use crate::config::ConfigError;

/// An error in the command line.
#[derive(Debug, Error)]
pub(crate) enum ArgsError {
    /// An error that any program can have.
    #[error(transparent)]
    Usage(#[from] UsageError),
    #[error(
        "each route needs one --listen and one --upstream, here are {listen} and {upstream}; \
         write --listen 127.0.0.1:3307 --upstream 127.0.0.1:3306"
    )]
    Routes { listen: usize, upstream: usize },
    #[error(
        "--protocol is there {protocols} times, with {routes} routes; write it once, or once for each"
    )]
    Protocols { routes: usize, protocols: usize },
    #[error(
        "--upstream-policy is there {policies} times, with {routes} routes; write it once, or once for each"
    )]
    Policies { routes: usize, policies: usize },
    #[error(
        "{0} in --only, which is about connections: connection, client, listener, server, user and \
         schema; use --filter"
    )]
    Only(&'static str),
    /// There are too many rules for faults.
    #[error(transparent)]
    Faults(#[from] FaultRuleError),
    #[error("option --faults '{path}'")]
    FaultFile {
        path: String,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("option --replay")]
    Recording(#[source] mynah_relay::RecordingError),
    #[error("can't make a folder for what --compare records")]
    NoFolder(#[source] std::io::Error),
    #[error("convert needs two files; write mynah-proxy convert rec.jsonl rec.json")]
    NothingToConvert,
    #[error("option --pseudonym: {0}; write --redact-key FILE")]
    Pseudonyms(#[from] PseudonymError),
    #[error("record-diff needs two recordings; write mynah-proxy record-diff one.json other.json")]
    NothingToDiff,
    #[error("check needs one file, or --schema; write mynah-proxy check proxy.toml")]
    NothingToCheck,
    /// What is wrong with the file of `--config`.
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{option} {problem}; {remedy}")]
    Together {
        option: &'static str,
        problem: &'static str,
        remedy: &'static str,
    },
}

/// The error for an option that doesn't fit another one, with advice.
pub(super) fn together(
    option: &'static str,
    problem: &'static str,
    remedy: &'static str,
) -> ArgsError {
    ArgsError::Together {
        option,
        problem,
        remedy,
    }
}
