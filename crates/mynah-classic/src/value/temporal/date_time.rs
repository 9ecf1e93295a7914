use std::fmt;

use bytes::{BufMut, BytesMut};

use super::super::digits::put_padded;
use super::{Date, clock, put_fraction};

/// A day and a time of day, without a time zone: the value of DATETIME and TIMESTAMP columns.
/// Values on the wire are kept, valid or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DateTime {
    /// The date, without the time.
    pub date: Date,
    /// The hour, 0 to 23 in a valid time.
    pub hour: u8,
    /// The minute, 0 to 59 in a valid time.
    pub minute: u8,
    /// The second, 0 to 59 in a valid time.
    pub second: u8,
    /// The microseconds of the second, 0 to 999,999 in a valid time.
    pub microsecond: u32,
}

impl DateTime {
    /// The zero date with time, 0000-00-00 00:00:00.
    pub const ZERO: Self = Self::midnight(Date::ZERO);

    /// Midnight at the beginning of this date.
    #[must_use]
    pub const fn midnight(date: Date) -> Self {
        Self {
            date,
            hour: 0,
            minute: 0,
            second: 0,
            microsecond: 0,
        }
    }

    /// Parses `2024-02-29 12:34:56`, with up to six digits after a point; `None` for text of another
    /// form, and for numbers that are too great, such as an hour of 24.
    #[must_use]
    pub fn from_text(text: &[u8]) -> Option<Self> {
        let (date, after) = text.split_at_checked(10)?;
        let (hour, minute, second, microsecond) = clock(after.strip_prefix(b" ")?)?;
        let two_digits = after.get(3) == Some(&b':');
        Some(Self {
            date: Date::from_text(date)?,
            hour: u8::try_from(hour)
                .ok()
                .filter(|&hour| two_digits && hour < 24)?,
            minute,
            second,
            microsecond,
        })
    }

    /// Appends the form `2024-02-29 12:34:56`, with `decimals` digits after a point: 0 to 6. Any
    /// other number stands for six digits if there is a fraction and none if not.
    pub fn put_text(self, w: &mut BytesMut, decimals: u8) {
        self.date.put_text(w);
        w.put_u8(b' ');
        put_padded(w, self.hour.into(), 2);
        w.put_u8(b':');
        put_padded(w, self.minute.into(), 2);
        w.put_u8(b':');
        put_padded(w, self.second.into(), 2);
        put_fraction(w, self.microsecond, decimals);
    }

    /// How many bytes the binary form takes: it omits fraction, time and day at the end if they are
    /// zero.
    pub(in crate::value) fn wire_len(self) -> u8 {
        let clock = (self.hour, self.minute, self.second);
        match self {
            _ if self.microsecond != 0 => 11,
            _ if clock != (0, 0, 0) => 7,
            _ if !self.date.is_zero() => 4,
            _ => 0,
        }
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self::midnight(date)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            date,
            hour,
            minute,
            second,
            microsecond,
        } = self;
        write!(f, "{date} {hour:02}:{minute:02}:{second:02}")?;
        match microsecond {
            0 => Ok(()),
            _ => write!(f, ".{microsecond:06}"),
        }
    }
}
