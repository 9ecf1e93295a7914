use std::ffi::OsString;

use clap::builder::{ArgAction, ValueRange};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};

use super::{UsageError, version};

/// The result of parsing the program's arguments.
#[derive(Debug)]
pub enum Parsed<A> {
    /// The options and other arguments, with defaults for those that weren't given.
    Args(A),
    /// A text that the user requested: the help, or the version.
    Text(String),
}

/// Parses the arguments after the program's name. An argument with an empty value, such as `--port=`, counts as absent,
/// unless it is an option whose value is optional.
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
    // An empty value, as of a variable that isn't set in a shell, is no value: the default holds.
    command.build();
    let texts = without_empty(&command, texts);
    let matches = command.try_get_matches_from_mut(texts);
    let args = matches.and_then(|mut matches| {
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

/// The parser of the arguments: the program's own options, `--help` and `--version`.
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

/// The arguments without options whose values are empty, in the forms `--option=` and `--option ''`. Of an option that
/// is given several times, only those without a value are left out.
fn without_empty(command: &Command, texts: Vec<String>) -> Vec<String> {
    let needs_value = |name: &str| {
        let mut all = command.get_arguments();
        all.any(|arg| is_named(arg, name) && arg.get_num_args() == Some(ValueRange::SINGLE))
    };
    let mut kept = Vec::with_capacity(texts.len());
    let mut texts = texts.into_iter().peekable();
    while let Some(text) = texts.next() {
        let is_empty = match text.strip_suffix('=') {
            Some(name) => needs_value(name),
            None => needs_value(&text) && texts.next_if(String::is_empty).is_some(),
        };
        let ends_options = text == "--";
        if !is_empty {
            kept.push(text);
        }
        if ends_options {
            kept.extend(texts.by_ref());
        }
    }
    kept
}

/// Whether an option is written like this: `--port` or `-P`.
fn is_named(arg: &Arg, written: &str) -> bool {
    match written.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => arg
            .get_short()
            .is_some_and(|short| written.chars().eq(['-', short])),
    }
}

/// Removes arguments of which all values are empty: those without an option.
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

#[cfg(test)]
#[allow(clippy::panic, reason = "a test may panic")]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Default, PartialEq, Eq, Parser)]
    #[command(version, args_override_self = true)]
    struct Args {
        #[arg(short = 'P', long)]
        port: Option<String>,
        #[arg(short, long)]
        listen: Vec<String>,
        #[arg(long, num_args = 0..=1, default_missing_value = "1")]
        core: Option<String>,
        words: Vec<String>,
    }

    fn parsed(args: &[&str]) -> Args {
        match read(args.iter().map(OsString::from)) {
            Ok(Parsed::Args(args)) => args,
            other => panic!("{args:?}: {other:?}"),
        }
    }

    #[test]
    fn an_option_without_a_value_counts_as_not_given_also_beside_others_with_one() {
        for args in [
            &["--listen=a", "--listen=", "--listen", "b"][..],
            &["--listen", "", "-l=a", "-l", "b", "-l="],
            &["-la", "-lb", "-l", ""],
            &["-l", "a", "--port=", "-l", "b", "-P", ""],
        ] {
            let expected = Args {
                listen: vec!["a".to_owned(), "b".to_owned()],
                ..Args::default()
            };
            assert_eq!(parsed(args), expected, "{args:?}");
        }
        assert_eq!(parsed(&["--port=1", "-P="]).port.as_deref(), Some("1"));
        assert_eq!(parsed(&["--listen=", "-P", ""]), Args::default());
        assert_eq!(parsed(&["--core="]).core.as_deref(), Some(""));
        assert_eq!(parsed(&["--", "--port="]).words, ["--port="]);
    }
}
