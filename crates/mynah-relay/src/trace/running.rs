use std::sync::Arc;

use super::format::{Format, format_of};
use super::options::TraceOptions;
use super::sink::{Sink, TraceError, WatchQueue};
use super::stamp::notice;

/// A trace that is being written. A clone writes to the same place.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) options: Arc<TraceOptions>,
    pub(crate) sink: Arc<Sink>,
    pub(super) format: Arc<dyn Format>,
}

impl Trace {
    /// One whose lines are kept.
    #[cfg(feature = "fuzz")]
    pub(crate) fn in_memory(options: TraceOptions) -> Self {
        Self {
            format: format_of(&options),
            options: Arc::new(options),
            sink: Arc::new(Sink::in_memory()),
        }
    }

    /// The lines that stand for others, which weren't written or kept.
    #[cfg(feature = "fuzz")]
    pub(crate) fn lines_left_out(&self) -> String {
        let lost = self
            .format
            .lines_lost("2024-02-29T23:59:59Z", 2, "disk full");
        [&lost, self.format.lines_cut()].concat()
    }

    pub(crate) fn start(options: TraceOptions) -> Result<Self, TraceError> {
        let format = format_of(&options);
        let sink = Arc::new(Sink::start(&options, &format)?);
        Ok(Self {
            options: Arc::new(options),
            sink,
            format,
        })
    }

    /// One whose lines wait in a queue, and are dropped when it is full.
    pub(crate) fn to_queue(options: TraceOptions, queue: &Arc<WatchQueue>) -> Self {
        Self {
            format: format_of(&options),
            options: Arc::new(options),
            sink: Arc::new(Sink::to_queue(queue)),
        }
    }

    /// The line that says how many lines are missing where it stands.
    pub(crate) fn lost_line(&self, lines: u64, why: &str) -> String {
        notice(&*self.format, lines, why)
    }

    /// Whether each message is looked at, and not only logins, commands and answers.
    pub(crate) fn wants_messages(&self) -> bool {
        self.options.level >= 2 || self.format.is_recording()
    }
}
