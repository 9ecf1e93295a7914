//! `mynah-proxy`: reads its arguments, starts a relay, and waits for a signal to end.

mod args;
mod serve;

use std::process::ExitCode;

use crate::args::Task;

/// mimalloc, as each connection makes small objects and few large ones.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match args::read(std::env::args_os().skip(1)) {
        Ok(Task::Serve(settings)) => serve::serve(*settings),
        Ok(Task::Convert { from, to, options }) => {
            mynah_relay::convert(&from, &to, &options).map_err(|error| Box::new(error).into())
        }
        Ok(Task::Show(text)) => {
            mynah_program::print(&text);
            Ok(())
        }
        Err(error) => return mynah_program::wrong_usage(&error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => mynah_program::failed(&*error),
    }
}
