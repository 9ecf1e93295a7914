//! The options that a configuration file says besides those of the command line.

use std::collections::BTreeSet;
use std::ffi::OsString;

use mynah_program::{UsageError, one_line};

use super::error::together;
use super::{Args, ArgsError, Task, alone};
use crate::config::{self, ConfigError, Words};

/// Reads the file that these arguments name, and then the arguments together with what the file says.
pub(super) fn read(file: &str, args: &[OsString]) -> Result<Task, ArgsError> {
    let given: BTreeSet<_> = alone::given(args)
        .into_iter()
        .map(|(option, _)| format!("--{option}"))
        .collect();
    for option in ["--listen", "--upstream", "--protocol", "--upstream-policy"] {
        if given.contains(option) {
            let problem = "with --config, whose file says which listeners and servers there are";
            return Err(together(option, problem, "leave one of them out"));
        }
    }
    let words = config::read(file.as_ref())?;
    let mut all = args.to_vec();
    all.extend(words.args(&given));
    super::read_parsed(mynah_program::read::<Args>(all.clone()), &all)
        .map_err(|error| said_by_file(error, &words, &given))
}

/// An error about an option of the file, with its place there.
fn said_by_file(error: ArgsError, words: &Words, given: &BTreeSet<String>) -> ArgsError {
    let (option, value, text) = match &error {
        ArgsError::Usage(UsageError::Value {
            option,
            value,
            allowed,
        }) => (
            *option,
            Some(value.as_str()),
            format!("bad value '{value}'; use {allowed}"),
        ),
        ArgsError::Usage(UsageError::Refused {
            option,
            value,
            source,
        }) => (
            *option,
            Some(value.as_str()),
            format!("bad value '{value}': {}", one_line(&**source)),
        ),
        ArgsError::Together { option, .. } => (*option, None, error.to_string()),
        ArgsError::Only(_) => ("--only", None, error.to_string()),
        ArgsError::FaultFile { .. } => ("--faults", None, one_line(&error)),
        ArgsError::Faults(_) => ("--fault", None, one_line(&error)),
        _ => return error,
    };
    if given.contains(option) {
        return error;
    }
    let problem: Option<ConfigError> = words.problem(option, value, &text);
    problem.map_or(error, ArgsError::Config)
}
