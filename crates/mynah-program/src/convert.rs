//! The command `convert`, which both programs have.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Command, CommandFactory, FromArgMatches, Parser};

use crate::usage::{read_of, with_common};
use crate::{Parsed, UsageError, values};

/// The name of the command `convert`, which is the first argument of its command line.
pub const CONVERT: &str = "convert";

/// The arguments of `convert`: which file is converted to which. `F` is a form of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion<F> {
    /// The path of the file or folder that is read.
    pub from: PathBuf,
    /// The path of the file that is written.
    pub to: PathBuf,
    /// The form of the file that is written; `None` if the arguments don't give one.
    pub form: Option<F>,
    /// The name of the part of the recording that is converted, together with the part `setup`; `None` if the
    /// arguments name none.
    pub part: Option<String>,
}

#[derive(Debug, Parser)]
struct ConvertArgs {
    /// what is read: a recording, its journal, packets in hex (.hex), or a folder of .hex files
    #[arg(value_name = "IN")]
    from: Option<String>,

    /// the file that is written
    #[arg(value_name = "OUT")]
    to: Option<String>,

    /// the form of OUT: recording, or a script in js or json (default: js if its name ends in .js, else recording)
    #[arg(long = "to", value_name = "FORM")]
    form: Option<String>,

    /// convert only this part of the recording, and the part setup (default: all parts)
    #[arg(long, value_name = "NAME")]
    part: Option<String>,
}

/// The parser of the arguments of `PROGRAM convert`. `about` is the text at the beginning of its help.
#[must_use]
pub fn convert_command(program: &str, about: &'static str) -> Command {
    let command = ConvertArgs::command()
        .name(CONVERT)
        .display_name(format!("{program} {CONVERT}"))
        .about(about)
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage(format!("{program} {CONVERT} <IN> <OUT> [OPTIONS]"));
    with_common(command)
}

/// Parses the arguments of `PROGRAM convert` by the parser of [`convert_command`]; `None` if they don't name both an
/// input and an output. `forms` are the forms of files, with their names as values of `--to`.
///
/// # Errors
/// When the arguments aren't valid.
pub fn read_convert<F: Clone>(
    command: Command,
    args: impl IntoIterator<Item = OsString>,
    forms: &[(&'static str, F)],
) -> Result<Parsed<Option<Conversion<F>>>, UsageError> {
    let args = match read_of(command, args, ConvertArgs::from_arg_matches_mut)? {
        Parsed::Args(args) => args,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    let (Some(from), Some(to)) = (args.from, args.to) else {
        return Ok(Parsed::Args(None));
    };
    let form = args.form.as_deref();
    let form = form.map(|form| values::choice("--to", form, forms));
    Ok(Parsed::Args(Some(Conversion {
        from: from.into(),
        to: to.into(),
        form: form.transpose()?,
        part: args.part,
    })))
}
