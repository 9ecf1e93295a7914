use std::borrow::Cow;

use mynah_classic::value::Value;
use mynah_x::field::{Cell, DateTime, Time};
use mynah_x::resultset::{ColumnFlags, ColumnMetaData, DateTimeContentType};

/// A cell as text; `None` for NULL, and for bytes that aren't UTF-8.
pub(super) fn text<'a>(cell: Cell<'a>, column: &ColumnMetaData) -> Option<Cow<'a, str>> {
    let owned = match cell {
        Cell::Null => return None,
        Cell::Bytes(bytes) | Cell::Enum(bytes) => {
            return str::from_utf8(bytes).ok().map(Into::into);
        }
        Cell::Sint(number) => number.to_string(),
        Cell::Bit(number) => number.to_string(),
        Cell::Uint(number) if is_zero_filled(column) => {
            let width = usize::try_from(column.length.unwrap_or_default()).unwrap_or_default();
            format!("{number:0width$}")
        }
        Cell::Uint(number) => number.to_string(),
        Cell::Double(number) => return float(Value::Double(number)),
        Cell::Float(number) => return float(Value::Float(number)),
        Cell::Decimal(decimal) => decimal.to_string(),
        Cell::Set(set) => {
            let members: Vec<_> = set.iter().collect();
            String::from_utf8(members.join(&b',')).ok()?
        }
        Cell::Time(time) => {
            let whole = Time {
                microseconds: 0,
                ..time
            };
            let digits = fraction(time.microseconds, column, TIME_LENGTH);
            format!("{whole}{digits}")
        }
        Cell::DateTime(DateTime {
            year, month, day, ..
        }) if column.content_type == Some(DateTimeContentType::Date as u32) => {
            format!("{year:04}-{month:02}-{day:02}")
        }
        Cell::DateTime(moment) => {
            let whole = DateTime {
                microsecond: 0,
                ..moment
            };
            let digits = fraction(moment.microsecond, column, DATETIME_LENGTH);
            format!("{whole}{digits}")
        }
    };
    Some(owned.into())
}

fn is_zero_filled(column: &ColumnMetaData) -> bool {
    let flags = ColumnFlags::from_bits_retain(column.flags.unwrap_or_default());
    flags.contains(ColumnFlags::TYPE_SPECIFIC)
}

/// A floating-point number in the fewest digits that read back as the same number.
fn float<'a>(value: Value<'_>) -> Option<Cow<'a, str>> {
    let text = value.to_text(0)?;
    String::from_utf8(text.into()).ok().map(Into::into)
}

/// The fraction of a second, with its point, in as many digits as the column's values have, which show in the column's
/// length.
fn fraction(microseconds: u32, column: &ColumnMetaData, without: u32) -> String {
    let length = column.length.unwrap_or_default();
    let digits = match length.saturating_sub(without + 1) {
        0 if microseconds == 0 => return String::new(),
        // A column whose length says nothing.
        0 => 6,
        digits => usize::try_from(digits.min(6)).unwrap_or(6),
    };
    let mut text = format!(".{microseconds:06}");
    text.truncate(1 + digits);
    text
}

/// The length of a TIME or DATETIME column whose values have no fraction.
const TIME_LENGTH: u32 = 10;
const DATETIME_LENGTH: u32 = 19;
