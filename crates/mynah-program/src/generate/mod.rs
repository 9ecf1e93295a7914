//! Man pages and completions of shells, made from the table of options that `--help` is made from.

mod completion;
mod man;
#[cfg(test)]
mod tests;

use std::ffi::OsString;

use clap::{Arg, Command};
use clap_complete::Shell;

use crate::usage::{read_of, with_common};
use crate::{Parsed, UsageError, values};

/// The first argument of a command line that asks for a man page or for completions.
pub const GENERATE: &str = "generate";

/// Makes the text that the arguments behind `generate` ask for: the man page of the program or of one of its commands,
/// or the completions of a shell. `program` has the program's commands as subcommands.
///
/// # Errors
/// When the arguments aren't valid.
pub fn generate(
    program: Command,
    args: impl IntoIterator<Item = OsString>,
) -> Result<String, UsageError> {
    let parser = generate_command(program.get_name());
    let asked = read_of(parser, args, |matches| {
        Ok((
            matches.remove_one::<String>(KIND),
            matches.remove_one::<String>(COMMAND),
        ))
    })?;
    let (kind, command) = match asked {
        Parsed::Args((kind, command)) => (kind.unwrap_or_default(), command),
        Parsed::Text(text) => return Ok(text),
    };
    let program = program.disable_help_subcommand(true);
    match (values::choice(GENERATE, &kind, &KINDS)?, command) {
        (None, None) => Ok(man::page(program)),
        (None, Some(name)) => man::page_of(&program, &name).ok_or_else(|| unexpected(name)),
        (Some(shell), None) => Ok(completion::script(shell, program)),
        (Some(_), Some(name)) => Err(unexpected(name)),
    }
}

/// The command `generate`: the parser of the arguments behind it, which as a subcommand of the program also puts
/// `generate` into the man page and the completions.
#[must_use]
pub fn generate_command(program: &str) -> Command {
    let kind = Arg::new(KIND).value_name("KIND").help(
        "what is printed: man, a man page; bash, zsh or fish, the completions for this shell",
    );
    let command = Arg::new(COMMAND)
        .value_name("COMMAND")
        .help("with man: the command whose man page is printed, such as generate (default: the program's)");
    let command = Command::new(GENERATE)
        .display_name(format!("{program} {GENERATE}"))
        .about("Prints a man page of the program or of a command, or the completions for a shell.")
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage(format!("{program} {GENERATE} <KIND> [COMMAND]"))
        .args([kind, command]);
    with_common(command)
}

fn unexpected(argument: String) -> UsageError {
    let similar = None;
    UsageError::Unknown { argument, similar }
}

const KIND: &str = "kind";
const COMMAND: &str = "command";

/// What is made: a man page (`None`), or completions.
const KINDS: [(&str, Option<Shell>); 4] = [
    ("man", None),
    ("bash", Some(Shell::Bash)),
    ("zsh", Some(Shell::Zsh)),
    ("fish", Some(Shell::Fish)),
];
