use clap::{Arg, Command};
use mynah_program::{GENERATE, command, generate_command};

use super::check::CheckArgs;
use super::{Args, CHECK, PING, PingArgs, RUN, convert};

/// The program with its commands, for its man pages and completions.
pub(super) fn program() -> Command {
    let behind = Arg::new("command")
        .value_name("COMMAND")
        .help("the command that is run, and its arguments")
        .last(true)
        .num_args(1..);
    let run = command::<Args>()
        .about(RUNS)
        .override_usage("mynah-mock run [OPTIONS] -- <COMMAND>...")
        .arg(behind);
    command::<Args>()
        .subcommand(run.name(RUN))
        .subcommand(command::<CheckArgs>().name(CHECK))
        .subcommand(convert::command())
        .subcommand(command::<PingArgs>().name(PING))
        .subcommand(generate_command("mynah-mock").name(GENERATE))
}

const RUNS: &str = "\
Runs a command with a mock, and ends with the command's exit code.

Unless options give other addresses, the mock listens on free ports of 127.0.0.1. The command finds the mock by the \
variables MYSQL_HOST and MYSQL_TCP_PORT, and its HTTP listener by MYNAH_HTTP.";
