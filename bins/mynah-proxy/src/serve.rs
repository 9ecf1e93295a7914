use std::error::Error;
use std::io::Write;

use mynah_relay::Relay;
use sd_notify::NotifyState;

use crate::args::Settings;
use crate::{logging, signals};

/// Carries clients until a signal comes, and then waits for them to leave; a second signal ends
/// that.
pub(crate) fn serve(settings: Settings) -> Result<(), Box<dyn Error>> {
    logging::start(settings.verbose);
    let mut end = signals::end()?;
    let relay = Relay::start(settings.options)?;
    announce(&relay);
    notify(&[NotifyState::Status("running"), NotifyState::Ready]);

    let signal = end.wait();
    let open = relay.connections();
    log::info!("{signal}: ending, {} connections are left", open.count());
    notify(&[NotifyState::Status("draining"), NotifyState::Stopping]);
    std::thread::spawn(move || {
        let signal = end.wait();
        log::info!("{signal}: ending what is left");
        open.close_all();
    });
    if !relay.shut_down(settings.drain) {
        log::warn!("connections were open, and have ended with the program");
    }
    Ok(())
}

/// Says where clients may connect. On standard error: standard output is the trace's.
fn announce(relay: &Relay) {
    for address in relay.addresses() {
        say(&format!("listening on {address}"));
    }
    if let Some(address) = relay.http_address() {
        say(&format!("http listening on {address}"));
    }
}

fn say(text: &str) {
    let _closed = writeln!(std::io::stderr(), "{text}");
}

/// Tells the service manager, if there is one.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        log::warn!("can't notify the service manager: {error}");
    }
}
