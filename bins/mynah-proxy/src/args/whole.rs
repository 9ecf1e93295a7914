use clap::Command;
use mynah_program::{GENERATE, command, generate_command};

use super::Args;
use super::convert::{CONVERT, CommandArgs};
use super::diff::{DiffArgs, RECORD_DIFF};

/// The program with its commands, for its man pages and completions.
pub(super) fn program() -> Command {
    command::<Args>()
        .subcommand(command::<CommandArgs>().name(CONVERT))
        .subcommand(command::<DiffArgs>().name(RECORD_DIFF))
        .subcommand(generate_command("mynah-proxy").name(GENERATE))
}
