//! Values of rows as cells of a recording.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::{Bytes, BytesMut};
use mynah_classic::resultset::{BinaryRow, ColumnDefinition41, TextRow};
use mynah_classic::value::{Bit, Date, DateTime, Decimal, Time, Value, ValueType};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_recording::{Cell, Cells};
use mynah_wire::Message as _;
use proptest::prelude::*;

const UTF8: u16 = 255;
const BINARY: u16 = 63;

fn column(column_type: ColumnType, character_set: u16, decimals: u8) -> ColumnDefinition41 {
    ColumnDefinition41 {
        column_type,
        character_set,
        decimals,
        ..ColumnDefinition41::default()
    }
}

fn utf8(text: &[u8], _collation: u16) -> Option<String> {
    String::from_utf8(text.to_vec()).ok()
}

/// The cell of a value that comes as text, and of one that comes as binary.
fn both(value: Value<'_>, column: &ColumnDefinition41) -> [Cell; 2] {
    let cells = Cells::of([column]);
    let mut text = BytesMut::new();
    value.put_text(&mut text, column.decimals);
    let text = cells.text_row(&text.freeze(), &utf8).unwrap();
    let binary = BinaryRow::new(&[ValueType::from(column)], [value]).unwrap();
    let mut payload = BytesMut::new();
    binary.encode(&mut payload, ()).unwrap();
    let binary = cells.binary_row(&payload.freeze(), &utf8).unwrap();
    [text, binary].map(|mut row| row.pop().unwrap())
}

fn value_is_the_same(value: Value<'_>, column: &ColumnDefinition41) -> Cell {
    let [text, binary] = both(value, column);
    assert_eq!(text, binary, "{value:?}");
    text
}

#[test]
fn a_cell_is_readable_where_it_is_text_and_bytes_elsewhere() {
    let text = |text: &str| Cell::Text(text.to_owned());
    let bytes = |bytes: &'static [u8]| Cell::Bytes(Bytes::from_static(bytes));
    let day = Date {
        year: 2026,
        month: 11,
        day: 29,
    };
    for (value, column, cell) in [
        (Value::Null, column(ColumnType::LONG, BINARY, 0), Cell::Null),
        (
            Value::Bytes("é".as_bytes()),
            column(ColumnType::VAR_STRING, UTF8, 0),
            text("é"),
        ),
        (
            Value::Bytes(b"a\xff"),
            column(ColumnType::VAR_STRING, UTF8, 0),
            bytes(b"a\xff"),
        ),
        (
            Value::Bytes(b"a\x00b"),
            column(ColumnType::BLOB, BINARY, 0),
            bytes(b"a\x00b"),
        ),
        (
            Value::Bytes(b"plain"),
            column(ColumnType::BLOB, BINARY, 0),
            text("plain"),
        ),
        (
            Value::Bytes(b"[1, 2]"),
            column(ColumnType::JSON, BINARY, 0),
            text("[1, 2]"),
        ),
        (
            Value::Bytes(b"ABC"),
            column(ColumnType::GEOMETRY, BINARY, 0),
            bytes(b"ABC"),
        ),
        (
            Value::Bit(Bit(b"A")),
            column(ColumnType::BIT, BINARY, 0),
            bytes(b"A"),
        ),
        (
            Value::Decimal(Decimal::new(b"-12.340").unwrap()),
            column(ColumnType::NEWDECIMAL, BINARY, 3),
            text("-12.340"),
        ),
        (
            Value::Date(day),
            column(ColumnType::DATE, BINARY, 0),
            text("2026-11-29"),
        ),
        (
            Value::DateTime(DateTime::from_text(b"2026-11-29 00:00:00").unwrap()),
            column(ColumnType::DATETIME, BINARY, 6),
            text("2026-11-29 00:00:00.000000"),
        ),
        (
            Value::Time(Time::from_text(b"-838:59:59.5").unwrap()),
            column(ColumnType::TIME, BINARY, 3),
            text("-838:59:59.500"),
        ),
        (
            Value::Double(1.5),
            column(ColumnType::DOUBLE, BINARY, 31),
            text("1.5"),
        ),
    ] {
        assert_eq!(value_is_the_same(value, &column), cell);
    }
}

