use std::ffi::OsString;
use std::path::PathBuf;

use mynah::Options;
use mynah_relay::ConvertOptions;

use super::{ArgsError, Ping, Settings};

/// What the program has to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// Serve.
    Serve(Box<Settings>),
    /// Serve as long as a command runs.
    Run(Box<Settings>, Vec<OsString>),
    /// Look for problems of scripts, each with these options.
    Check(Vec<Options>),
    /// Make a script or a recording of another file.
    Convert {
        /// What is read.
        from: PathBuf,
        /// What is written.
        to: PathBuf,
        options: ConvertOptions,
    },
    /// Ask a running mock for its health.
    Ping(Ping),
    /// Print a text, and end.
    Show(String),
}

/// The arguments after `run`: options, and the command behind `--`.
pub(super) fn split_command(
    args: &[OsString],
) -> Result<(Vec<OsString>, Vec<OsString>), ArgsError> {
    let mut parts = args.splitn(2, |arg| arg == "--");
    let options = parts.next().unwrap_or_default().to_vec();
    let command = parts.next().unwrap_or_default().to_vec();
    let asks_for_text = |arg: &OsString| TEXTS.iter().any(|text| arg == text);
    if command.is_empty() && !options.iter().any(asks_for_text) {
        return Err(ArgsError::NoCommand);
    }
    Ok((options, command))
}

/// Options that only print a text.
const TEXTS: [&str; 5] = ["--help", "-?", "-h", "--version", "-V"];
