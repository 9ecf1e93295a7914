//! `mynah-proxy`: reads its arguments, starts a relay, and waits for a signal to end.

mod args;
mod logging;
mod serve;
mod signals;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use crate::args::Task;

/// Each connection makes small objects, and few large ones.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let task = match args::read(std::env::args_os().skip(1)) {
        Ok(task) => task,
        Err(error) => {
            complain(&error);
            return ExitCode::from(WRONG_USAGE);
        }
    };
    let done = match task {
        Task::Show(text) => {
            // Nobody may be reading.
            let _closed = writeln!(std::io::stdout(), "{text}");
            Ok(())
        }
        Task::Serve(settings) => serve::serve(*settings),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

/// An error and what caused it, as one line on standard error.
fn complain(error: &dyn Error) {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    let _closed = writeln!(std::io::stderr(), "error: {text}");
}

const WRONG_USAGE: u8 = 2;
