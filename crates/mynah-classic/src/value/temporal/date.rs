use std::fmt;

use bytes::{BufMut, BytesMut};

use super::super::digits::{number, put_padded};
use super::two_digits;

/// A day. MySQL documents days from 1000-01-01 to 9999-12-31, and the zero date 0000-00-00. Depending
/// on `sql_mode`, the month or the day alone may be 0, and every month may have 31 days. Days on
/// the wire are kept, valid or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Date {
    /// The year, 0 to 9999 in a valid date.
    pub year: u16,
    /// The month, 1 to 12 in a valid date; 0 for none.
    pub month: u8,
    /// The day of the month, 1 to 31 in a valid date; 0 for none.
    pub day: u8,
}

impl Date {
    /// The zero date, 0000-00-00.
    pub const ZERO: Self = Self {
        year: 0,
        month: 0,
        day: 0,
    };

    /// Whether this is the zero date, 0000-00-00.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Parses `2024-02-29`; `None` for text without exactly four, two and two digits, and for a month
    /// greater than 12 or a day greater than 31.
    #[must_use]
    pub fn from_text(text: &[u8]) -> Option<Self> {
        let (year, after) = text.split_at_checked(4)?;
        let (&[dash, m, n, dash_2], day) = after.split_first_chunk()?;
        if (dash, dash_2) != (b'-', b'-') {
            return None;
        }
        Some(Self {
            year: u16::try_from(number(year)?).ok()?,
            month: two_digits(&[m, n], 12)?,
            day: two_digits(day, 31)?,
        })
    }

    /// Appends the date as text: `2024-02-29`.
    pub fn put_text(self, w: &mut BytesMut) {
        put_padded(w, self.year.into(), 4);
        w.put_u8(b'-');
        put_padded(w, self.month.into(), 2);
        w.put_u8(b'-');
        put_padded(w, self.day.into(), 2);
    }

    pub(in crate::value) fn from_wire([a, b, month, day]: [u8; 4]) -> Self {
        Self {
            year: u16::from_le_bytes([a, b]),
            month,
            day,
        }
    }

    pub(in crate::value) fn to_wire(self) -> [u8; 4] {
        let [a, b] = self.year.to_le_bytes();
        [a, b, self.month, self.day]
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
