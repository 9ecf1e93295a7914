use mynah_expect::{Number, Value};

use super::identity::Identity;
use super::{moment, uuid};

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
            Value::Bytes(bytes) => Some(match uuid::of_bytes(bytes) {
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
        let known = Self::uuid(text)
            .or_else(|| Self::moment(text))
            .or_else(|| Self::date(text));
        let number = || {
            let number = Number::parse(text).filter(|number| number.to_string() == text)?;
            Some(Self {
                identity: Identity::Number(number),
                form: Form::Plain,
            })
        };
        known.or_else(number).unwrap_or_else(|| Self {
            identity: Identity::Text(text.to_owned()),
            form: Form::Plain,
        })
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
                let text = uuid::text(*uuid, *has_dashes);
                if *is_upper { text.to_uppercase() } else { text }
            }
            (
                Form::Moment {
                    separator,
                    digits,
                    suffix,
                },
                Identity::Moment(moment),
            ) => format!("{}{suffix}", moment::text(*moment, *separator, *digits)),
            (Form::Moment { separator, .. }, Identity::Date(date)) => {
                format!("{date}{separator}00:00:00")
            }
            (Form::Date, Identity::Moment(moment)) => moment.date().to_string(),
            (Form::Number, Identity::Number(number)) => return Value::Number(number.clone()),
            (_, other) => return other.plain(),
        };
        Value::Text(text)
    }

    fn uuid(text: &str) -> Option<Self> {
        let uuid = uuid::of_text(text)?;
        Some(Self {
            identity: Identity::Uuid(uuid.number),
            form: Form::Uuid {
                has_dashes: uuid.has_dashes,
                is_upper: uuid.is_upper,
            },
        })
    }

    fn moment(text: &str) -> Option<Self> {
        let read = moment::of_text(text)?;
        Some(Self {
            identity: Identity::Moment(read.moment),
            form: Form::Moment {
                separator: read.separator,
                digits: read.digits,
                suffix: read.suffix.to_owned(),
            },
        })
    }

    fn date(text: &str) -> Option<Self> {
        let date = moment::date(text)?;
        Some(Self {
            identity: Identity::Date(date),
            form: Form::Date,
        })
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
}

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
