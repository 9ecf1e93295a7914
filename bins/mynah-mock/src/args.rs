use std::path::PathBuf;
use std::process::ExitCode;

use argh::FromArgs;

/// A MySQL server that answers from a script.
///
/// Prints one line `classic listening on ADDRESS:PORT` once clients can connect, and ends with
/// SIGTERM or SIGINT.
#[derive(Debug, FromArgs)]
#[argh(help_triggers("-h", "--help"))]
pub(crate) struct Args {
    /// the trace to answer from: JavaScript, or JSON if its name ends in .json
    #[argh(option, short = 'f', arg_name = "file")]
    pub(crate) filename: PathBuf,

    /// TCP port to listen on, 0 for one that is free (default 3306)
    #[argh(option, short = 'P', default = "3306", from_str_fn(port))]
    pub(crate) port: u16,

    /// name or address to listen on (default 0.0.0.0)
    #[argh(
        option,
        short = 'B',
        default = "\"0.0.0.0\".to_owned()",
        arg_name = "address"
    )]
    pub(crate) bind_address: String,

    /// where require() finds modules that are named without a path (default: the current
    /// directory)
    #[argh(option, default = "PathBuf::from(\".\")", arg_name = "dir")]
    pub(crate) module_prefix: PathBuf,

    /// log connections and statements too, not only what went wrong
    #[argh(switch)]
    pub(crate) verbose: bool,
}

impl Args {
    /// Reads the command line, or says how the program ends: with help, or with what is wrong.
    pub(crate) fn from_command_line() -> Result<Self, ExitCode> {
        let mut args = Vec::new();
        for arg in std::env::args_os().skip(1) {
            match arg.into_string() {
                Ok(arg) => args.extend(separated(&arg)),
                Err(arg) => {
                    eprintln!("error: '{}' is not UTF-8", arg.to_string_lossy());
                    return Err(ExitCode::from(WRONG_USAGE));
                }
            }
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Self::from_args(&["mynah-mock"], &args).map_err(|exit| match exit.status {
            Ok(()) => {
                println!("{}", exit.output.trim_end());
                ExitCode::SUCCESS
            }
            Err(()) => {
                let reason = exit.output.trim_end();
                eprintln!("error: {reason}\nmynah-mock --help lists the options");
                ExitCode::from(WRONG_USAGE)
            }
        })
    }
}

/// `--option=value` as the two arguments that the parser knows.
fn separated(arg: &str) -> Vec<String> {
    match arg.split_once('=') {
        Some((option, value)) if option.starts_with("--") => vec![option.into(), value.into()],
        _ => vec![arg.into()],
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse()
        .map_err(|_| format!("needs value between 0 and 65535 inclusive, was '{text}'"))
}

const WRONG_USAGE: u8 = 2;
