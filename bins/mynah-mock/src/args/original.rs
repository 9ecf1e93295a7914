//! The command line as the original mock parses it.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};
use mynah_program::UsageError;
use thiserror::Error;

/// The original's errors for a command line. Programs that start it depend on these texts.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum OriginalError {
    #[error("invalid argument '{0}'.")]
    InvalidArgument(String),
    #[error("unknown option '{0}'.")]
    UnknownOption(String),
    #[error("option '{0}' expects a value, got nothing")]
    NoValue(String),
    #[error("option '{0}' does not expect a value, but got a value")]
    UnexpectedValue(String),
    #[error("option filename in [mock_server:classic] needs a value")]
    NoFilename,
    #[error("option port in [{section}] needs value between 0 and 65535 inclusive, was '{value}'")]
    Port {
        section: &'static str,
        value: String,
    },
    #[error(
        "invalid value '{0}' in option ssl_mode in [mock_server:classic]. \
         Allowed values: DISABLED,PREFERRED,REQUIRED"
    )]
    SslMode(String),
    #[error(
        "setting 'tls_version={0}' failed. Unknown TLS version. \
         Allowed values: TLSv1,TLSv1.1,TLSv1.2,TLSv1.3"
    )]
    TlsVersion(String),
    #[error("Value for parameter '--core-file' needs to be one of: ['0', '1'], was '{0}'")]
    CoreFile(String),
}

impl OriginalError {
    /// The original's error for a wrong value, if it has the option.
    pub(super) fn of(error: &UsageError) -> Option<Self> {
        let (UsageError::Value { option, value, .. } | UsageError::Refused { option, value, .. }) =
            error
        else {
            return None;
        };
        let value = value.clone();
        let port = |section, value| Self::Port { section, value };
        match *option {
            "--port" => Some(port("mock_server:classic", value)),
            "--xport" => Some(port("mock_server:x", value)),
            "--http-port" => Some(port("http_server", value)),
            "--ssl-mode" => Some(Self::SslMode(value)),
            "--tls-version" => Some(Self::TlsVersion(value)),
            "--core-file" => Some(Self::CoreFile(value)),
            _ => None,
        }
    }
}

/// Converts all forms of options that the original mock accepts to `--option=value`: `--option
/// value`, `-o value`, `-o=value`, and `-ovalue`. Of a repeated option the last one stays, unless it is one to repeat. Options
/// with an empty value are removed.
pub(super) fn plain(
    args: impl IntoIterator<Item = OsString>,
    command: &Command,
) -> Result<Vec<OsString>, OriginalError> {
    let mut given: Vec<(&str, Option<String>)> = Vec::new();
    let args = args.into_iter().map(|arg| arg.into_string());
    let args: Vec<String> = args
        .collect::<Result<_, _>>()
        .map_err(|arg| OriginalError::InvalidArgument(arg.to_string_lossy().into_owned()))?;
    let mut args = args.iter().map(String::as_str).peekable();
    while let Some(arg) = args.next() {
        let (name, attached) = split(arg, command)?;
        if HELP.contains(&name) {
            return Ok(vec!["--help".into()]);
        }
        let option = command.get_arguments().find(|option| is(option, name));
        let Some((option, long)) = option.and_then(|option| Some((option, option.get_long()?)))
        else {
            return Err(OriginalError::UnknownOption(name.to_owned()));
        };
        let value = match (option.get_action().takes_values(), attached) {
            (false, None | Some("")) => None,
            (false, Some(_)) => return Err(OriginalError::UnexpectedValue(name.to_owned())),
            (true, Some(value)) => Some(value.to_owned()),
            (true, None) => {
                let next = args.next_if(|next| !next.starts_with('-'));
                match (next, alone(long)) {
                    (Some(value), _) | (None, Some(value)) => Some(value.to_owned()),
                    (None, None) => return Err(OriginalError::NoValue(name.to_owned())),
                }
            }
        };
        if !matches!(option.get_action(), ArgAction::Append) {
            given.retain(|(earlier, _)| *earlier != long);
        }
        given.push((long, value));
    }
    let given = given.into_iter().filter_map(|(long, value)| match value {
        None => Some(format!("--{long}")),
        Some(value) if value.is_empty() => alone(long).map(|value| format!("--{long}={value}")),
        Some(value) => Some(format!("--{long}={value}")),
    });
    Ok(given.map(OsString::from).collect())
}

