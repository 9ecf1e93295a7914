//! `mynah-mock`: reads its arguments, starts a mock server, and waits for a signal to end.

mod args;
mod core_file;
mod logging;
mod serve;
mod signals;
mod start;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use mimalloc::MiMalloc;
use mynah_guard::Guarded;

use crate::args::Task;

/// Scripts and sessions make many small objects; what threads hold of them is counted.
#[global_allocator]
static ALLOCATOR: Guarded<MiMalloc> = Guarded::new(MiMalloc);

fn main() -> ExitCode {
    let done = match args::read(std::env::args_os().skip(1)) {
        Ok(Task::Show(text)) => {
            say(&text);
            Ok(())
        }
        Ok(Task::Serve(settings)) => serve::serve(*settings),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // On standard output, where the original mock has it.
        Err(error) => {
            say(&format!("ERROR: {}", with_causes(&*error)));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line. Nobody may be reading.
fn say(text: &str) {
    let _closed = writeln!(std::io::stdout(), "{text}");
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
