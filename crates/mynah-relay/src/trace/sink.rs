use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use thiserror::Error;

use super::{Format, Output, TraceOptions};

/// Where the lines of a trace go. A thread of its own writes them, so that no connection waits for
/// a disk, unless more has gathered than is held.
#[derive(Debug)]
pub(crate) struct Sink {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    folder: Option<PathBuf>,
    /// Whether lines are kept until they are taken.
    in_memory: bool,
}

/// Why a trace can't be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TraceError {
    /// The file or the folder can't be had.
    #[error("can't trace to '{}'", path.display())]
    Open {
        /// Its path.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The operating system gave no thread.
    #[error("can't start the thread {THREAD}")]
    Thread(#[source] io::Error),
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// There is something to write, or the end has come.
    something: Condvar,
    /// What was there has been taken.
    room: Condvar,
}

#[derive(Debug, Default)]
struct State {
    text: Vec<u8>,
    ended: bool,
}

impl Sink {
    pub(super) fn start(options: &TraceOptions) -> Result<Self, TraceError> {
        if let (Format::Hex, Output::File { path, .. }) = (options.format, &options.output) {
            std::fs::create_dir_all(path).map_err(|source| TraceError::Open {
                path: path.clone(),
                source,
            })?;
            return Ok(Self {
                shared: Arc::default(),
                thread: None,
                folder: Some(path.clone()),
                in_memory: false,
            });
        }
        let target = Target::open(&options.output)?;
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || own.write_all(target))
            .map_err(TraceError::Thread)?;
        Ok(Self {
            shared,
            thread: Some(thread),
            folder: None,
            in_memory: false,
        })
    }

    /// Keeps what it is given.
    pub(crate) fn in_memory() -> Self {
        Self {
            shared: Arc::default(),
            thread: None,
            folder: None,
            in_memory: true,
        }
    }

    /// The lines that an [`in_memory`](Self::in_memory) one has.
    pub(crate) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.shared.state().text)
    }

    /// Takes whole lines.
    pub(crate) fn put(&self, lines: &[u8]) {
        if self.in_memory {
            return self.shared.state().text.extend_from_slice(lines);
        }
        if lines.is_empty() || self.thread.is_none() {
            return;
        }
        let mut state = self.shared.state();
        while state.text.len() > MOST_HELD {
            state = self
                .shared
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let first = state.text.is_empty();
        state.text.extend_from_slice(lines);
        drop(state);
        if first {
            self.shared.something.notify_one();
        }
    }

    /// Where each connection has a file of its own.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// Writes what is left.
impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.something.notify_one();
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_all(&self, mut target: Target) {
        let mut text = Vec::new();
        loop {
            let mut state = self.state();
            while state.text.is_empty() && !state.ended {
                state = self
                    .something
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if state.text.is_empty() {
                return;
            }
            if !state.ended && state.text.len() < WORTH_WRITING {
                // More follows: one write for all of it.
                drop(state);
                thread::sleep(GATHERING);
                state = self.state();
            }
            text.clear();
            std::mem::swap(&mut text, &mut state.text);
            drop(state);
            self.room.notify_all();
            target.write(&text);
            if text.capacity() > MOST_HELD {
                text = Vec::new();
            }
        }
    }
}

/// What is written to.
#[derive(Debug)]
enum Target {
    Stdout,
    File(Rotated),
}

#[derive(Debug)]
struct Rotated {
    path: PathBuf,
    file: File,
    len: u64,
    rotate_at: Option<u64>,
    keep: u32,
    failed: bool,
}

impl Target {
    fn open(output: &Output) -> Result<Self, TraceError> {
        let Output::File {
            path,
            rotate_at,
            keep,
        } = output
        else {
            return Ok(Self::Stdout);
        };
        let failed = |source| TraceError::Open {
            path: path.clone(),
            source,
        };
        let file = append_to(path).map_err(failed)?;
        Ok(Self::File(Rotated {
            len: file.metadata().map_err(failed)?.len(),
            path: path.clone(),
            file,
            rotate_at: *rotate_at,
            keep: *keep,
            failed: false,
        }))
    }

    fn write(&mut self, lines: &[u8]) {
        match self {
            // Nobody may be reading.
            Self::Stdout => drop(io::stdout().lock().write_all(lines)),
            Self::File(file) => file.write(lines),
        }
    }
}

impl Rotated {
    /// Writes whole lines; those that are too many for this file go to the next.
    fn write(&mut self, lines: &[u8]) {
        let mut rest = lines;
        while !rest.is_empty() {
            let room = match self.rotate_at {
                None => rest.len(),
                Some(limit) => {
                    let left = limit.saturating_sub(self.len);
                    usize::try_from(left).unwrap_or(usize::MAX)
                }
            };
            let fitting = lines_within(rest, room);
            // A line that no file has room for gets one of its own.
            let len = match fitting {
                0 if self.len == 0 => lines_within(rest, rest.len()).min(first_line(rest)),
                0 => {
                    self.rotate();
                    continue;
                }
                len => len,
            };
            let (part, after) = rest.split_at(len.max(1).min(rest.len()));
            let written = self.file.write_all(part);
            self.len += part.len() as u64;
            self.note(written);
            rest = after;
        }
    }

    fn rotate(&mut self) {
        let name = |number: u32| {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        for number in (1..self.keep).rev() {
            // There may be fewer.
            let _absent = std::fs::rename(name(number), name(number + 1));
        }
        let moved = if self.keep == 0 {
            std::fs::remove_file(&self.path)
        } else {
            std::fs::rename(&self.path, name(1))
        };
        let opened = moved.and_then(|()| append_to(&self.path));
        match opened {
            Ok(file) => self.file = file,
            Err(error) => self.note(Err(error)),
        }
        self.len = 0;
    }

    /// That it fails is said once, and again after it has succeeded.
    fn note(&mut self, written: io::Result<()>) {
        if let (Err(error), false) = (&written, self.failed) {
            log::error!("can't trace to '{}': {error}", self.path.display());
        }
        self.failed = written.is_err();
    }
}

/// How many bytes the lines have that fit.
fn lines_within(lines: &[u8], room: usize) -> usize {
    let fitting = lines.get(..room).unwrap_or(lines);
    fitting
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1)
}

fn first_line(lines: &[u8]) -> usize {
    let end = lines.iter().position(|&byte| byte == b'\n');
    end.map_or(lines.len(), |at| at + 1)
}

pub(super) fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

const THREAD: &str = "mynah trace";

/// How much may wait to be written.
const MOST_HELD: usize = 16 * 1024 * 1024;

const WORTH_WRITING: usize = 256 * 1024;

/// How long lines wait for others.
const GATHERING: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_rotated_between_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let mut target = Target::open(&Output::File {
            path: path.clone(),
            rotate_at: Some(10),
            keep: 2,
        })
        .unwrap();
        target.write(b"one\ntwo\nthree\na line that is too long\nfour\n");
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("trace"), "four\n");
        assert_eq!(read("trace.1"), "a line that is too long\n");
        assert_eq!(read("trace.2"), "three\n");
        assert!(!folder.path().join("trace.3").exists());
    }

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
        let sink = Sink::start(&options).unwrap();
        for number in 0..1000 {
            sink.put(format!("{number}\n").as_bytes());
        }
        drop(sink);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 1000);
    }
}
