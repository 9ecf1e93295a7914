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
    /// the scripts: JavaScript, or JSON if their names end in .json
    #[arg(value_name = "FILE")]
    files: Vec<String>,

    /// where require() looks for modules that are named without a path (default: the current
    /// directory)
    #[arg(long, value_name = "DIR")]
    module_prefix: Option<String>,

    /// look for what is a problem in compatible mode
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
Looks for problems of scripts, without serving them.

Prints each problem with file, line and column, and for each script how it is run and why. Ends with 1 if there is \
a problem. What a function answers isn't looked at.";
