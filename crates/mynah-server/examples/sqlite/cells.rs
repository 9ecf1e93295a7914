//! SQLite's values and MySQL's.

use mynah_server::{Cell, Column, ColumnType, Param, Value};
use rusqlite::types::{Value as Bound, ValueRef};

/// The type that a column of a result has for clients.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Integer,
    Double,
    Text,
    Date,
    Blob,
}

impl Kind {
    /// That of a declared type, by SQLite's rules; without one, that of a value.
    pub(crate) fn of(declared: Option<&str>, value: Option<ValueRef<'_>>) -> Self {
        let Some(declared) = declared else {
            return match value {
                Some(ValueRef::Integer(_)) => Self::Integer,
                Some(ValueRef::Real(_)) => Self::Double,
                Some(ValueRef::Blob(_)) => Self::Blob,
                Some(ValueRef::Text(text)) if is_day(text) => Self::Date,
                Some(ValueRef::Text(_) | ValueRef::Null) | None => Self::Text,
            };
        };
        let declared = declared.to_ascii_lowercase();
        let is_any = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        match () {
            () if is_any(&["int"]) => Self::Integer,
            () if is_any(&["real", "floa", "doub"]) => Self::Double,
            () if is_any(&["blob"]) => Self::Blob,
            () if declared == "date" => Self::Date,
            () => Self::Text,
        }
    }

    pub(crate) fn column(self, name: &str) -> Column {
        match self {
            Self::Integer => Column::integer(name),
            Self::Double => Column::double(name),
            Self::Text => Column::text(name),
            Self::Date => Column::of_type(name, ColumnType::DATE),
            Self::Blob => Column::blob(name),
        }
    }

    /// A value as one of this type: a column of SQLite may have values of other types than it declares.
    pub(crate) fn cell(self, value: Option<ValueRef<'_>>) -> Cell<'_> {
        let is_number = matches!(self, Self::Integer | Self::Double);
        match value {
            None | Some(ValueRef::Null) => Cell::NULL,
            Some(ValueRef::Integer(number)) => number.into(),
            Some(ValueRef::Real(number)) if matches!(self, Self::Integer) => {
                format!("{number:.0}").into()
            }
            Some(ValueRef::Real(number)) => number.into(),
            Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) if is_number => {
                let text = String::from_utf8_lossy(bytes);
                let is_right = match self {
                    Self::Integer => text.parse::<i64>().is_ok(),
                    _ => text.parse::<f64>().is_ok_and(f64::is_finite),
                };
                if is_right {
                    text.into_owned().into()
                } else {
                    0.into()
                }
            }
            Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes.into(),
        }
    }
}

/// Whether a text is a day as MySQL writes it.
fn is_day(text: &[u8]) -> bool {
    let is_right = |(at, byte): (usize, &u8)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.iter().enumerate().all(is_right)
}

/// What is bound to a placeholder.
pub(crate) fn bound(param: &Param) -> Bound {
    match param.value() {
        Value::Null => Bound::Null,
        Value::Int(number) => Bound::Integer(number),
        Value::UInt(number) => match i64::try_from(number) {
            Ok(number) => Bound::Integer(number),
            Err(_) => Bound::Text(number.to_string()),
        },
        Value::Float(number) => Bound::Real(number.into()),
        Value::Double(number) => Bound::Real(number),
        // A driver may send a text as a BLOB, and the other way round.
        Value::Bytes(bytes) => match str::from_utf8(bytes) {
            Ok(text) => Bound::Text(text.to_owned()),
            Err(_) => Bound::Blob(bytes.to_vec()),
        },
        other => {
            let text = other.to_text(0).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            // A day that a driver sends with a time.
            let day = text.strip_suffix(" 00:00:00").map(str::to_owned);
            Bound::Text(day.unwrap_or(text))
        }
    }
}
