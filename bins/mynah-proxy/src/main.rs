//! `mynah-proxy`: reads its arguments, starts a relay, and waits for a signal to end.

mod args;
mod browser;
mod compare;
mod compare_with;
mod config;
mod diff;
mod replay;
mod serve;

use std::process::ExitCode;

use crate::args::{ArgsError, Task};
use crate::config::ConfigError;

/// mimalloc, as each connection makes small objects and few large ones.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match args::read(std::env::args_os().skip(1)) {
        Ok(Task::Serve(settings)) => serve::serve(*settings),
        Ok(Task::Replay {
            options,
            drain,
            verbose,
        }) => replay::serve(*options, drain, verbose),
        Ok(Task::Convert { from, to, options }) => {
            let done = mynah_relay::convert(&from, &to, &options);
            done.map(|()| ExitCode::SUCCESS)
                .map_err(|error| Box::new(error).into())
        }
        Ok(Task::Diff(diff)) => return diff::diff(&diff),
        Ok(Task::Show(text)) => {
            mynah_program::print(&text);
            Ok(ExitCode::SUCCESS)
        }
        Err(ArgsError::Config(ConfigError::Wrong(problems))) => {
            for problem in problems {
                mynah_program::print_error(&format!("error: {problem}"));
            }
            return ExitCode::FAILURE;
        }
        Err(ArgsError::Config(error)) => return mynah_program::failed(&error),
        Err(error) => return mynah_program::wrong_usage(&error),
    };
    match done {
        Ok(code) => code,
        Err(error) => mynah_program::failed(&*error),
    }
}
