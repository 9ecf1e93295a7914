use std::error::Error;
use std::time::Duration;

use mynah::MockServer;
use sd_notify::NotifyState;

use crate::args::Settings;
use crate::logging::{self, LogFiles};
use crate::{core_file, say, signals};

/// Serves until a signal comes.
pub(crate) fn serve(settings: Settings) -> Result<(), Box<dyn Error>> {
    if let Some(wanted) = settings.core_file {
        core_file::set(wanted).map_err(|error| format!("setting --core-file failed: {error}"))?;
    }
    let files = logging::start(settings.verbose, settings.logging_folder.as_deref())?;
    if let Err(error) = mynah::raise_open_files() {
        log::warn!("can't raise the limit of open files: {error}");
    }
    let end = signals::end()?;
    let server = match start(&settings, files) {
        Ok(server) => server,
        Err(error) => {
            files.into_iter().for_each(LogFiles::show_early);
            return Err(error);
        }
    };
    announce(&server);
    notify(&[NotifyState::Status("running"), NotifyState::Ready]);

    let signal = end.wait();
    log::debug!("{signal}: ending");
    notify(&[NotifyState::Status("ending"), NotifyState::Stopping]);
    if !server.shut_down(PATIENCE) {
        log::warn!("a script is still running, and ends with the program");
    }
    Ok(())
}

fn start(settings: &Settings, files: Option<&LogFiles>) -> Result<MockServer, Box<dyn Error>> {
    let server = MockServer::start(settings.options.clone())?;
    if let Some(problem) = server.trace_problem() {
        log::error!("clients will be refused: {problem}");
    }
    if let Some(files) = files {
        let x = server.x_addresses().iter().chain(server.http_address());
        let listeners = server.addresses().iter().chain(x);
        let names: Vec<_> = listeners.map(|address| address.log_name()).collect();
        files.open(&names)?;
    }
    Ok(server)
}

/// Says where clients may connect.
fn announce(server: &MockServer) {
    let classic = server.addresses().iter().map(|a| ("classic", a));
    let x = server.x_addresses().iter().map(|a| ("x", a));
    let http = server.http_address().into_iter().map(|a| ("http", a));
    for (protocol, address) in classic.chain(x).chain(http) {
        say(&format!("{protocol} listening on {address}"));
    }
}

/// Tells the service manager, if there is one.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        log::warn!("can't notify the service manager: {error}");
    }
}

/// How long sessions have to end.
const PATIENCE: Duration = Duration::from_millis(500);
