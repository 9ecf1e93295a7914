//! Where the lines of a trace go.

mod connection_file;
mod line_file;
mod queue;
mod rotated;
mod target;
mod watch_queue;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use thiserror::Error;

use super::format::Format;
use super::options::{Output, Overflow, TraceOptions};
use queue::Queue;
use target::Target;

pub(super) use connection_file::ConnectionFile;
pub(crate) use line_file::LineFile;
pub(crate) use queue::TraceHealth;
pub(crate) use watch_queue::{Taken, WatchQueue};

/// Where the lines of a trace go. A thread of its own writes them, so that no connection waits for
/// a disk, unless more has gathered than is held.
#[derive(Debug)]
pub(crate) struct Sink {
    queue: Arc<Queue>,
    writer: Writer,
}

#[derive(Debug)]
enum Writer {
    Thread(Option<JoinHandle<()>>, Arc<AtomicBool>),
    /// Each connection writes a file of its own in this folder.
    Folder(PathBuf),
    /// Lines wait for a watcher.
    Watcher(Arc<WatchQueue>),
    /// Lines are kept until they are taken.
    #[cfg(feature = "fuzz")]
    Memory,
}

/// Why a trace can't be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TraceError {
    /// The file or folder can't be opened or created.
    #[error("can't trace to '{}'", path.display())]
    Open {
        /// The path of the file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Standard output can't be used.
    #[error("can't trace to standard output")]
    Stdout(#[source] io::Error),
    /// The thread that writes the trace can't be started.
    #[error("can't start the thread {THREAD}")]
    Thread(#[source] io::Error),
}

impl Sink {
    pub(super) fn start(
        options: &TraceOptions,
        format: &Arc<dyn Format>,
    ) -> Result<Self, TraceError> {
        let queue = Arc::new(Queue::new(options.overflow));
        if let (true, Output::File { path, .. }) = (format.is_recording(), &options.output) {
            std::fs::create_dir_all(path).map_err(|source| TraceError::Open {
                path: path.clone(),
                source,
            })?;
            let writer = Writer::Folder(path.clone());
            return Ok(Self { queue, writer });
        }
        let mut target = Target::open(options, format)?;
        let reopen = target.reopen();
        let taken = Arc::clone(&queue);
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || taken.write_all(&mut target))
            .map_err(TraceError::Thread)?;
        let writer = Writer::Thread(Some(thread), reopen);
        Ok(Self { queue, writer })
    }

    /// Lines wait in this queue.
    pub(super) fn to_queue(queue: &Arc<WatchQueue>) -> Self {
        Self {
            queue: Arc::new(Queue::new(Overflow::Drop)),
            writer: Writer::Watcher(Arc::clone(queue)),
        }
    }

    /// Keeps what it is given.
    #[cfg(feature = "fuzz")]
    pub(crate) fn in_memory() -> Self {
        Self {
            queue: Arc::new(Queue::new(TraceOptions::default().overflow)),
            writer: Writer::Memory,
        }
    }

    /// The lines that an [`in_memory`](Self::in_memory) one has.
    #[cfg(feature = "fuzz")]
    pub(crate) fn take(&self) -> Vec<u8> {
        self.queue.take()
    }

    /// Takes whole lines.
    pub(crate) fn put(&self, lines: &[u8]) {
        match &self.writer {
            _ if lines.is_empty() => {}
            Writer::Thread(..) => self.queue.put(lines),
            Writer::Watcher(queue) => queue.put(lines),
            #[cfg(feature = "fuzz")]
            Writer::Memory => self.queue.keep(lines),
            Writer::Folder(_) => {}
        }
    }

    /// Where each connection has a file of its own.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.writer {
            Writer::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Lines could not be written by a connection that has a file of its own.
    pub(super) fn lost(&self, lines: u64) {
        self.queue.lost(lines);
    }

    /// What of the trace is lost, and whether connections wait for it.
    pub(crate) fn health(&self) -> TraceHealth {
        self.queue.health()
    }

    /// The next lines go to the file that has the path then. Files of single connections stay open.
    pub(crate) fn reopen(&self) {
        if let Writer::Thread(_, reopen) = &self.writer {
            reopen.store(true, Ordering::Relaxed);
        }
    }

    /// No connection waits for the trace any more: what there is no room for is lost.
    pub(crate) fn stop_blocking(&self) {
        self.queue.stop_blocking();
    }

    /// Writes what is left, as long as that comes along; then nothing is taken any more.
    pub(crate) fn close(&self) {
        if let Writer::Thread(Some(_), _) = &self.writer {
            self.queue.close();
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.close();
        if let Writer::Thread(thread, _) = &mut self.writer
            && let Some(thread) = thread.take().filter(JoinHandle::is_finished)
        {
            // One that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

const THREAD: &str = "mynah trace";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::format::format_of;

    #[test]
    fn what_was_put_is_written_when_the_sink_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let options = TraceOptions {
            output: Output::File {
                path: path.clone(),
                rotate_at: None,
                keep: 0,
            },
            ..TraceOptions::default()
        };
        let sink = Sink::start(&options, &format_of(&options)).unwrap();
        for number in 0..1000 {
            sink.put(format!("{number}\n").as_bytes());
        }
        drop(sink);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 1000);
    }

    #[test]
    fn lines_that_a_full_disk_did_not_take_are_counted() {
        let options = TraceOptions {
            output: Output::File {
                path: "/dev/full".into(),
                rotate_at: None,
                keep: 0,
            },
            ..TraceOptions::default()
        };
        let sink = Sink::start(&options, &format_of(&options)).unwrap();
        sink.put(b"one\ntwo\n");
        sink.close();
        assert_eq!(sink.health().lost, 2);
    }
}
