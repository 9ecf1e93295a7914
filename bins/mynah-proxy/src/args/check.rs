use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;
use mynah_program::Parsed;

use super::{ArgsError, Task};
use crate::config;

/// The arguments behind `check`.
#[derive(Debug, Parser)]
#[command(
    name = "mynah-proxy check",
    version,
    about = ABOUT,
    override_usage = "mynah-proxy check <FILE>\n       mynah-proxy check --schema",
)]
pub(super) struct CheckArgs {
    /// a configuration file, as for --config
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// print the JSON Schema of configuration files
    #[arg(long)]
    schema: bool,
}

/// Reads the arguments behind `check`, and checks the file.
pub(super) fn read(args: Vec<OsString>) -> Result<Task, ArgsError> {
    match mynah_program::read::<CheckArgs>(args)? {
        Parsed::Args(CheckArgs {
            file: None,
            schema: true,
        }) => Ok(Task::Show(config::schema())),
        Parsed::Args(CheckArgs {
            file: Some(file),
            schema: false,
        }) => {
            let mut config = OsString::from("--config=");
            config.push(&file);
            super::read([config])?;
            let shown = file.display();
            Ok(Task::Show(format!("{shown}: the configuration is valid\n")))
        }
        Parsed::Args(_) => Err(ArgsError::NothingToCheck),
        Parsed::Text(text) => Ok(Task::Show(text)),
    }
}

/// The first argument of a command line that checks.
pub(super) const CHECK: &str = "check";

const ABOUT: &str = "\
Checks a configuration file without starting the proxy. Prints every error with its line, and the key and what is \
allowed there.

The exit code is 0 if the file is valid, 1 if it isn't, and 2 if the command line is wrong.";
