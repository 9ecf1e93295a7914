use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan as _, Unit};
use mynah_expect::{Number, Value};

/// A value, regardless of the form in which it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A UUID, with or without dashes, or in 16 bytes.
    Uuid(u128),
    /// A date and time.
    Moment(DateTime),
    /// A date.
    Date(Date),
    /// A number.
    Number(Number),
    /// Any other text.
    Text(String),
    /// Bytes that aren't a text.
    Bytes(Vec<u8>),
}

/// A value, and how it is written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) identity: Identity,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Uuid {
        has_dashes: bool,
        is_upper: bool,
    },
    /// A UUID in 16 bytes.
    Binary,
    Moment {
        separator: char,
        /// How many digits its fraction has.
        digits: usize,
        /// Its zone.
        suffix: String,
    },
    Date,
    /// A number that isn't in a text.
    Number,
    Plain,
}

impl Identity {
    /// Whether the value may be equal to another one by chance: a date, or a time without a fraction of a
    /// second.
    #[must_use]
    pub fn is_common(&self) -> bool {
        match self {
            Self::Moment(moment) => moment.subsec_nanosecond() == 0,
            Self::Date(_) => true,
            _ => false,
        }
    }

    /// Whether the value is long enough that an equal text elsewhere is unlikely to be a coincidence.
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
                let digits = known.to_string().trim_start_matches('-').len();
                let first = match (DISTINCTIVE..20).contains(&digits) {
                    true => 10_u64.saturating_pow(u32::try_from(digits).unwrap_or(1) - 1),
                    false => 0,
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

    /// A date with time, rounded to milliseconds; `None` for other values.
    #[must_use]
    pub fn in_millis(&self) -> Option<Self> {
        match self {
            Self::Moment(moment) => moment.round(Unit::Millisecond).ok().map(Self::Moment),
            _ => None,
        }
    }

    /// The date, with or without time, that is later by `by`; `None` for other values.
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
}

impl Written {
    /// Reads a value; nothing for NULL.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Number(number) => Some(Self {
                identity: Identity::Number(number.clone()),
                form: Form::Number,
            }),
            Value::Text(text) => Some(Self::of_text(text)),
            Value::Bytes(bytes) => Some(match uuid_of_bytes(bytes) {
                Some(uuid) => Self {
                    identity: Identity::Uuid(uuid),
                    form: Form::Binary,
                },
                None => Self {
                    identity: Identity::Bytes(bytes.clone()),
                    form: Form::Plain,
                },
            }),
        }
    }

    pub(super) fn of_text(text: &str) -> Self {
        let known = uuid(text).or_else(|| moment(text)).or_else(|| date(text));
        let number = || {
            let number = Number::parse(text).filter(|number| number.to_string() == text)?;
            Some((Identity::Number(number), Form::Plain))
        };
        let (identity, form) = known
            .or_else(number)
            .unwrap_or_else(|| (Identity::Text(text.to_owned()), Form::Plain));
        Self { identity, form }
    }

    /// Another value, written like this one if it can be.
    pub(super) fn like(&self, other: &Identity) -> Value {
        let text = match (&self.form, other) {
            (Form::Binary, Identity::Uuid(uuid)) => {
                return Value::Bytes(uuid.to_be_bytes().to_vec());
            }
            (
                Form::Uuid {
                    has_dashes,
                    is_upper,
                },
                Identity::Uuid(uuid),
            ) => {
                let text = written_uuid(*uuid, *has_dashes);
                if *is_upper { text.to_uppercase() } else { text }
            }
            (
                Form::Moment {
                    separator,
                    digits,
                    suffix,
                },
                Identity::Moment(moment),
            ) => format!("{}{suffix}", written_moment(*moment, *separator, *digits)),
            (Form::Moment { separator, .. }, Identity::Date(date)) => {
                format!("{date}{separator}00:00:00")
            }
            (Form::Date, Identity::Moment(moment)) => moment.date().to_string(),
            (Form::Number, Identity::Number(number)) => return Value::Number(number.clone()),
            (_, other) => return other.plain(),
        };
        Value::Text(text)
    }
}

impl Identity {
    /// What a value is; nothing for NULL.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Written::of(value).map(|written| written.identity)
    }

    /// What a text is.
    pub(crate) fn of_text(text: &str) -> Self {
        Written::of_text(text).identity
    }

    /// It as a text.
    pub(super) fn text(&self) -> String {
        self.plain().to_text().unwrap_or_default()
    }

    fn plain(&self) -> Value {
        Value::Text(match self {
            Self::Uuid(uuid) => written_uuid(*uuid, true),
            Self::Moment(moment) => written_moment(*moment, ' ', 6),
            Self::Date(date) => date.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => return Value::from_bytes(bytes),
        })
    }
}

