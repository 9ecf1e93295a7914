use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use mynah::{ScriptServer, TestResults};
use mynah_program::{Signals, Waited, notify_ending, notify_ready, print};

use crate::args::Settings;
use crate::logging::{self, LogFiles};
use crate::lost::too_many;
use crate::reload::ReloadRequests;
use crate::report::Ending;
use crate::{core_file, reload, run, start};

/// Serves until a signal comes, or too many workers are lost to scripts.
pub(crate) fn serve(settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
    let (most_lost, ending) = (settings.lost_workers, settings.ending.clone());
    let file = settings.options.filename.clone();
    let watched = file.clone().filter(|_| settings.watch);
    let mut running = match Running::start(settings)? {
        Waited::Other(running) => running,
        Waited::Signal(_signal) => return Ok(ExitCode::SUCCESS),
    };
    // Clients can connect from here on; a program that waits for these lines may start them.
    announce(&running.server);
    notify_ready();
    let lost = running.server.lost_workers();
    let requests = file.map(|_| reload::start(running.server.reloader(), watched));
    let requests = requests.transpose()?;
    let hang_up = || {
        running.files.into_iter().for_each(LogFiles::reopen);
        requests.iter().for_each(ReloadRequests::request);
    };
    // Lost workers keep their memory, so after too many of them a new process is better.
    let waited = running.signals.wait_or(lost.wait_for(most_lost), hang_up);
    notify_ending("ending");
    let ended = match waited {
        Waited::Signal(signal) => {
            log::debug!("{signal}: ending");
            Ok(ExitCode::SUCCESS)
        }
        Waited::Other(()) => Err(too_many(&lost).into()),
    };
    let failed = running.end(&ending)?;
    ended.map(|code| failed.map_or(code, ExitCode::from))
}

/// Serves as long as a command runs; returns its exit code.
pub(crate) fn run(
    mut settings: Settings,
    command: &[OsString],
) -> Result<ExitCode, Box<dyn Error>> {
    let _folder = run::settings(&mut settings)?;
    let (most_lost, ending) = (settings.lost_workers, settings.ending.clone());
    let mut running = match Running::start(settings)? {
        Waited::Other(running) => running,
        Waited::Signal(signal) => return Err(run::not_run(command, signal).into()),
    };
    let lost = running.server.lost_workers();
    let Running {
        server, signals, ..
    } = &mut running;
    let ended = run::run(server, command, signals, &lost, most_lost);
    let failed = running.end(&ending)?;
    // The command knows better what failed.
    Ok(match (ended?, failed) {
        (0, Some(failed)) => ExitCode::from(failed),
        (code, _) => ExitCode::from(code),
    })
}

/// A server that clients can connect to.
struct Running {
    server: ScriptServer,
    signals: Signals,
    files: Option<&'static LogFiles>,
}

impl Running {
    /// Starts the server, unless a signal comes before clients can connect.
    fn start(settings: Settings) -> Result<Waited<Self>, Box<dyn Error>> {
        if let Some(wanted) = settings.core_file {
            core_file::set(wanted)
                .map_err(|error| format!("setting --core-file failed: {error}"))?;
        }
        let files = logging::start(settings.verbose, settings.logging_folder.as_deref())?;
        if let Err(error) = mynah::raise_open_files() {
            log::warn!("can't raise the limit of open files: {error}");
        }
        // Before the start, so that a signal during it ends the program in order.
        let mut signals = Signals::take()?;
        let reopen = || files.into_iter().for_each(LogFiles::reopen);
        log::debug!("starting");
        match signals.wait_or(start::start(settings, files), reopen) {
            Waited::Other(Ok(server)) => Ok(Waited::Other(Self {
                server,
                signals,
                files,
            })),
            Waited::Other(Err(error)) => {
                files.into_iter().for_each(LogFiles::show_early);
                Err(error)
            }
            // The start, whatever it is doing, ends with the program.
            Waited::Signal(signal) => {
                log::debug!("{signal}: ending before clients could connect");
                Ok(Waited::Signal(signal))
            }
        }
    }

    /// Ends the server; returns the exit code of tests that failed, if they did.
    fn end(self, ending: &Ending) -> Result<Option<u8>, Box<dyn Error>> {
        let results = self.server.results();
        // First, so that what clients send in the last moments is in the report, and isn't pruned.
        if !self.server.shut_down(SHUTDOWN_TIMEOUT) {
            log::warn!("a script is still running, and ends with the program");
        }
        let failed = match ending.wants_report() {
            true => ending.report(&results.reports()),
            false => Ok(None),
        };
        let pruned = match ending.prune {
            true => prune(&results),
            false => Ok(()),
        };
        pruned.and(failed)
    }
}

fn prune(results: &TestResults) -> Result<(), Box<dyn Error>> {
    let pruned = results.prune();
    let (before, after) =
        pruned.map_err(|problem| format!("--prune of the recording: {problem}"))?;
    let dropped = before.saturating_sub(after);
    print(&format!(
        "{dropped} of {before} entries were never played, and are dropped"
    ));
    Ok(())
}

/// Prints the addresses for clients.
fn announce(server: &ScriptServer) {
    let classic = server.addresses().iter().map(|a| ("classic", a));
    let x = server.x_addresses().iter().map(|a| ("x", a));
    let http = server.http_address().into_iter().map(|a| ("http", a));
    for (protocol, address) in classic.chain(x).chain(http) {
        print(&format!("{protocol} listening on {address}"));
    }
}

/// How long sessions have to end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);
