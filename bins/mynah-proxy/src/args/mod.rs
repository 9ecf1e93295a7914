//! The command line.

mod alone;
mod check;
mod compare_with;
mod configured;
mod convert;
mod diff;
mod error;
mod faults;
mod http;
mod limits;
mod mode;
mod record;
mod routes;
mod settings;
mod tls;
mod trace;
mod upstreams;
mod whole;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use mynah_program::{CONVERT, GENERATE, Parsed, UsageError};
use mynah_relay::ConvertOptions;

pub(crate) use diff::Diff;
pub(crate) use error::ArgsError;
pub(crate) use settings::Settings;

use compare_with::CompareWithArgs;
use faults::FaultArgs;
use http::HttpArgs;
use limits::LimitArgs;
use record::RecordArgs;
use routes::RouteArgs;
use tls::TlsArgs;
use trace::TraceArgs;
use upstreams::UpstreamArgs;

/// What the program has to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// Serve clients.
    Serve(Box<Settings>),
    /// Serve clients from a recording alone.
    Replay {
        options: Box<mynah::Options>,
        /// How long clients have to disconnect at the end, if that was said.
        drain: Option<Duration>,
        /// Whether to log everything.
        verbose: bool,
    },
    /// Make a recording, or a script of a recording.
    Convert {
        /// What is read.
        from: PathBuf,
        /// What is written.
        to: PathBuf,
        options: ConvertOptions,
    },
    /// Say where two recordings differ.
    Diff(Diff),
    /// Print a text, and end.
    Show(String),
}

#[derive(Debug, Parser)]
#[command(
    name = "mynah-proxy",
    version,
    about = ABOUT,
    after_help = EXAMPLE,
    override_usage = USAGE,
)]
struct Args {
    /// file with listeners, servers and other options, in TOML; options of the command line replace what it says
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    config: Option<String>,

    #[command(flatten)]
    routes: RouteArgs,
    #[command(flatten)]
    upstreams: UpstreamArgs,
    #[command(flatten)]
    trace: TraceArgs,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    compare_with: CompareWithArgs,
    #[command(flatten)]
    tls: TlsArgs,
    #[command(flatten)]
    http: HttpArgs,
    #[command(flatten)]
    faults: FaultArgs,
    #[command(flatten)]
    limits: LimitArgs,

    /// log connections, too, not only warnings and errors
    #[arg(long, help_heading = "Other")]
    verbose: bool,
}

/// Reads the arguments after the program's name.
pub(crate) fn read(args: impl IntoIterator<Item = OsString>) -> Result<Task, ArgsError> {
    let args: Vec<_> = args.into_iter().collect();
    if let [first, args @ ..] = args.as_slice()
        && first == CONVERT
    {
        return convert::read(args.to_vec());
    }
    if let [first, args @ ..] = args.as_slice()
        && first == diff::RECORD_DIFF
    {
        return diff::read(args.to_vec());
    }
    if let [first, args @ ..] = args.as_slice()
        && first == check::CHECK
    {
        return check::read(args.to_vec());
    }
    if let [first, args @ ..] = args.as_slice()
        && first == GENERATE
    {
        let text = mynah_program::generate(whole::program(), args.to_vec())?;
        return Ok(Task::Show(text));
    }
    match mynah_program::read::<Args>(args.clone()) {
        Ok(Parsed::Args(Args {
            config: Some(file), ..
        })) => configured::read(&file, &args),
        parsed => read_parsed(parsed, &args),
    }
}

/// Makes the task of arguments that are complete.
fn read_parsed(
    parsed: Result<Parsed<Args>, UsageError>,
    args: &[OsString],
) -> Result<Task, ArgsError> {
    match parsed {
        Ok(Parsed::Args(parsed)) => match settings::replay(&parsed)? {
            Some(options) => {
                alone::check(args)?;
                Ok(Task::Replay {
                    options: Box::new(options),
                    drain: parsed.limits.given_drain()?,
                    verbose: parsed.verbose,
                })
            }
            None => Ok(Task::Serve(Box::new(Settings::try_from(parsed)?))),
        },
        Ok(Parsed::Text(text)) => Ok(Task::Show(text)),
        // In mynah-mock, -f names a file.
        Err(UsageError::Unknown { argument, .. }) if argument == "-f" => {
            let similar = Some("--format or --output".to_owned());
            Err(UsageError::Unknown { argument, similar }.into())
        }
        Err(error) => Err(error.into()),
    }
}

const ABOUT: &str = "\
A proxy that shows what MySQL clients and servers send to each other.

Prints a line `listening on ADDRESS` to standard error for each --listen when clients can connect. SIGTERM and SIGINT \
end the program when its clients have disconnected, or after the time of --drain.";

const USAGE: &str = "\
mynah-proxy --listen <ADDRESS> --upstream <ADDRESS> [OPTIONS]
       mynah-proxy --listen <ADDRESS> --replay <FILE> [OPTIONS]
       mynah-proxy --config <FILE> [OPTIONS]
       mynah-proxy check <FILE>
       mynah-proxy convert <IN> <OUT> [OPTIONS]
       mynah-proxy record-diff <ONE> <OTHER> [OPTIONS]
       mynah-proxy generate <KIND> [COMMAND]";

const EXAMPLE: &str = "\
Example: slow statements of one user, on a terminal
  mynah-proxy -l 127.0.0.1:3307 -u db.example.com:3306 --only 'user = ada' \\
              --filter 'latency > 10ms'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_in_the_help_the_documentation_the_man_page_and_the_completions() {
        let page = include_str!("../../../../docs/tracing.md");
        let generate = |words: &[&str]| {
            let words = words.iter().map(OsString::from);
            mynah_program::generate(whole::program(), words).unwrap()
        };
        mynah_testkit::check_program(&whole::program(), page, generate);
    }

    #[test]
    fn each_command_that_the_documentation_shows_is_understood() {
        mynah_testkit::check_commands(
            "mynah-proxy",
            &["--listen", "127.0.0.1:0", "--upstream", "127.0.0.1:3306"],
            |words| {
                let (command, options) = match words.split_first() {
                    Some((first, rest)) if first == GENERATE => {
                        (mynah_program::generate_command("mynah-proxy"), rest)
                    }
                    Some((first, rest)) if first == CONVERT => (convert::command(), rest),
                    Some((first, rest)) if first == check::CHECK => {
                        (mynah_program::command::<check::CheckArgs>(), rest)
                    }
                    Some((first, rest)) if first == diff::RECORD_DIFF => {
                        (mynah_program::command::<diff::DiffArgs>(), rest)
                    }
                    _ => (mynah_program::command::<Args>(), words),
                };
                let parsed = command.try_get_matches_from(options);
                parsed.map(drop).map_err(|error| error.to_string())
            },
        );
    }
}
