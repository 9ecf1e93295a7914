//! Serves a recording, without a server.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use mynah::{Options, ScriptServer};
use mynah_program::{Signals, logging, notify_ending, notify_ready, print_error};

/// Plays a recording until a signal comes.
pub(crate) fn serve(
    options: Options,
    drain: Option<Duration>,
    verbose: bool,
) -> Result<ExitCode, Box<dyn Error>> {
    logging::builder(verbose).init();
    if let Err(error) = mynah_net::raise_open_files() {
        log::warn!("can't raise the limit of open files: {error}");
    }
    let mut signals = Signals::take()?;
    let server = ScriptServer::start(options)?;
    for address in server.addresses().iter().chain(server.x_addresses()) {
        print_error(&format!("listening on {address}"));
    }
    if let Some(address) = server.http_address() {
        print_error(&format!("http listening on {address}"));
    }
    notify_ready();
    let signal = signals.wait(|| {});
    log::info!("{signal}: ending");
    notify_ending("ending");
    server.shut_down(drain.unwrap_or(END));
    Ok(ExitCode::SUCCESS)
}

/// How long sessions have to end, unless --drain says it.
const END: Duration = Duration::from_millis(500);
