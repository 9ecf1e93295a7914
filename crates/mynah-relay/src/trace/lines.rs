//! Where the lines of a connection go: to who writes them, or aside until a filter has decided.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use jiff::Timestamp;

use super::Format;
use super::connection::ConnectionTrace;
use super::record::About;

impl ConnectionTrace {
    /// The lines of a command wait for its end if a filter has to decide about them.
    pub(super) fn hold(&mut self, number: u64) {
        if self.trace.options.filter.is_none() {
            return self.put();
        }
        let open = self.open.iter_mut().find(|open| open.number == number);
        let Some(open) = open else {
            return self.out.clear();
        };
        if open.held.len() < MOST_HELD {
            open.held.push_str(&self.out);
        } else if self.trace.options.format == Format::Text
            && !std::mem::replace(&mut open.cut, true)
        {
            open.held.push_str("    … more than is held for a filter\n");
        }
        self.out.clear();
    }

    pub(super) fn give_away(&mut self, about: &About) {
        if self.out.is_empty() || self.keep_back() {
            return;
        }
        match &mut self.file {
            Some(file) => {
                file.put(&self.out);
                self.out.clear();
            }
            None => {
                if self.trace.options.format == Format::Hex {
                    let id = about.connection;
                    if LAST_IN_HEX.swap(id, Ordering::Relaxed) != id && !self.out.starts_with('#') {
                        self.out.insert_str(0, &format!("# connection: {id}\n"));
                    }
                }
                self.put();
            }
        }
    }

    fn put(&mut self) {
        if self.keep_back() {
            return;
        }
        self.trace.sink.put(self.out.as_bytes());
        self.out.clear();
        if self.out.capacity() > KEPT {
            self.out = String::new();
        }
    }

    /// The time in UTC, to the microsecond.
    pub(super) fn time(&mut self, now: SystemTime) -> String {
        let since = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        if self.stamp.0 != since.as_secs() {
            let second = i64::try_from(since.as_secs()).unwrap_or_default();
            let time = Timestamp::from_second(second)
                .unwrap_or_default()
                .to_string();
            self.stamp = (since.as_secs(), time.trim_end_matches('Z').to_owned());
        }
        let second = &self.stamp.1;
        let start = match self.trace.options.format {
            // People know what day it is.
            Format::Text => second.get(11..).unwrap_or(second),
            _ => second,
        };
        let end = if self.trace.options.format == Format::Text {
            ""
        } else {
            "Z"
        };
        format!("{start}.{:06}{end}", since.subsec_micros())
    }
}

/// Which connection wrote last, where all write to one place.
static LAST_IN_HEX: AtomicU32 = AtomicU32::new(0);

/// How much of a command is held for a filter to decide about.
pub(super) const MOST_HELD: usize = 1024 * 1024;

/// How much buffer is kept.
const KEPT: usize = 64 * 1024;
