use std::fmt;

use bytes::{BufMut, BytesMut};

use super::super::digits::put_padded;
use super::{Date, clock, put_fraction};

/// A day and a time of day, in no time zone: what DATETIME and TIMESTAMP columns have. What the
/// wire says is kept, be there such a moment or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// The day, with its zeros.
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999,999.
    pub microsecond: u32,
}

impl DateTime {
    /// 0000-00-00 00:00:00.
    pub const ZERO: Self = Self::midnight(Date::ZERO);

    /// The beginning of a day.
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

    /// Reads `2024-02-29 12:34:56`, with up to six digits behind a point; `None` unless `text`
    /// is that.
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

    /// Appends it as `2024-02-29 12:34:56`, with `decimals` digits behind a point: 0 to 6; with
    /// any other number, six if there is a fraction and none if not.
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

    /// How many bytes say it: those of the fraction, the time and the day are left out where
    /// nothing but zeros follows.
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
