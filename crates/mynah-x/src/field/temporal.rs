use std::fmt;

use bytes::{BufMut, BytesMut};

use super::FieldErrorKind;
use super::varint::{narrow, put_numbers};

/// The value of a TIME column: a time of day, or a span of time. Values on the wire are kept, valid or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Time {
    /// Whether the span of time is negative.
    pub negative: bool,
    /// The hours of the span, those of whole days included; 838 in the longest span that a column can have.
    pub hours: u32,
    /// The minutes of the hour, 0 to 59 in a valid time.
    pub minutes: u32,
    /// The seconds of the minute, 0 to 59 in a valid time.
    pub seconds: u32,
    /// The microseconds of the second, 0 to 999,999 in a valid time.
    pub microseconds: u32,
}

impl Time {
    pub(super) fn read(mut cell: &[u8]) -> Result<(Self, usize), FieldErrorKind> {
        let (sign, rest) = cell.split_first().ok_or(FieldErrorKind::Truncated)?;
        cell = rest;
        let negative = match *sign {
            0 => false,
            1 => true,
            found => return Err(FieldErrorKind::Unexpected { found }),
        };
        // Zeros at the end are omitted.
        let mut part = || match cell {
            [] => Ok(0),
            _ => narrow(&mut cell),
        };
        let time = Self {
            negative,
            hours: part()?,
            minutes: part()?,
            seconds: part()?,
            microseconds: part()?,
        };
        Ok((time, cell.len()))
    }

    pub(super) fn put(self, w: &mut BytesMut) {
        w.put_u8(self.negative.into());
        let parts = [self.hours, self.minutes, self.seconds, self.microseconds];
        put_numbers(w, &parts.map(u64::from), 0);
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let Self {
            hours,
            minutes,
            seconds,
            ..
        } = self;
        write!(f, "{sign}{hours:02}:{minutes:02}:{seconds:02}")?;
        fraction(f, self.microseconds)
    }
}

/// The value of a DATETIME column: a day and a time of day, which is midnight if the column has only days. Values
/// on the wire are kept, valid or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DateTime {
    /// The year, 0 to 9999 in a valid date.
    pub year: u32,
    /// The month, 1 to 12 in a valid date; 0 for none.
    pub month: u32,
    /// The day of the month, 1 to 31 in a valid date; 0 for none.
    pub day: u32,
    /// The hour, 0 to 23 in a valid time.
    pub hour: u32,
    /// The minute, 0 to 59 in a valid time.
    pub minute: u32,
    /// The second, 0 to 59 in a valid time.
    pub second: u32,
    /// The microseconds of the second, 0 to 999,999 in a valid time.
    pub microsecond: u32,
}

impl DateTime {
    pub(super) fn read(mut cell: &[u8]) -> Result<(Self, usize), FieldErrorKind> {
        // Year, month and day are always there. What follows is left out from the last field that isn't zero.
        let (year, month, day) = (narrow(&mut cell)?, narrow(&mut cell)?, narrow(&mut cell)?);
        let mut part = || match cell {
            [] => Ok(0),
            _ => narrow(&mut cell),
        };
        let moment = Self {
            year,
            month,
            day,
            hour: part()?,
            minute: part()?,
            second: part()?,
            microsecond: part()?,
        };
        Ok((moment, cell.len()))
    }

    pub(super) fn put(self, w: &mut BytesMut) {
        let parts = [
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.microsecond,
        ];
        put_numbers(w, &parts.map(u64::from), 3);
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )?;
        fraction(f, self.microsecond)
    }
}

fn fraction(f: &mut fmt::Formatter<'_>, microseconds: u32) -> fmt::Result {
    match microseconds {
        0 => Ok(()),
        _ => write!(f, ".{microseconds:06}"),
    }
}
