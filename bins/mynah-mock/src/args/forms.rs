use argh::{FlagInfo, FlagInfoKind};

use super::UsageError;

/// Brings all forms of options that the original mock knows to the one that the parser knows,
/// `--option value`: `--option=value`, `-o value`, `-o=value`, and `-ovalue` beside them. Of an
/// option that is there more than once the last is left, and none that has an empty value.
pub(super) fn plain(args: &[String], flags: &[FlagInfo]) -> Result<Vec<String>, UsageError> {
    let mut given: Vec<(&str, Option<String>)> = Vec::new();
    let mut args = args.iter().map(String::as_str).peekable();
    while let Some(arg) = args.next() {
        let (name, attached) = split(arg, flags)?;
        if HELP.contains(&name) {
            return Ok(vec!["--help".to_owned()]);
        }
        let flag = flags.iter().find(|flag| is(flag, name));
        let flag = flag.ok_or_else(|| UsageError::UnknownOption(name.to_owned()))?;
        let value = match (&flag.kind, attached) {
            (FlagInfoKind::Switch, None | Some("")) => None,
            (FlagInfoKind::Switch, Some(_)) => {
                return Err(UsageError::UnexpectedValue(name.to_owned()));
            }
            (FlagInfoKind::Option { .. }, Some(value)) => Some(value.to_owned()),
            (FlagInfoKind::Option { .. }, None) => {
                let next = args.next_if(|next| !next.starts_with('-'));
                match (next, alone(flag.long)) {
                    (Some(value), _) | (None, Some(value)) => Some(value.to_owned()),
                    (None, None) => return Err(UsageError::NoValue(name.to_owned())),
                }
            }
        };
        given.retain(|(long, _)| *long != flag.long);
        given.push((flag.long, value));
    }
    let given = given.into_iter().filter_map(|(long, value)| match value {
        None => Some(vec![long.to_owned()]),
        Some(value) if value.is_empty() => {
            alone(long).map(|value| vec![long.to_owned(), value.to_owned()])
        }
        Some(value) => Some(vec![long.to_owned(), value]),
    });
    Ok(given.flatten().collect())
}

/// An option's name, and the value that is written together with it.
fn split<'a>(arg: &'a str, flags: &[FlagInfo]) -> Result<(&'a str, Option<&'a str>), UsageError> {
    let (name, value) = match arg.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (arg, None),
    };
    let mut chars = name.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('-'), Some('-'), Some(_)) => Ok((name, value)),
        (Some('-'), Some(short), None) if short != '-' => Ok((name, value)),
        (Some('-'), Some(short), Some(_)) if takes_value(short, flags) => {
            let (name, value) = arg.split_at(1 + short.len_utf8());
            Ok((name, Some(value)))
        }
        _ => Err(UsageError::InvalidArgument(arg.to_owned())),
    }
}

fn is(flag: &FlagInfo, name: &str) -> bool {
    let short = flag.short.map(|short| format!("-{short}"));
    flag.long == name || short.as_deref() == Some(name)
}

fn takes_value(short: char, flags: &[FlagInfo]) -> bool {
    let mut flags = flags.iter().filter(|flag| flag.short == Some(short));
    flags.any(|flag| matches!(flag.kind, FlagInfoKind::Option { .. }))
}

/// What an option says that has no value.
fn alone(long: &str) -> Option<&'static str> {
    match long {
        "--core-file" => Some("1"),
        "--ssl-self-signed" => Some(""),
        _ => None,
    }
}

const HELP: [&str; 3] = ["-?", "-h", "--help"];

#[cfg(test)]
mod tests {
    use argh::ArgsInfo;

    use crate::args::Args;

    fn plain(args: &[&str]) -> Result<String, String> {
        let args: Vec<_> = args.iter().map(|&arg| arg.to_owned()).collect();
        super::plain(&args, Args::get_args_info().flags)
            .map(|args| args.join(" "))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn all_forms_come_to_one() {
        for (args, expected) in [
            (&["-P", "3307"][..], "--port 3307"),
            (&["-P=3307"], "--port 3307"),
            (&["-P3307"], "--port 3307"),
            (&["--port=3307"], "--port 3307"),
            (&["--port", "3307"], "--port 3307"),
            (&["-fa=b.js"], "--filename a=b.js"),
            (&["--filename=-x=y"], "--filename -x=y"),
            (&["--verbose", "--verbose="], "--verbose"),
            (&["-V"], "--version"),
            (&["-f", "a.js", "-?", "-P", "1"], "--help"),
            (&["-P", "1", "-f", "a", "--port=2"], "--filename a --port 2"),
            (&["-P", "", "--socket=", "-f", "a"], "--filename a"),
            (&["-P1", "-P="], ""),
            (&["--core-file"], "--core-file 1"),
            (&["--core-file="], "--core-file 1"),
            (&["--core-file=0"], "--core-file 0"),
            (&["--core-file", "0"], "--core-file 0"),
            (&["--core-file", "-f", "a"], "--core-file 1 --filename a"),
            (&["--ssl-self-signed", "-P1"], "--ssl-self-signed  --port 1"),
            (&["--ssl-self-signed", "certs"], "--ssl-self-signed certs"),
            (&[], ""),
        ] {
            assert_eq!(plain(args).as_deref(), Ok(expected), "{args:?}");
        }
    }

    #[test]
    fn what_is_no_option_is_named() {
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
