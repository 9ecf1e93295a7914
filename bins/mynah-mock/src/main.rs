//! `mynah-mock`: reads its arguments, starts a mock server, and waits for a signal to end.

mod args;
mod signals;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use mynah::{MockServer, Options};
use sd_notify::NotifyState;

use crate::args::Args;

/// Scripts and sessions make many small objects.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match Args::from_command_line() {
        Ok(args) => args,
        Err(exit) => return exit,
    };
    let level = if args.verbose { "debug" } else { "warn" };
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(level)).init();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let end = signals::end()?;
    let options = Options::new(args.filename)
        .bind_address(args.bind_address)
        .port(args.port)
        .module_prefix(args.module_prefix);
    let server = MockServer::start(options)?;
    if let Some(problem) = server.trace_problem() {
        log::error!("clients will be refused: {problem}");
    }
    // Nobody may be reading.
    let mut stdout = std::io::stdout();
    let _closed = writeln!(stdout, "classic listening on {}", server.address());
    notify(&[NotifyState::Status("running"), NotifyState::Ready]);

    let signal = end.wait();
    log::debug!("{signal}: ending");
    notify(&[NotifyState::Status("ending"), NotifyState::Stopping]);
    if !server.shut_down(PATIENCE) {
        log::warn!("a script is still running, and ends with the program");
    }
    Ok(())
}

/// An error and what caused it, as one line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Tells the service manager, if there is one.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        log::warn!("can't notify the service manager: {error}");
    }
}

/// How long sessions have to end.
const PATIENCE: Duration = Duration::from_millis(500);
