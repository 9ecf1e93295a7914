//! Options from the environment: `MYNAH_PORT` is `--port`.

use std::ffi::OsString;

use clap::{Arg, Command};
use mynah_program::UsageError;

/// The options of a command that variables set, as arguments. Arguments behind them count more.
pub(super) fn arguments(
    command: &Command,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Vec<OsString>, UsageError> {
    let mut arguments = Vec::new();
    for option in command.get_arguments() {
        let Some(long) = option.get_long().filter(|long| !ALONE.contains(long)) else {
            continue;
        };
        let name = name(long);
        let Some(value) = variable(&name).filter(|value| !value.is_empty()) else {
            continue;
        };
        let argument = match takes_value(option) {
            true => {
                let mut argument = OsString::from(format!("--{long}="));
                argument.push(value);
                Some(argument)
            }
            false => is_on(&name, &value)?.then(|| format!("--{long}").into()),
        };
        arguments.extend(argument);
    }
    Ok(arguments)
}

/// The variable of an option.
fn name(long: &str) -> String {
    format!("MYNAH_{}", long.replace('-', "_").to_ascii_uppercase())
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

fn is_on(name: &str, value: &OsString) -> Result<bool, UsageError> {
    match value.to_str().map(str::to_ascii_lowercase).as_deref() {
        Some("1" | "true" | "yes" | "on") => Ok(true),
        Some("0" | "false" | "no" | "off") => Ok(false),
        _ => Err(UsageError::Variable {
            name: name.to_owned(),
            value: value.to_string_lossy().into_owned(),
        }),
    }
}

/// What is about the command line alone.
const ALONE: [&str; 2] = ["help", "version"];

#[cfg(test)]
mod tests {
    use crate::args::Args;

    fn arguments_of(variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.into())
        };
        super::arguments(&mynah_program::command::<Args>(), variable)
            .map(|args| args.join(" ".as_ref()).into_string().unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn each_option_can_be_a_variable() {
        let set = [
            ("MYNAH_FILENAME", "a b.js"),
            ("MYNAH_HTTP_PORT", "8080"),
            ("MYNAH_STRICT", "true"),
            ("MYNAH_VERBOSE", "0"),
            ("MYNAH_SOCKET", ""),
            ("MYNAH_VERSION", "1"),
            ("MYNAH_HTTP", "127.0.0.1:1"),
        ];
        let expected = "--filename=a b.js --strict --http-port=8080";
        assert_eq!(arguments_of(&set).as_deref(), Ok(expected));
        assert_eq!(
            arguments_of(&[("MYNAH_STRICT", "maybe")]).unwrap_err(),
            "bad value 'maybe' in the variable MYNAH_STRICT; use 1 or 0"
        );
    }
}
