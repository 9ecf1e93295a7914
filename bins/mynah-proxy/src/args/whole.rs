use clap::Command;
use mynah_program::{GENERATE, command, generate_command};

use super::check::{CHECK, CheckArgs};
use super::diff::{DiffArgs, RECORD_DIFF};
use super::{Args, convert};

/// The program with its commands, for its man pages and completions.
pub(super) fn program() -> Command {
    command::<Args>()
        .subcommand(command::<CheckArgs>().name(CHECK))
        .subcommand(convert::command())
        .subcommand(command::<DiffArgs>().name(RECORD_DIFF))
        .subcommand(generate_command("mynah-proxy").name(GENERATE))
}
