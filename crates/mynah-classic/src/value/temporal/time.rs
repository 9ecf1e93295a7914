use std::fmt;

use bytes::{BufMut, BytesMut};

use super::super::digits::put_padded;
use super::{clock, put_fraction};

/// A time of day or a span of time. Columns allow -838:59:59 to 838:59:59; the wire has room for
/// more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Time {
    /// Whether the span of time is negative.
    pub negative: bool,
    /// The whole days of the span; 34 in the longest span that a column can have.
    pub days: u32,
    /// The hours after the whole days, 0 to 23 in a valid time.
    pub hours: u8,
    /// The minutes of the hour, 0 to 59 in a valid time.
    pub minutes: u8,
    /// The seconds of the minute, 0 to 59 in a valid time.
    pub seconds: u8,
    /// The microseconds of the second, 0 to 999,999 in a valid time.
    pub microseconds: u32,
}

impl Time {
    /// A span of time of length zero.
    pub const ZERO: Self = Self {
        negative: false,
        days: 0,
        hours: 0,
        minutes: 0,
        seconds: 0,
        microseconds: 0,
    };

    /// Parses `-838:59:59`, with up to six digits after a point; `None` for text of another form, for
    /// minutes or seconds greater than 59, and for more hours than `days` has room for.
    #[must_use]
    pub fn from_text(text: &[u8]) -> Option<Self> {
        let (negative, span) = match text.strip_prefix(b"-") {
            Some(span) => (true, span),
            None => (false, text),
        };
        let (hours, minutes, seconds, microseconds) = clock(span)?;
        Some(Self {
            negative,
            days: u32::try_from(hours / 24).ok()?,
            hours: u8::try_from(hours % 24).ok()?,
            minutes,
            seconds,
            microseconds,
        })
    }

    /// Appends the form `-838:59:59`, with `decimals` digits after a point: 0 to 6. Any other
    /// number stands for six digits if there is a fraction and none if not.
    pub fn put_text(self, w: &mut BytesMut, decimals: u8) {
        if self.negative {
            w.put_u8(b'-');
        }
        put_padded(w, self.total_hours(), 2);
        w.put_u8(b':');
        put_padded(w, self.minutes.into(), 2);
        w.put_u8(b':');
        put_padded(w, self.seconds.into(), 2);
        put_fraction(w, self.microseconds, decimals);
    }

    /// The hours of the whole span, those of the days included, without the sign.
    #[must_use]
    pub const fn total_hours(self) -> u64 {
        self.days as u64 * 24 + self.hours as u64
    }

    /// How many bytes the binary form takes: it omits a fraction of 0, and a span of zero takes
    /// none.
    pub(in crate::value) fn wire_len(self) -> u8 {
        match self {
            Self::ZERO => 0,
            _ if self.microseconds == 0 => 8,
            _ => 12,
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let (hours, minutes, seconds) = (self.total_hours(), self.minutes, self.seconds);
        write!(f, "{sign}{hours:02}:{minutes:02}:{seconds:02}")?;
        match self.microseconds {
            0 => Ok(()),
            fraction => write!(f, ".{fraction:06}"),
        }
    }
}
