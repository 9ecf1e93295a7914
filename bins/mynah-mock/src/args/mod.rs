//! The command line: the original mock's options, and further ones.

mod check;
mod convert;
mod environment;
mod error;
mod limits;
mod listen;
mod original;
mod ping;
mod replay;
mod report;
mod script;
mod settings;
mod task;
mod tls;
mod whole;

use std::ffi::OsString;

use clap::{CommandFactory, Parser};
use mynah_program::{CONVERT, GENERATE, Parsed, UsageError};

pub(crate) use error::ArgsError;
pub(crate) use ping::Ping;
pub(crate) use settings::Settings;
pub(crate) use task::Task;

use crate::manners::Manners;
use limits::LimitArgs;
use listen::ListenArgs;
use ping::PingArgs;
use replay::ReplayArgs;
use report::ReportArgs;
use script::ScriptArgs;
use tls::TlsArgs;

#[derive(Debug, Parser)]
#[command(
    name = "mynah-mock",
    version,
    about = ABOUT,
    after_help = EXAMPLE,
    override_usage = USAGE,
    args_override_self = true,
)]
struct Args {
    #[command(flatten)]
    script: ScriptArgs,
    #[command(flatten)]
    listen: ListenArgs,
    #[command(flatten)]
    tls: TlsArgs,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    replay: ReplayArgs,
    #[command(flatten)]
    report: ReportArgs,

    /// behave like MySQL Router's mysql_server_mock even where it is unusual, for example in errors of usage and with
    /// scripts that don't load; also if the program is started under that name
    #[arg(long, help_heading = "Other")]
    compatible: bool,

    /// reload the script when its file, another script in its folder, or a module that it requires changes
    #[arg(long, help_heading = "Script")]
    watch: bool,

    /// log connections and statements, too, not only warnings and errors
    #[arg(long, help_heading = "Other")]
    verbose: bool,

    /// write the log to files mock_server_PORT.log in this folder (default: to standard error)
    #[arg(long, value_name = "DIR", help_heading = "Other")]
    logging_folder: Option<String>,

    /// whether a crash leaves a core file: 1 (also without a value) or 0 (default: as the environment has it)
    #[arg(
        long,
        value_name = "0|1",
        num_args = 0..=1,
        default_missing_value = "1",
        help_heading = "Other"
    )]
    core_file: Option<String>,
}

/// Reads the arguments after the program's name.
pub(crate) fn read(args: Vec<OsString>, manners: Manners) -> Result<Task, ArgsError> {
    if let [first, args @ ..] = args.as_slice()
        && first == CHECK
    {
        return check::read(args.to_vec());
    }
    if let [first, args @ ..] = args.as_slice()
        && first == CONVERT
    {
        return convert::read(args.to_vec());
    }
    if let [first, args @ ..] = args.as_slice()
        && first == PING
    {
        let args = set::<PingArgs>(args.to_vec())?;
        return Ok(match mynah_program::read::<PingArgs>(args)? {
            Parsed::Args(args) => Task::Ping(args.ping()?),
            Parsed::Text(text) => Task::Show(text),
        });
    }
    if let [first, args @ ..] = args.as_slice()
        && first == GENERATE
    {
        let text = mynah_program::generate(whole::program(), args.to_vec())?;
        return Ok(Task::Show(text));
    }
    if let [first, args @ ..] = args.as_slice()
        && first == RUN
    {
        let (options, command) = task::split_command(args)?;
        return Ok(match read_options(options, manners)? {
            Task::Serve(settings) => Task::Run(settings, command),
            task => task,
        });
    }
    match read_options(args, manners)? {
        Task::Serve(settings) if settings.has_nothing_to_answer() => Err(ArgsError::NoFilename),
        task => Ok(task),
    }
}

fn read_options(args: Vec<OsString>, manners: Manners) -> Result<Task, ArgsError> {
    match manners {
        Manners::Usual => settle(args, manners).map_err(|error| match error {
            ArgsError::Usage(error) => ArgsError::Usage(with_filename(error)),
            other => other,
        }),
        Manners::Original => {
            let plain = original::plain(args, &mynah_program::command::<Args>())?;
            settle(plain, manners).map_err(ArgsError::into_original)
        }
    }
}

