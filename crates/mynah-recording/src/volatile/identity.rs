use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan as _, Unit};
use mynah_expect::{Number, Value};

use super::uuid::is_hex;
use super::{moment, uuid};

/// A value, regardless of the form in which it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A UUID, with or without dashes, or in 16 bytes.
    Uuid(u128),
    /// A date and time, without a time zone.
    Moment(DateTime),
    /// A date, without a time.
    Date(Date),
    /// A number, whatever its type.
    Number(Number),
    /// Any other text.
    Text(String),
    /// Bytes that aren't a text.
    Bytes(Vec<u8>),
}

impl Identity {
    /// Whether the value is a date, or a date and time without a fraction of a second, which may be equal to another
    /// one by chance.
    #[must_use]
    pub fn is_common(&self) -> bool {
        match self {
            Self::Moment(moment) => moment.subsec_nanosecond() == 0,
            Self::Date(_) => true,
            _ => false,
        }
    }

    /// Whether an equal value elsewhere is unlikely to be a coincidence: true for a UUID, a date and time with a
    /// fraction of a second, and a number, text or bytes of at least 8 bytes.
    #[must_use]
    pub fn is_distinctive(&self) -> bool {
        match self {
            Self::Uuid(_) => true,
            Self::Moment(_) | Self::Date(_) => !self.is_common(),
            Self::Number(number) => number.to_string().len() >= DISTINCTIVE,
            Self::Text(text) => text.len() >= DISTINCTIVE,
            Self::Bytes(bytes) => bytes.len() >= DISTINCTIVE,
        }
    }

    /// A stable value in place of this one: the so many-th, in a recording that was made at this time.
    pub(super) fn stable(&self, number: u64, at: DateTime) -> Self {
        match self {
            Self::Uuid(_) => Self::Uuid(FIRST_UUID | u128::from(number)),
            Self::Moment(_) if self.is_common() => Self::Moment(at),
            Self::Moment(_) => {
                // One with a fraction, which tells it from a common one however few digits it is written in.
                let tenths = number.saturating_add(number.saturating_sub(1) / 9);
                let millis = i64::try_from(tenths.saturating_mul(100)).unwrap_or(i64::MAX);
                let moment = at.checked_add(SignedDuration::from_millis(millis));
                Self::Moment(moment.unwrap_or(at))
            }
            Self::Date(_) => Self::Date(at.date()),
            Self::Number(known) => {
                let first = match digits(known) {
                    0 => 0,
                    digits => 10_u64.saturating_pow(digits - 1),
                };
                Self::Number(Number::from(first.saturating_add(number)))
            }
            Self::Text(text) if text.len() >= 2 * DISTINCTIVE && is_hex(text) => {
                Self::Text(format!("{number:0width$x}", width = text.len()))
            }
            Self::Text(_) => Self::Text(format!("volatile-{number}")),
            Self::Bytes(bytes) => {
                // 0xff is in no UTF-8.
                let mut stable = vec![0xff; bytes.len().max(DISTINCTIVE + 1)];
                let start = stable.len() - DISTINCTIVE;
                stable.truncate(start);
                stable.extend(number.to_be_bytes());
                Self::Bytes(stable)
            }
        }
    }

    /// The index of the counter that stable values of this kind are numbered by.
    pub(super) fn kind(&self) -> usize {
        match self {
            Self::Uuid(_) => 0,
            Self::Moment(_) | Self::Date(_) => 1,
            Self::Number(_) => 2,
            Self::Text(_) => 3,
            Self::Bytes(_) => 4,
        }
    }

    /// The date and time, rounded to milliseconds; `None` for other values.
    #[must_use]
    pub fn in_millis(&self) -> Option<Self> {
        match self {
            Self::Moment(moment) => moment.round(Unit::Millisecond).ok().map(Self::Moment),
            _ => None,
        }
    }

    /// The date, with or without time, that is later by `by`; a date without time is later by the whole days in `by`,
    /// and the rest is ignored. `None` for other values, and beyond the range of dates.
    #[must_use]
    pub fn later(&self, by: SignedDuration) -> Option<Self> {
        match self {
            Self::Moment(moment) => moment.checked_add(by).ok().map(Self::Moment),
            Self::Date(date) => {
                let days = by.as_hours() / 24;
                date.checked_add(days.days()).ok().map(Self::Date)
            }
            _ => None,
        }
    }

    /// It as a text.
    pub(crate) fn text(&self) -> String {
        self.plain().to_text().unwrap_or_default()
    }

    /// It as a value that isn't written like another one.
    pub(super) fn plain(&self) -> Value {
        Value::Text(match self {
            Self::Uuid(uuid) => uuid::text(*uuid, true),
            Self::Moment(moment) => moment::text(*moment, ' ', 6),
            Self::Date(date) => date.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => return Value::from_bytes(bytes),
        })
    }
}

/// How many digits a stable number has in place of `known`; 0 for a short one. Fractions, and random numbers of 64
/// bits, have more digits in one run than in another, but get the same stable number.
fn digits(known: &Number) -> u32 {
    let text = known.to_string();
    let text = text.trim_start_matches('-');
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = match text.len() {
        ..DISTINCTIVE => 0,
        len if is_whole => len.min(MOST_DIGITS),
        _ => DISTINCTIVE,
    };
    u32::try_from(digits).unwrap_or(0)
}

/// A UUID of version 4, whose other digits are 0.
const FIRST_UUID: u128 = 0x0000_0000_0000_4000_8000_0000_0000_0000;

/// How many bytes a value has that isn't found by chance.
const DISTINCTIVE: usize = 8;

/// How many digits a stable number has at most.
const MOST_DIGITS: usize = 16;
