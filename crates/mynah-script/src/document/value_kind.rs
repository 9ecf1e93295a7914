//! What kind of value a cell is, where that decides the type of its column.

use super::cell::encoded;
use super::{Document, Kind, SqlType};

/// What the values of a column have in common. Up to `Text`, one that is behind another can hold it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ValueKind {
    Null,
    Boolean,
    Whole,
    Negative,
    /// Beyond the signed integers of 64 bits.
    Large,
    Float,
    Text,
    Moment,
    Bytes,
    Json,
}

impl ValueKind {
    /// The kind of a value, and how many characters it has as text, where that matters.
    pub(super) fn of<D: Document>(
        doc: &mut D,
        value: &D::Value,
    ) -> Result<(Self, usize), D::Error> {
        let found = match doc.kind(value) {
            Kind::Undefined | Kind::Null => Self::Null,
            Kind::Array => Self::Json,
            Kind::Object if doc.bytes(value).is_some() => Self::Bytes,
            Kind::Object if doc.moment(value).is_some() => Self::Moment,
            Kind::Object if encoded(doc, value)?.is_some() => Self::Bytes,
            Kind::Object => Self::Json,
            kind => {
                return doc.text(value, |text| {
                    let text = String::from_utf8_lossy(text);
                    let found = match kind {
                        Kind::Boolean => Self::Boolean,
                        Kind::Number => Self::of_number(&text),
                        _ => Self::Text,
                    };
                    (found, text.chars().count())
                });
            }
        };
        Ok((found, 0))
    }

    fn of_number(text: &str) -> Self {
        if let Ok(number) = text.parse::<i64>() {
            return match number {
                0.. => Self::Whole,
                _ => Self::Negative,
            };
        }
        match (text.parse::<u64>(), text.parse::<f64>()) {
            (Ok(_), _) => Self::Large,
            (_, Ok(number)) if number.is_finite() => Self::Float,
            _ => Self::Text,
        }
    }

    /// What holds both, if anything does.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let (less, more) = (self.min(other), self.max(other));
        match (less, more) {
            (Self::Negative, Self::Large) => Some(Self::Float),
            _ if less == more || less == Self::Null || more <= Self::Text => Some(more),
            _ => None,
        }
    }

    /// Whether a column of this kind can hold a value, too.
    pub(super) fn holds<D: Document>(
        self,
        doc: &mut D,
        value: &D::Value,
    ) -> Result<bool, D::Error> {
        let (found, _) = Self::of(doc, value)?;
        Ok(self.and(found) == Some(self))
    }

    /// The same with room for values that aren't known yet.
    pub(super) fn with_room(self) -> Self {
        match self {
            Self::Null => Self::Text,
            Self::Whole => Self::Negative,
            other => other,
        }
    }

    /// The type of a column whose texts have at most so many characters.
    pub(super) fn sql_type(self, chars: usize) -> Option<SqlType> {
        SqlType::read(&match self {
            Self::Boolean => "BOOLEAN".to_owned(),
            Self::Whole | Self::Negative => "BIGINT".to_owned(),
            Self::Large => "BIGINT UNSIGNED".to_owned(),
            Self::Float => "DOUBLE".to_owned(),
            Self::Moment => "DATETIME(3)".to_owned(),
            Self::Bytes => "LONGBLOB".to_owned(),
            Self::Json => "JSON".to_owned(),
            Self::Null | Self::Text if chars <= LONGEST_VARCHAR => format!("VARCHAR({chars})"),
            Self::Null | Self::Text => "LONGTEXT".to_owned(),
        })
    }
}

/// In characters of four bytes, the longest VARCHAR that a table can have.
const LONGEST_VARCHAR: usize = 16_383;
