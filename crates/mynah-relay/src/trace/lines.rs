use std::sync::Arc;

use super::format::Format;
use super::running::Trace;
use super::sink::{ConnectionFile, Sink};

/// Where the lines of a connection go: to the thread that writes them, to a file of its own, or into memory until
/// it is decided whether the connection is wanted at all.
#[derive(Debug)]
pub(super) struct Lines {
    /// Lines of the current event, which haven't been passed on yet.
    pub(super) out: String,
    wanted: Wanted,
    file: Option<ConnectionFile>,
    sink: Arc<Sink>,
    format: Arc<dyn Format>,
}

/// Whether a connection is traced at all.
#[derive(Debug)]
enum Wanted {
    /// The connection's lines are kept until its user is known, up to a limit.
    NotDecided(String),
    Yes,
    No,
}

impl Lines {
    pub(super) fn new(trace: &Trace) -> Self {
        Self {
            out: String::new(),
            wanted: match trace.options.only {
                None => Wanted::Yes,
                Some(_) => Wanted::NotDecided(String::new()),
            },
            file: None,
            sink: Arc::clone(&trace.sink),
            format: Arc::clone(&trace.format),
        }
    }

    /// Begins a file for the connection, where each has one.
    pub(super) fn begin_file(&mut self, connection: u32, stamp: &str) {
        self.file = ConnectionFile::create(&self.sink, &self.format, connection, stamp);
    }

    /// The user is known, or won't be.
    pub(super) fn decide(&mut self, is_wanted: impl FnOnce() -> bool) {
        let Wanted::NotDecided(held) = &mut self.wanted else {
            return;
        };
        if is_wanted() {
            // Lines of the connection's beginning stand before those of the current event.
            self.out.insert_str(0, &std::mem::take(held));
            self.wanted = Wanted::Yes;
        } else {
            self.wanted = Wanted::No;
        }
    }

    /// Passes the lines on, marked with their connection.
    pub(super) fn give_away(&mut self, connection: u32) {
        if self.out.is_empty() || self.keep_back() {
            return;
        }
        if let Some(file) = &mut self.file {
            file.put(&self.out);
            self.empty();
        } else {
            self.format.mark(&mut self.out, connection);
            self.put();
        }
    }

    pub(super) fn put(&mut self) {
        if self.keep_back() {
            return;
        }
        self.sink.put(self.out.as_bytes());
        self.empty();
    }

    fn empty(&mut self) {
        self.out.clear();
        if self.out.capacity() > KEPT {
            self.out = String::new();
        }
    }

    /// Keeps lines that may not be written yet. Returns whether it did.
    fn keep_back(&mut self) -> bool {
        match &mut self.wanted {
            Wanted::Yes => return false,
            Wanted::No => {}
            Wanted::NotDecided(held) => {
                // A connection that never logs in keeps no more than this; the rest isn't in the trace.
                if held.len() < MOST_UNDECIDED {
                    held.push_str(&self.out);
                }
            }
        }
        self.empty();
        true
    }
}

/// How much buffer an idle connection keeps: enough for the lines of a usual command. Those of a login are longer.
const KEPT: usize = 1024;

/// How much is held of a connection whose user isn't known.
const MOST_UNDECIDED: usize = 256 * 1024;
