use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;
use mynah_program::Parsed;
use mynah_relay::VolatileRules;

use super::{ArgsError, Task, record};

/// The arguments behind `record-diff`.
#[derive(Debug, Parser)]
#[command(
    name = "mynah-proxy record-diff",
    version,
    about = ABOUT,
    override_usage = "mynah-proxy record-diff <ONE> <OTHER> [OPTIONS]",
)]
pub(super) struct DiffArgs {
    /// a recording
    #[arg(value_name = "ONE")]
    one: Option<PathBuf>,

    /// another recording of the same statements
    #[arg(value_name = "OTHER")]
    other: Option<PathBuf>,

    /// values that differ from run to run, in addition to those that the recordings name: column:NAME, type:TYPE, and
    /// others; may be repeated
    #[arg(long, value_name = "RULE")]
    volatile: Vec<String>,
}

/// Two recordings that are compared.
#[derive(Debug)]
pub(crate) struct Diff {
    pub(crate) one: PathBuf,
    pub(crate) other: PathBuf,
    pub(crate) rules: VolatileRules,
}

/// Reads the arguments behind `record-diff`.
pub(super) fn read(args: Vec<OsString>) -> Result<Task, ArgsError> {
    match mynah_program::read::<DiffArgs>(args)? {
        Parsed::Args(DiffArgs {
            one: Some(one),
            other: Some(other),
            volatile,
        }) => Ok(Task::Diff(Diff {
            one,
            other,
            rules: record::rules("--volatile", &volatile)?,
        })),
        Parsed::Args(_) => Err(ArgsError::NothingToDiff),
        Parsed::Text(text) => Ok(Task::Show(text)),
    }
}

/// The first argument of a command line that compares.
pub(super) const RECORD_DIFF: &str = "record-diff";

const ABOUT: &str = "\
Compares two recordings of the same statements. Prints the differences, and the --volatile options with which the \
recordings would be the same.

The exit code is 0 if the recordings are the same, 1 if they differ, and 2 if they can't be compared.";
