use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;
use mynah_program::Parsed;

use super::{ArgsError, Task};

/// The arguments behind `convert`.
#[derive(Debug, Parser)]
#[command(
    name = "mynah-proxy convert",
    version,
    about = ABOUT,
    override_usage = "mynah-proxy convert <FROM> <TO>",
)]
pub(super) struct ConvertArgs {
    /// the journal of a recording, or a recording
    #[arg(value_name = "FROM")]
    from: Option<PathBuf>,

    /// the recording that is written
    #[arg(value_name = "TO")]
    to: Option<PathBuf>,
}

/// Reads the arguments behind `convert`.
pub(super) fn read(args: Vec<OsString>) -> Result<Task, ArgsError> {
    match mynah_program::read::<ConvertArgs>(args)? {
        Parsed::Args(ConvertArgs {
            from: Some(from),
            to: Some(to),
        }) => Ok(Task::Convert { from, to }),
        Parsed::Args(_) => Err(ArgsError::NothingToConvert),
        Parsed::Text(text) => Ok(Task::Show(text)),
    }
}

/// The first argument of a command line that converts.
pub(super) const CONVERT: &str = "convert";

const ABOUT: &str = "\
Makes a recording of the journal that mynah-proxy --record leaves if it is interrupted.";
