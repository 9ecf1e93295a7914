//! Values of expressions.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::shape::Shape;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    /// From the least signed to the greatest unsigned of 64 bits.
    Integer(i128),
    Decimal(Decimal),
    Double(f64),
    /// A string; a date or a time, too.
    Text(String),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn flag(flag: bool) -> Self {
        Self::Integer(flag.into())
    }

    /// How long a text is, in bytes; other values are short.
    pub(super) fn text_len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 0,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// As a cell of a row.
    pub(super) fn to_cell(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Integer(number) => Some(number.to_string()),
            Self::Decimal(number) => Some(number.to_string()),
            Self::Double(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
        }
    }

    /// Whether a condition with this value holds; nothing for NULL.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => None,
            Self::Integer(number) => Some(*number != 0),
            Self::Decimal(number) => Some(!number.is_zero()),
            other => Some(other.to_double()? != 0.0),
        }
    }

    /// As an approximate number; nothing for NULL.
    pub(super) fn to_double(&self) -> Option<f64> {
        match self {
            Self::Null => None,
            Self::Double(number) => Some(*number),
            other => Some(leading_number(&other.to_cell()?)),
        }
    }

    /// As an exact number, if it is one.
    pub(super) fn to_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Integer(number) => Some(Decimal::integer(*number)),
            Self::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// How this compares with another; nothing if one is NULL. Texts compare in whatever case.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => None,
            (Self::Text(one), Self::Text(other)) => {
                Some(one.to_lowercase().cmp(&other.to_lowercase()))
            }
            _ => match (self.to_decimal(), other.to_decimal()) {
                (Some(one), Some(other)) => one.compare(other),
                _ => self.to_double()?.partial_cmp(&other.to_double()?),
            },
        }
    }
}

/// The number that a text starts with; 0 if it doesn't.
fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let is_part = |char: char| char.is_ascii_digit() || matches!(char, '+' | '-' | '.' | 'e' | 'E');
    let end = text.find(|char| !is_part(char)).unwrap_or(text.len());
    let lengths = (0..=end.min(LONGEST_NUMBER)).rev();
    let starts = lengths.filter_map(|length| text.get(..length));
    starts.flat_map(str::parse).next().unwrap_or(0.0)
}

/// A value and its column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Typed {
    pub(super) value: Value,
    pub(super) shape: Shape,
}

impl Typed {
    pub(super) fn new(value: Value, shape: Shape) -> Self {
        Self { value, shape }
    }

    pub(super) fn null() -> Self {
        Self::new(Value::Null, Shape::NULL)
    }

    /// A text of a statement, which is never NULL.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let characters = text.chars().count().try_into().unwrap_or(u32::MAX);
        Self::new(Value::Text(text), Shape::text(characters).never_null())
    }

    /// A truth value that is never NULL.
    pub(super) fn flag(flag: bool) -> Self {
        Self::new(Value::flag(flag), Shape::FLAG.never_null())
    }
}

/// A longer text isn't looked at for a number.
const LONGEST_NUMBER: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_as_in_servers() {
        let text = |text: &str| Value::text(text);
        assert_eq!(text("A").compare(&text("a")), Some(Ordering::Equal));
        assert_eq!(
            text("10").compare(&Value::Integer(9)),
            Some(Ordering::Greater)
        );
        assert_eq!(
            text("2x").compare(&Value::Integer(2)),
            Some(Ordering::Equal)
        );
        assert_eq!(text("x").compare(&Value::Integer(0)), Some(Ordering::Equal));
        assert_eq!(Value::Null.compare(&Value::Null), None);
        assert_eq!(text("0.0").truth(), Some(false));
        assert_eq!(Value::Double(1000.0).to_cell().as_deref(), Some("1000"));
    }
}
