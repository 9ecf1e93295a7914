use mynah_program::UsageError;
use thiserror::Error;

use super::original::OriginalError;

/// An error in the command line.
#[derive(Debug, Error)]
pub(crate) enum ArgsError {
    /// An error that any program can have.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// In compatible mode, an error in the original's words.
    #[error(transparent)]
    Original(#[from] OriginalError),
    #[error(
        "--filename is missing, the script to answer from; write mynah-mock --filename script.js, \
         or --http-port PORT to send expectations over HTTP; --help lists the options"
    )]
    NoFilename,
    #[error(
        "run has no command; write it behind --: mynah-mock run --filename script.js -- pytest"
    )]
    NoCommand,
    #[error("check has no files; write mynah-mock check script.js")]
    NothingToCheck,
    #[error("convert needs two files; write mynah-mock convert shop.json shop.js")]
    NothingToConvert,
    #[error(
        "{0} is missing, TLS needs a certificate and its key; give both --ssl-cert and --ssl-key, or \
         --ssl-self-signed to have them made"
    )]
    NoCertificate(&'static str),
}

impl ArgsError {
    /// The error in the original's words, if the original has it.
    pub(super) fn into_original(self) -> Self {
        match self {
            Self::NoFilename => Self::Original(OriginalError::NoFilename),
            Self::Usage(error) => match OriginalError::of(&error) {
                Some(error) => Self::Original(error),
                None => Self::Usage(error),
            },
            Self::Original(_)
            | Self::NoCertificate(_)
            | Self::NoCommand
            | Self::NothingToCheck
            | Self::NothingToConvert => self,
        }
    }
}
