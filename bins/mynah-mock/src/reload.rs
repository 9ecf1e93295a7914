//! Reads the script again: on SIGHUP, and when a file in its folder has changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, SystemTime};

use mynah::Reloader;

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

/// Starts the thread that reads the script again: when it is asked to, and, if there is a file to watch, when a
/// script in the file's folder has changed.
pub(crate) fn start(
    reloader: Reloader,
    watched: Option<PathBuf>,
) -> std::io::Result<ReloadRequests> {
    let (sender, requests) = sync_channel(1);
    thread::Builder::new()
        .name("mynah reload".to_owned())
        .spawn(move || run(&reloader, &requests, watched.as_deref()))?;
    Ok(ReloadRequests(sender))
}

fn run(reloader: &Reloader, requests: &Receiver<()>, watched: Option<&Path>) {
    let mut seen = watched.map(state);
    loop {
        let requested = match watched {
            Some(_) => requests.recv_timeout(BETWEEN),
            None => requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let now = watched.map(state);
        match requested {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) if now != seen => {}
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        }
        seen = now;
        match reloader.reload() {
            Ok(class) => log::info!("the script was read again: {class}"),
            Err(why) => log::error!("the script before is played on: {why}"),
        }
    }
}

/// A file, its length, and when it was changed.
type Seen = (PathBuf, u64, Option<SystemTime>);

/// The scripts in a file's folder: the file may `require()` the others.
fn state(file: &Path) -> Vec<Seen> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let scripts = entries.map(|entry| entry.path()).filter(|path| {
        path.file_name() == file.file_name()
            || path
                .extension()
                .is_some_and(|extension| extension == "js" || extension == "json")
    });
    let mut seen: Vec<Seen> = scripts
        .take(MOST)
        .filter_map(|path| {
            let metadata = fs::metadata(&path).ok()?;
            Some((path, metadata.len(), metadata.modified().ok()))
        })
        .collect();
    seen.sort();
    seen
}

/// How often the files are looked at. It works on each file system, which notices of the operating system don't.
const BETWEEN: Duration = Duration::from_millis(500);

/// How many files are looked at.
const MOST: usize = 10_000;
