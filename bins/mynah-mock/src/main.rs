//! `mynah-mock`: reads its arguments, starts a mock server, and waits for a signal to end.

mod args;
mod check;
mod core_file;
mod logging;
mod lost;
mod manners;
mod ping;
mod reload;
mod report;
mod run;
mod serve;
mod start;

use std::process::ExitCode;

use mimalloc::MiMalloc;
use mynah_guard::Guarded;

use crate::args::Task;
use crate::manners::Manners;

/// mimalloc, as scripts and sessions make many small objects; `Guarded` counts what each thread
/// holds.
#[global_allocator]
static ALLOCATOR: Guarded<MiMalloc> = Guarded::new(MiMalloc);

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    let name = args.next().unwrap_or_default();
    let args: Vec<_> = args.collect();
    let manners = Manners::of(&name, &args);
    let done = match args::read(args, manners) {
        Ok(Task::Serve(settings)) => serve::serve(*settings),
        Ok(Task::Run(settings, command)) => serve::run(*settings, &command),
        Ok(Task::Check(scripts)) => check::check(scripts),
        Ok(Task::Convert { from, to, options }) => mynah_relay::convert(&from, &to, &options)
            .map(|()| ExitCode::SUCCESS)
            .map_err(|error| Box::new(error).into()),
        Ok(Task::Ping(ping)) => ping::ping(&ping).map(|()| ExitCode::SUCCESS),
        Ok(Task::Show(text)) => {
            mynah_program::print(&text);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => return manners.wrong_usage(&error),
    };
    match done {
        Ok(code) => code,
        Err(error) => manners.failed(&*error),
    }
}
