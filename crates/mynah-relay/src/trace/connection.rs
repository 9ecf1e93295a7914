use std::collections::VecDeque;
use std::time::SystemTime;

use mynah_classic::Capabilities;

use super::format::{Format, Line};
use super::lines::Lines;
use super::open_command::OpenCommand;
use super::record::{About, Record};
use super::running::Trace;
use super::stamp::Stamp;
use super::x::State;

/// Tells of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionTrace {
    pub(super) trace: Trace,
    pub(super) lines: Lines,
    pub(super) stamp: Stamp,
    pub(super) shared: Capabilities,
    /// The commands that have begun.
    pub(super) open: VecDeque<OpenCommand>,
    /// The last command whose start text has told of.
    pub(super) last_told: Option<u64>,
    /// Whether the server's warnings may be about a statement that is hidden.
    pub(super) warnings_are_secret: bool,
    pub(super) x: State,
}

impl ConnectionTrace {
    pub(crate) fn new(trace: &Trace) -> Self {
        Self {
            lines: Lines::new(trace),
            trace: trace.clone(),
            stamp: Stamp::default(),
            shared: Capabilities::empty(),
            open: VecDeque::new(),
            last_told: None,
            warnings_are_secret: false,
            x: State::default(),
        }
    }

    /// Whether nothing is explained, and each message written as it came.
    pub(super) fn is_recording(&self) -> bool {
        self.trace.format.is_recording()
    }

    pub(super) fn time(&mut self, now: SystemTime) -> String {
        self.stamp.time(now, &*self.trace.format)
    }

    /// What a line is written with.
    pub(super) fn pen<'a>(
        &'a mut self,
        time: &'a str,
        about: &'a About,
    ) -> (&'a dyn Format, Line<'a>) {
        let out = &mut self.lines.out;
        (&*self.trace.format, Line { out, time, about })
    }

    /// Writes a line.
    pub(super) fn write(
        &mut self,
        about: &About,
        now: SystemTime,
        write: impl FnOnce(&dyn Format, Line<'_>),
    ) {
        let time = self.time(now);
        let (format, line) = self.pen(&time, about);
        write(format, line);
    }

    pub(super) fn is_wanted(&self, record: &Record<'_>) -> bool {
        let filter = self.trace.options.filter.as_ref();
        filter.is_none_or(|filter| filter.holds(record))
    }

    /// The lines of a command wait for its end if a filter has to decide about them.
    pub(super) fn hold(&mut self, number: u64) {
        if self.trace.options.filter.is_none() {
            return self.lines.put();
        }
        let out = &mut self.lines.out;
        let open = self.open.iter_mut().find(|open| open.number == number);
        let Some(open) = open else {
            return out.clear();
        };
        if open.held.len() < MOST_HELD {
            open.held.push_str(out);
        } else if !std::mem::replace(&mut open.cut, true) {
            open.held.push_str(self.trace.format.lines_cut());
        }
        out.clear();
    }
}

/// How much of a command is held for a filter to decide about.
pub(super) const MOST_HELD: usize = 1024 * 1024;
