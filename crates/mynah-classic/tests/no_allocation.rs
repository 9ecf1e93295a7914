//! Rows are read and written without allocating.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use allocation_counter::measure;
use bytes::BytesMut;
use mynah_classic::ColumnType;
use mynah_classic::resultset::{BinaryRow, TextRow};
use mynah_classic::value::{Date, Decimal, Time, Value, ValueType};

const TYPES: [ColumnType; 8] = [
    ColumnType::LONGLONG,
    ColumnType::VAR_STRING,
    ColumnType::NEWDECIMAL,
    ColumnType::DOUBLE,
    ColumnType::DATE,
    ColumnType::TIME,
    ColumnType::BLOB,
    ColumnType::TINY,
];

fn values() -> [Value<'static>; 8] {
    [
        Value::Int(i64::MIN),
        Value::Bytes("Ångström".as_bytes()),
        Value::Decimal(Decimal::new(b"-12.50").unwrap()),
        Value::Double(0.1),
        Value::Date(Date::from_text(b"2024-02-29").unwrap()),
        Value::Time(Time::from_text(b"-838:59:59.000001").unwrap()),
        Value::Bytes(&[0xff; 3000]),
        Value::Null,
    ]
}

#[test]
fn reading_a_row_allocates_nothing() {
    let types = TYPES.map(ValueType::signed);
    let binary = BinaryRow::new(&types, values()).unwrap();
    let mut text = BytesMut::new();
    for value in values() {
        value.put_text(&mut text, 31);
    }
    let text = TextRow::from_bytes(text.freeze());
    let allocations = measure(|| {
        for (value, want) in binary.values(&types).unwrap().zip(values()) {
            assert_eq!(value, Ok(want));
        }
        for ((cell, value_type), want) in text.cells().zip(types).zip(values()) {
            assert_eq!(Value::from_text(cell.unwrap(), value_type), Ok(want));
        }
    });
    assert_eq!(allocations.count_total, 0);
}

#[test]
fn writing_a_row_into_a_buffer_with_room_allocates_nothing() {
    let types = TYPES.map(ValueType::signed);
    let mut w = BytesMut::with_capacity(1 << 16);
    let allocations = measure(|| {
        BinaryRow::put(&mut w, &types, values()).unwrap();
        for value in values() {
            value.put_text(&mut w, 6);
        }
        TextRow::put_cell(&mut w, Some(&[7; 300]));
    });
    assert_eq!(allocations.count_total, 0);
}