#[test]
fn a_number_that_text_shows_with_more_digits_has_them_in_binary_too() {
    let zero_filled = ColumnDefinition41 {
        flags: ColumnFlags::ZEROFILL | ColumnFlags::UNSIGNED,
        column_length: 5,
        ..column(ColumnType::LONG, BINARY, 0)
    };
    for (value, column, said) in [
        (Value::UInt(42), zero_filled, "00042"),
        (
            Value::UInt(0),
            ColumnDefinition41 {
                flags: ColumnFlags::UNSIGNED,
                ..column(ColumnType::YEAR, BINARY, 0)
            },
            "0000",
        ),
        (
            Value::Double(1.5),
            column(ColumnType::DOUBLE, BINARY, 3),
            "1.500",
        ),
        (
            Value::Double(1e20),
            column(ColumnType::DOUBLE, BINARY, 31),
            "1e20",
        ),
        (
            Value::Double(1e15),
            column(ColumnType::DOUBLE, BINARY, 31),
            "1e15",
        ),
    ] {
        let [_, binary] = both(value, &column);
        let text = TextRow::new([Some(said.as_bytes())]);
        let text = Cells::of([&column])
            .text_row(text.as_bytes(), &utf8)
            .unwrap();
        assert_eq!(vec![binary], text);
        assert_eq!(text, [Cell::Text(said.to_owned())]);
    }
}

#[test]
fn a_text_of_another_character_set_is_text_and_one_that_is_not_known_stays_bytes() {
    let latin1 = |text: &[u8], collation: u16| {
        (collation == 8).then(|| text.iter().copied().map(char::from).collect())
    };
    for (collation, cell) in [
        (8, Cell::Text("é".to_owned())),
        (4, Cell::Bytes(Bytes::from_static(b"\xe9"))),
    ] {
        let cells = Cells::of([&column(ColumnType::VAR_STRING, collation, 0)]);
        let row = TextRow::new([Some(&b"\xe9"[..])]);
        assert_eq!(cells.text_row(row.as_bytes(), &latin1).unwrap(), [cell]);
    }
}

#[test]
fn a_row_that_is_none_is_an_error() {
    let cells = Cells::of([&column(ColumnType::LONG, BINARY, 0)]);
    assert!(
        cells
            .text_row(&Bytes::from_static(b"\x05ab"), &utf8)
            .is_err()
    );
    assert!(
        cells
            .binary_row(&Bytes::from_static(b"\x00\x00\x01"), &utf8)
            .is_err()
    );
}

proptest! {
    #[test]
    fn integers_are_the_same_as_text_and_binary(signed: i64, unsigned: u64) {
        let bigint = column(ColumnType::LONGLONG, BINARY, 0);
        value_is_the_same(Value::Int(signed), &bigint);
        let bigint = ColumnDefinition41 { flags: ColumnFlags::UNSIGNED, ..bigint };
        value_is_the_same(Value::UInt(unsigned), &bigint);
    }

    #[test]
    fn floating_point_numbers_keep_their_value(
        single in any::<f32>().prop_filter("finite", |number| number.is_finite()),
        double in any::<f64>().prop_filter("finite", |number| number.is_finite()),
    ) {
        let [_, Cell::Text(binary)] = both(Value::Double(double), &column(ColumnType::DOUBLE, BINARY, 31)) else {
            panic!();
        };
        prop_assert_eq!(binary.parse::<f64>().unwrap(), double);
        let [_, Cell::Text(binary)] = both(Value::Float(single), &column(ColumnType::FLOAT, BINARY, 31)) else {
            panic!();
        };
        prop_assert_eq!(binary.parse::<f32>().unwrap(), single);
    }

    #[test]
    fn texts_and_bytes_are_the_same_as_text_and_binary(bytes: Vec<u8>, text: String) {
        let blob = column(ColumnType::BLOB, BINARY, 0);
        let cell = value_is_the_same(Value::Bytes(&bytes), &blob);
        prop_assert_eq!(cell.bytes(), Some(&bytes[..]));
        let varchar = column(ColumnType::VAR_STRING, UTF8, 0);
        let cell = value_is_the_same(Value::Bytes(text.as_bytes()), &varchar);
        prop_assert_eq!(cell.bytes(), Some(text.as_bytes()));
    }

    #[test]
    fn moments_are_the_same_as_text_and_binary(
        (year, month, day) in (0..=9999_u16, 0..=12_u8, 0..=31_u8),
        (hour, minute, second) in (0..=23_u8, 0..=59_u8, 0..=59_u8),
        micros in 0..1_000_000_u32,
        decimals in 0..=6_u8,
    ) {
        let unit = 10_u32.pow(u32::from(6 - decimals));
        let text = format!(
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{:06}",
            micros / unit * unit
        );
        let moment = DateTime::from_text(text.as_bytes()).unwrap();
        value_is_the_same(Value::DateTime(moment), &column(ColumnType::DATETIME, BINARY, decimals));
    }
}
