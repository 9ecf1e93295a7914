use std::ffi::OsString;

use clap::Parser;
use mynah::Options;
use mynah_program::Parsed;

use super::{ArgsError, Task};

/// The arguments behind `check`.
#[derive(Debug, Parser)]
#[command(
    name = "mynah-mock check",
    version,
    about = ABOUT,
    override_usage = "mynah-mock check [OPTIONS] <FILE>...",
    args_override_self = true,
)]
pub(super) struct CheckArgs {
    /// the scripts: in JavaScript, or in JSON if the name ends in .json
    #[arg(value_name = "FILE")]
    files: Vec<String>,

    /// the folder in which require() looks for modules that are named without a path (default: the current directory)
    #[arg(long, value_name = "DIR")]
    module_prefix: Option<String>,

    /// also find mistakes that are mistakes only in compatible mode
    #[arg(long)]
    compatible: bool,
}

/// Reads the arguments behind `check`.
pub(super) fn read(args: Vec<OsString>) -> Result<Task, ArgsError> {
    let args = match mynah_program::read::<CheckArgs>(args)? {
        Parsed::Args(args) => args,
        Parsed::Text(text) => return Ok(Task::Show(text)),
    };
    if args.files.is_empty() {
        return Err(ArgsError::NothingToCheck);
    }
    let options = args.files.iter().map(|file| {
        let mut options = Options::new(file);
        options.compatible = args.compatible;
        if let Some(prefix) = &args.module_prefix {
            options.module_prefix = prefix.into();
        }
        options
    });
    Ok(Task::Check(options.collect()))
}

const ABOUT: &str = "\
Finds mistakes in scripts, without serving the scripts.

Prints each mistake with file, line and column, and for each script how it is run and why. Ends with exit code 1 if \
there is a mistake. The answers that functions return aren't checked.";