/// An option's name, and the value that is part of the same argument.
fn split<'a>(arg: &'a str, command: &Command) -> Result<(&'a str, Option<&'a str>), OriginalError> {
    let (name, value) = match arg.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (arg, None),
    };
    let mut chars = name.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('-'), Some('-'), Some(_)) => Ok((name, value)),
        (Some('-'), Some(short), None) if short != '-' => Ok((name, value)),
        (Some('-'), Some(short), Some(_)) if takes_value(short, command) => {
            let (name, value) = arg.split_at(1 + short.len_utf8());
            Ok((name, Some(value)))
        }
        _ => Err(OriginalError::InvalidArgument(arg.to_owned())),
    }
}

fn is(option: &Arg, name: &str) -> bool {
    match name.strip_prefix("--") {
        Some(long) => option.get_long() == Some(long),
        None => {
            option
                .get_short()
                .map(|short| format!("-{short}"))
                .as_deref()
                == Some(name)
        }
    }
}

fn takes_value(short: char, command: &Command) -> bool {
    let mut options = command.get_arguments();
    options.any(|option| option.get_short() == Some(short) && option.get_action().takes_values())
}

/// The value of an option that is given without one.
fn alone(long: &str) -> Option<&'static str> {
    match long {
        "core-file" => Some("1"),
        "ssl-self-signed" => Some(""),
        _ => None,
    }
}

const HELP: [&str; 3] = ["-?", "-h", "--help"];

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use crate::args::Args;

    fn plain(args: &[&str]) -> Result<String, String> {
        let args = args.iter().map(OsString::from);
        super::plain(args, &mynah_program::command::<Args>())
            .map(|args| args.join(" ".as_ref()).into_string().unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn all_forms_are_converted_to_one() {
        for (args, expected) in [
            (&["-P", "3307"][..], "--port=3307"),
            (&["-P=3307"], "--port=3307"),
            (&["-P3307"], "--port=3307"),
            (&["--port=3307"], "--port=3307"),
            (&["--port", "3307"], "--port=3307"),
            (&["-fa=b.js"], "--filename=a=b.js"),
            (&["--filename=-x=y"], "--filename=-x=y"),
            (&["--verbose", "--verbose="], "--verbose"),
            (&["-V"], "--version"),
            (&["-f", "a.js", "-?", "-P", "1"], "--help"),
            (&["-P", "1", "-f", "a", "--port=2"], "--filename=a --port=2"),
            (&["-P", "", "--socket=", "-f", "a"], "--filename=a"),
            (&["-P1", "-P="], ""),
            (
                &["--volatile=type:uuid", "--volatile", "column:at"],
                "--volatile=type:uuid --volatile=column:at",
            ),
            (&["--core-file"], "--core-file=1"),
            (&["--core-file="], "--core-file=1"),
            (&["--core-file=0"], "--core-file=0"),
            (&["--core-file", "0"], "--core-file=0"),
            (&["--core-file", "-f", "a"], "--core-file=1 --filename=a"),
            (&["--ssl-self-signed", "-P1"], "--ssl-self-signed= --port=1"),
            (&["--ssl-self-signed", "certs"], "--ssl-self-signed=certs"),
            (&[], ""),
        ] {
            assert_eq!(plain(args).as_deref(), Ok(expected), "{args:?}");
        }
    }

    #[test]
    fn arguments_that_are_not_options_are_named() {
        for (args, expected) in [
            (&["a.js"][..], "invalid argument 'a.js'."),
            (&[""], "invalid argument ''."),
            (&["-"], "invalid argument '-'."),
            (&["--"], "invalid argument '--'."),
            (&["-é1"], "invalid argument '-é1'."),
            (&["--colour=red"], "unknown option '--colour'."),
            (&["-z"], "unknown option '-z'."),
            (&["--Port=1"], "unknown option '--Port'."),
            (&["-P"], "option '-P' expects a value, got nothing"),
            (
                &["--filename", "--verbose"],
                "option '--filename' expects a value, got nothing",
            ),
            (
                &["--verbose=1"],
                "option '--verbose' does not expect a value, but got a value",
            ),
        ] {
            assert_eq!(plain(args), Err(expected.to_owned()), "{args:?}");
        }
    }
}
