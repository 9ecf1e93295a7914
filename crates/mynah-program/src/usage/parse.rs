use std::ffi::OsString;

use clap::builder::{ArgAction, ValueRange};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};

use super::{UsageError, version};

/// The result of parsing the program's arguments.
#[derive(Debug)]
pub enum Parsed<A> {
    /// The options that were given.
    Args(A),
    /// A text that the user requested: the help, or the version.
    Text(String),
}

/// Parses the arguments after the program's name. An option with an empty value counts as absent,
/// unless its value is optional.
///
/// # Errors
/// When the arguments aren't valid.
pub fn read<A: CommandFactory + FromArgMatches>(
    args: impl IntoIterator<Item = OsString>,
) -> Result<Parsed<A>, UsageError> {
    read_of(command::<A>(), args, A::from_arg_matches_mut)
}

/// As `read`, by a parser that isn't made from a type.
pub(crate) fn read_of<A>(
    mut command: Command,
    args: impl IntoIterator<Item = OsString>,
    from_matches: impl FnOnce(&mut ArgMatches) -> Result<A, clap::Error>,
) -> Result<Parsed<A>, UsageError> {
    let texts = args
        .into_iter()
        .map(|arg| arg.into_string().map_err(UsageError::NotUtf8));
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    let matches = command.try_get_matches_from_mut(texts);
    let args = matches.and_then(|mut matches| {
        // An empty value, as of a variable that isn't set in a shell, is no value: the default holds.
        remove_empty(&command, &mut matches);
        from_matches(&mut matches)
    });
    match args {
        Ok(args) => Ok(Parsed::Args(args)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp => Ok(Parsed::Text(error.to_string().trim_end().to_owned())),
            ErrorKind::DisplayVersion => Ok(Parsed::Text(version::text(&error.to_string()))),
            _ => Err(usage_error(&error)),
        },
    }
}

/// The parser of the arguments: the program's own options, and those that every program has.
#[must_use]
pub fn command<A: CommandFactory>() -> Command {
    with_common(A::command())
}

/// A parser with the options that every program has.
pub(crate) fn with_common(command: Command) -> Command {
    let help = Arg::new("help")
        .short('?')
        .short_alias('h')
        .long("help")
        .help("show the options (also -h)")
        .action(ArgAction::HelpShort);
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .help("show the version, the commit that it was built from, the features, and the version of OpenSSL")
        .action(ArgAction::Version);
    command
        .no_binary_name(true)
        .allow_negative_numbers(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading("Other")
        .args([help, version])
        .term_width(COLUMNS)
}

/// Removes options whose values are empty.
fn remove_empty(command: &Command, matches: &mut ArgMatches) {
    for arg in command.get_arguments() {
        let needs_value = arg.get_num_args() == Some(ValueRange::SINGLE);
        let id = arg.get_id().as_str();
        let is_empty = needs_value
            && matches
                .get_raw(id)
                .is_some_and(|mut values| values.all(|value| value.is_empty()));
        if is_empty {
            let _removed = matches.try_remove_many::<String>(id);
        }
    }
}

fn usage_error(error: &clap::Error) -> UsageError {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => texts.first().cloned(),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => UsageError::Unknown {
            argument: option,
            similar: text(ContextKind::SuggestedArg),
        },
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            UsageError::NoValue { option }
        }
        ErrorKind::TooManyValues => UsageError::UnneededValue {
            option,
            value: text(ContextKind::InvalidValue).unwrap_or_default(),
        },
        ErrorKind::ArgumentConflict => UsageError::Repeated { option },
        _ => {
            let all = error.to_string();
            let line = all.lines().next().unwrap_or_default();
            UsageError::Other(line.trim_start_matches("error: ").to_owned())
        }
    }
}

const COLUMNS: usize = 80;