fn settle(args: Vec<OsString>, manners: Manners) -> Result<Task, ArgsError> {
    match mynah_program::read::<Args>(set::<Args>(args)?)? {
        Parsed::Args(args) => Ok(Task::Serve(Box::new(Settings::new(args, manners)?))),
        Parsed::Text(text) => Ok(Task::Show(text)),
    }
}

/// The arguments behind those that the environment sets.
fn set<A: CommandFactory>(args: Vec<OsString>) -> Result<Vec<OsString>, UsageError> {
    let variable = |name: &str| std::env::var_os(name);
    let mut set = environment::arguments(&mynah_program::command::<A>(), variable)?;
    set.extend(args);
    Ok(set)
}

/// An argument without an option is probably the script's name.
fn with_filename(error: UsageError) -> UsageError {
    match error {
        UsageError::Unknown { argument, .. } if !argument.starts_with('-') => UsageError::Unknown {
            similar: Some(format!("--filename {argument}")),
            argument,
        },
        other => other,
    }
}

/// The first argument of a command line with a command to run.
const RUN: &str = "run";

/// The first argument of a command line that looks for problems.
const CHECK: &str = "check";

/// The word in front of the options that asks a running mock for its health.
const PING: &str = "ping";

const USAGE: &str = "\
mynah-mock --filename <FILE> [OPTIONS]
       mynah-mock run [OPTIONS] -- <COMMAND>...
       mynah-mock check [OPTIONS] <FILE>...
       mynah-mock convert <IN> <OUT> [OPTIONS]
       mynah-mock ping [OPTIONS]
       mynah-mock generate <KIND> [COMMAND]";

const ABOUT: &str = "\
A MySQL server that answers from a script.

Prints a line like `classic listening on ADDRESS:PORT` for each port and socket when clients can connect. SIGTERM and \
SIGINT end the program; SIGHUP makes it reload its script. Each option can also be set by an environment variable: \
MYNAH_PORT is --port. If an option is given twice, the last one counts, unless it may be repeated. An option with an \
empty value counts as not given.";

const EXAMPLE: &str = "\
Example: a script on a port that only this machine reaches, with TLS
  mynah-mock -f script.js -B 127.0.0.1 -P 33306 --ssl-self-signed
Example: run tests, which find the mock by MYSQL_HOST and MYSQL_TCP_PORT
  mynah-mock run -f script.js -- pytest";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_in_the_help_the_documentation_the_man_page_and_the_completions() {
        let page = include_str!("../../../../docs/mock.md");
        let generate = |words: &[&str]| {
            let words = words.iter().map(OsString::from);
            mynah_program::generate(whole::program(), words).unwrap()
        };
        mynah_testkit::check_program(&whole::program(), page, generate);
    }

    #[test]
    fn each_command_that_the_documentation_shows_is_understood() {
        mynah_testkit::check_commands("mynah-mock", &[], |words| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let command = match words.first() {
                Some(first) if first == CHECK => mynah_program::command::<check::CheckArgs>(),
                Some(first) if first == CONVERT => convert::command(),
                Some(first) if first == PING => mynah_program::command::<PingArgs>(),
                Some(first) if first == GENERATE => mynah_program::generate_command("mynah-mock"),
                _ => mynah_program::command::<Args>(),
            };
            let options = match words.as_slice() {
                [first, args @ ..]
                    if [CHECK, CONVERT, GENERATE, PING]
                        .iter()
                        .any(|word| first == word) =>
                {
                    args.to_vec()
                }
                [first, args @ ..] if first == RUN => {
                    let split = task::split_command(args).map_err(|error| error.to_string())?;
                    split.0
                }
                _ => words,
            };
            let parsed = command.try_get_matches_from(options);
            parsed.map(drop).map_err(|error| error.to_string())
        });
    }
}