fn uuid(text: &str) -> Option<(Identity, Form)> {
    let has_dashes = match (text.len(), text.as_bytes()) {
        (36, bytes) => {
            let mut dashes = [8, 13, 18, 23].iter();
            if !dashes.all(|at| bytes.get(*at) == Some(&b'-')) {
                return None;
            }
            true
        }
        (32, _) => false,
        _ => return None,
    };
    let digits = text.replace('-', "");
    if digits.len() != 32 || !is_hex(&digits) {
        return None;
    }
    let uuid = u128::from_str_radix(&digits, 16).ok()?;
    // 32 digits may be something else.
    let is_sure = has_dashes || is_rfc(uuid);
    let is_upper = text.contains(|c: char| c.is_ascii_uppercase());
    is_sure.then_some((
        Identity::Uuid(uuid),
        Form::Uuid {
            has_dashes,
            is_upper,
        },
    ))
}

fn uuid_of_bytes(bytes: &[u8]) -> Option<u128> {
    let uuid = u128::from_be_bytes(bytes.try_into().ok()?);
    is_rfc(uuid).then_some(uuid)
}

/// Whether its version and its variant are those of RFC 9562.
fn is_rfc(uuid: u128) -> bool {
    let version = (uuid >> 76) & 0xf;
    let variant = (uuid >> 62) & 0b11;
    (1..=8).contains(&version) && variant == 0b10
}

fn written_uuid(uuid: u128, has_dashes: bool) -> String {
    let mut text = format!("{uuid:032x}");
    if has_dashes {
        for at in [20, 16, 12, 8] {
            text.insert(at, '-');
        }
    }
    text
}

fn moment(text: &str) -> Option<(Identity, Form)> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let separator = rest.chars().next().filter(|c| [' ', 'T'].contains(c))?;
    let time = rest.get(1..)?;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, suffix) = time.split_at_checked(end)?;
    let digits = time
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let is_clock = time.len() >= 8 && time.bytes().filter(|byte| *byte == b':').count() == 2;
    let moment: DateTime = format!("{day}T{time}").parse().ok().filter(|_| is_clock)?;
    let form = Form::Moment {
        separator,
        digits,
        suffix: suffix.to_owned(),
    };
    Some((Identity::Moment(moment), form))
}

fn written_moment(moment: DateTime, separator: char, digits: usize) -> String {
    // As servers do, to the nearest.
    let half = 10_i64.pow(9 - u32::try_from(digits.min(9)).unwrap_or(0)) / 2;
    let rounded = moment.checked_add(SignedDuration::from_nanos(half));
    let moment = rounded.unwrap_or(moment);
    let nanos = format!("{:09}", moment.subsec_nanosecond());
    let fraction = match nanos.get(..digits.min(9)) {
        Some(digits) if !digits.is_empty() => format!(".{digits}"),
        _ => String::new(),
    };
    let clock = moment.strftime("%H:%M:%S");
    format!("{}{separator}{clock}{fraction}", moment.date())
}

fn date(text: &str) -> Option<(Identity, Form)> {
    let bytes = text.as_bytes();
    let is_date = bytes.len() == 10 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let date: Date = text.parse().ok().filter(|_| is_date)?;
    Some((Identity::Date(date), Form::Date))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A UUID of version 4, whose other digits are 0.
const FIRST_UUID: u128 = 0x0000_0000_0000_4000_8000_0000_0000_0000;

/// How many bytes a value has that isn't found by chance.
const DISTINCTIVE: usize = 8;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn like(written: &Value, other: &Value) -> Value {
        let other = Written::of(other).unwrap();
        Written::of(written).unwrap().like(&other.identity)
    }

    #[test]
    fn a_value_is_written_in_the_form_of_the_one_it_stands_for() {
        let text = |text: &str| Value::from(text);
        let uuid = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
        let plain = "6fa459eaee8a4ca4894edb77e160355e";
        let other = "00000000-0000-4000-8000-00000000000a";
        let bytes = Value::Bytes(
            0x6fa4_59ea_ee8a_4ca4_894e_db77_e160_355e_u128
                .to_be_bytes()
                .to_vec(),
        );
        for (written, with, expected) in [
            (
                text(plain),
                text(other),
                text("0000000000004000800000000000000a"),
            ),
            (
                text(&uuid.to_uppercase()),
                text(other),
                text(&other.to_uppercase()),
            ),
            (text(plain), bytes.clone(), text(plain)),
            (bytes.clone(), text(uuid), bytes),
            (
                text("2026-11-29 20:00:00"),
                text("2025-01-02 03:04:05.5"),
                text("2025-01-02 03:04:06"),
            ),
            (
                text("2026-11-29T20:00:00.123Z"),
                text("2025-01-02 03:04:05.6789"),
                text("2025-01-02T03:04:05.679Z"),
            ),
            (
                text("2026-11-29"),
                text("2025-01-02 03:04:05"),
                text("2025-01-02"),
            ),
            (
                text("2026-11-29 20:00:00.000000"),
                text("2025-01-02"),
                text("2025-01-02 00:00:00"),
            ),
            (Value::from(7_i64), Value::from(8_i64), Value::from(8_i64)),
            (text("7"), Value::from(8_i64), text("8")),
            (text("0000-00-00 00:00:00"), text("a"), text("a")),
        ] {
            assert_eq!(like(&written, &with), expected, "{written} {with}");
        }
    }
}
