//! Converts the cells of rows from text to the X Protocol's form.

use bytes::BytesMut;
use mynah_classic::value::{Date, DateTime as Moment, Time as Span};
use mynah_x::field::{Cell, DateTime, Decimal, Set, Time};
use mynah_x::resultset::FieldType;

/// Appends a cell; says whether the text is a value of that type.
#[must_use]
pub(super) fn put_cell(w: &mut BytesMut, text: &[u8], field_type: FieldType) -> bool {
    let cell = match field_type {
        FieldType::Bytes => Some(Cell::Bytes(text)),
        FieldType::Enum => Some(Cell::Enum(text)),
        FieldType::Sint => number(text).map(Cell::Sint),
        FieldType::Uint => number(text).map(Cell::Uint),
        FieldType::Double => number(text).map(Cell::Double),
        FieldType::Float => number(text).map(Cell::Float),
        FieldType::Bit => bits(text).map(Cell::Bit),
        FieldType::Time => Span::from_text(text).and_then(time).map(Cell::Time),
        FieldType::Datetime => {
            let day = || Date::from_text(text).map(Moment::midnight);
            let moment = Moment::from_text(text).or_else(day);
            moment.map(|moment| Cell::DateTime(date_time(moment)))
        }
        FieldType::Decimal => return Decimal::put_text(w, text),
        FieldType::Set => {
            match text {
                b"" => Set::put(w, []),
                members => Set::put(w, members.split(|byte| *byte == b',')),
            }
            return true;
        }
        _ => return false,
    };
    match cell {
        Some(cell) => {
            cell.put(w);
            true
        }
        None => false,
    }
}

/// Parses a number. A fraction of zero is allowed for whole numbers.
fn number<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    let text = str::from_utf8(text).ok()?.trim();
    let whole = || {
        let (whole, fraction) = text.split_once('.')?;
        let is_zero = fraction.bytes().all(|digit| digit == b'0');
        whole.parse().ok().filter(|_| is_zero)
    };
    match text {
        "true" => "1".parse().ok(),
        "false" => "0".parse().ok(),
        text => text.parse().ok().or_else(whole),
    }
}

/// The bits of a BIT column, from the bytes that a server sends or from decimal digits.
fn bits(text: &[u8]) -> Option<u64> {
    if let Some(number) = number(text) {
        return Some(number);
    }
    if text.len() > 8 {
        return None;
    }
    Some(
        text.iter()
            .fold(0, |bits, byte| bits << 8 | u64::from(*byte)),
    )
}

fn time(span: Span) -> Option<Time> {
    Some(Time {
        negative: span.negative,
        hours: span.total_hours().try_into().ok()?,
        minutes: span.minutes.into(),
        seconds: span.seconds.into(),
        microseconds: span.microseconds,
    })
}

fn date_time(moment: Moment) -> DateTime {
    DateTime {
        year: moment.date.year.into(),
        month: moment.date.month.into(),
        day: moment.date.day.into(),
        hour: moment.hour.into(),
        minute: moment.minute.into(),
        second: moment.second.into(),
        microsecond: moment.microsecond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, field_type: FieldType) -> Option<Vec<u8>> {
        let mut w = BytesMut::new();
        put_cell(&mut w, text.as_bytes(), field_type).then(|| w.to_vec())
    }

    #[test]
    fn texts_become_what_a_server_sends() {
        for (text, field_type, bytes) in [
            ("-128", FieldType::Sint, &b"\xff\x01"[..]),
            ("1.0", FieldType::Sint, b"\x02"),
            ("true", FieldType::Sint, b"\x02"),
            ("65535", FieldType::Uint, b"\xff\xff\x03"),
            ("1.5", FieldType::Float, b"\0\0\xc0\x3f"),
            ("-12.40", FieldType::Decimal, b"\x02\x12\x40\xd0"),
            ("2024-02-29", FieldType::Datetime, b"\xe8\x0f\x02\x1d"),
            (
                "2024-02-29 12:34:56",
                FieldType::Datetime,
                b"\xe8\x0f\x02\x1d\x0c\x22\x38",
            ),
            ("-838:59:59", FieldType::Time, b"\x01\xc6\x06\x3b\x3b"),
            ("a,b", FieldType::Set, b"\x01a\x01b"),
            ("", FieldType::Set, b"\x01"),
            ("two", FieldType::Enum, b"two\0"),
            ("\u{1}", FieldType::Bit, b"\x01"),
            ("5", FieldType::Bit, b"\x05"),
        ] {
            assert_eq!(cell(text, field_type).as_deref(), Some(bytes), "{text}");
        }
        for (text, field_type) in [
            ("x", FieldType::Sint),
            ("-1", FieldType::Uint),
            ("1.5", FieldType::Sint),
            ("yesterday", FieldType::Datetime),
            ("1e5", FieldType::Decimal),
        ] {
            assert_eq!(cell(text, field_type), None, "{text}");
        }
    }
}
