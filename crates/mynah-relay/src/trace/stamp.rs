use std::time::SystemTime;

use jiff::Timestamp;

use super::format::Format;

/// Writes times in UTC, to the microsecond. Most are of the second of the one before, whose text is
/// kept.
#[derive(Debug)]
pub(super) struct Stamp {
    second: u64,
    text: String,
}

impl Default for Stamp {
    fn default() -> Self {
        Self {
            second: u64::MAX,
            text: String::new(),
        }
    }
}

impl Stamp {
    pub(super) fn time(&mut self, now: SystemTime, format: &dyn Format) -> String {
        let since = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        if self.second != since.as_secs() {
            let second = i64::try_from(since.as_secs()).unwrap_or_default();
            let time = Timestamp::from_second(second)
                .unwrap_or_default()
                .to_string();
            self.second = since.as_secs();
            self.text = time.trim_end_matches('Z').to_owned();
        }
        format.time(&self.text, since.subsec_micros())
    }
}

/// The line that stands where lines are lost.
pub(super) fn notice(format: &dyn Format, lines: u64, why: &str) -> String {
    let time = Stamp::default().time(SystemTime::now(), format);
    format.lines_lost(&time, lines, why)
}
