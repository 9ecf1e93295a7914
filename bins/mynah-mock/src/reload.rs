//! Reads the script again: on SIGHUP, and when a file has changed that it may be made of.

mod watch;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use mynah::Reloader;
use watch::Watch;

/// Asks for the script to be read again. While it is, further requests are one.
#[derive(Clone, Debug)]
pub(crate) struct ReloadRequests(SyncSender<()>);

impl ReloadRequests {
    pub(crate) fn request(&self) {
        match self.0.try_send(()) {
            Ok(()) | Err(TrySendError::Full(())) => {}
            Err(TrySendError::Disconnected(())) => log::warn!("the script isn't read again"),
        }
    }
}

/// Starts the thread that reads the script again: when it is asked to, and, if there is a file to watch, when that
/// has changed, a script in its folder, or a module that it required.
pub(crate) fn start(
    reloader: Reloader,
    watched: Option<PathBuf>,
) -> std::io::Result<ReloadRequests> {
    let (sender, requests) = sync_channel(1);
    thread::Builder::new()
        .name("mynah reload".to_owned())
        .spawn(move || run(&reloader, &requests, watched))?;
    Ok(ReloadRequests(sender))
}

fn run(reloader: &Reloader, requests: &Receiver<()>, watched: Option<PathBuf>) {
    let mut watch = watched.map(|file| Watch::new(file, &reloader.modules()));
    loop {
        let requested = match watch {
            Some(_) => requests.recv_timeout(BETWEEN),
            None => requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        // Looked at before the script is read, so that a change after that is seen later.
        let has_changed = watch
            .as_mut()
            .is_some_and(|watch| watch.has_changed(&reloader.modules()));
        match requested {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) if has_changed => {}
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        }
        match reloader.reload() {
            Ok(class) => log::info!("the script was read again: {class}"),
            Err(why) => log::error!("the script before is played on: {why}"),
        }
        if let Some(watch) = &mut watch {
            watch.set_modules(&reloader.modules());
        }
    }
}

/// How often the files are looked at. It works on each file system, which notices of the operating system don't.
const BETWEEN: Duration = Duration::from_millis(500);
