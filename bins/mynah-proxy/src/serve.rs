use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use mynah_program::{Signals, logging, notify_ending, notify_ready, print_error};
use mynah_relay::Relay;

use crate::args::Settings;
use crate::browser;
use crate::compare::{Compare, Comparing};

/// Serves clients until a signal comes, and then waits for them to disconnect; a second signal ends this wait, and a
/// third one the program, without a recording.
pub(crate) fn serve(settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
    logging::builder(settings.verbose).init();
    if let Err(error) = mynah_net::raise_open_files() {
        log::warn!("can't raise the limit of open files: {error}");
    }
    let compare = settings.compare.map(Compare::start).transpose()?;
    let folder = compare.as_ref().and_then(Comparing::folder);
    let compare_with = settings.compare_with;
    let folder = folder.or_else(|| Some(compare_with.as_ref()?.folder.path().to_owned()));
    let mut signals = Signals::take()?;
    let relay = Relay::start(settings.options)?;
    announce(&relay);
    if let Some(address) = relay.http_address().filter(|_| settings.opens_page) {
        browser::open(address);
    }
    notify_ready();

    let (reopen, summary) = (relay.reopener(), relay.summary());
    let recorder = relay.recorder();
    let mirror = relay.mirror();
    let signal = signals.wait(&reopen);
    let open = relay.connections();
    let left = open.count();
    // The process ends in time, whatever keeps a connection or the trace from ending.
    let to_finish = match (recorder.is_some(), mirror.is_some()) {
        (false, false) => Duration::ZERO,
        (_, false) => FINISHING,
        // The second server has as long to answer as clients have to leave.
        (_, true) => FINISHING + settings.drain,
    };
    end_after(settings.drain + GRACE + to_finish, folder.clone());
    std::thread::spawn(move || {
        let signal = signals.wait(&reopen);
        log::info!("{signal}: ending connections");
        open.close_all();
        // The recording is written as after a first signal: it is what the proxy was started for.
        end_after(GRACE + to_finish, folder.clone());
        let signal = signals.wait(reopen);
        log::warn!("{signal}: ended at once, without writing what is left");
        force_end(folder.as_deref());
    });
    log::info!("{signal}: ending, {left} connections are left");
    notify_ending("draining");
    if !relay.shut_down(settings.drain) {
        log::warn!("connections were open, and have ended with the program");
    }
    if let Some(recorder) = recorder {
        recorder.finish()?;
    }
    let mut is_good = compare.map_or(Ok(true), Comparing::finish)?;
    if let (Some(compare_with), Some(mirror)) = (compare_with, mirror) {
        is_good &= compare_with.finish(&mirror, settings.drain)?;
    }
    if let Some(summary) = summary() {
        print_error(&summary.to_string());
    }
    Ok(match is_good {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(DIFFERS),
    })
}

/// Ends the program after this time even if something still blocks, such as a pipe that isn't read.
fn end_after(timeout: Duration, folder: Option<PathBuf>) {
    std::thread::spawn(move || {
        std::thread::sleep(timeout);
        force_end(folder.as_deref());
    });
}

/// Ends the program, without the temporary folder of a comparison.
fn force_end(folder: Option<&Path>) -> ! {
    if let Some(folder) = folder {
        // If it can't be removed, it stays.
        let _removed = std::fs::remove_dir_all(folder);
    }
    std::process::exit(FORCED);
}

/// Prints the addresses for clients, on standard error: standard output is for the trace.
fn announce(relay: &Relay) {
    for address in relay.addresses() {
        print_error(&format!("listening on {address}"));
    }
    if let Some(address) = relay.http_address() {
        print_error(&format!("http listening on {address}"));
    }
}

/// How long threads have to end, and the trace to be written, after the clients have disconnected.
const GRACE: Duration = Duration::from_secs(4);

/// How long making the file of a recording may take besides. If it takes longer, its journal stays.
const FINISHING: Duration = Duration::from_secs(60);

/// The exit code if servers don't answer as recorded.
const DIFFERS: u8 = 3;

/// The exit code if that took longer.
const FORCED: i32 = 1;
