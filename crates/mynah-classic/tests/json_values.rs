//! The form of values in JSON.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use mynah_classic::ColumnType;
use mynah_classic::value::{Bit, Date, DateTime, Decimal, Time, Value, ValueType, Vector};
use mynah_testkit::check_json;
use serde_json::json;

#[test]
fn values_are_written_as_they_are_shown_in_sql() {
    let date = Date {
        year: 2024,
        month: 2,
        day: 29,
    };
    let time = Time {
        negative: true,
        days: 34,
        hours: 22,
        minutes: 59,
        seconds: 59,
        microseconds: 5,
    };
    for (value, want) in [
        (Value::Null, json!(null)),
        (Value::Int(-7), json!(-7)),
        (Value::UInt(u64::MAX), json!(u64::MAX)),
        (Value::Float(f32::NAN), json!("NaN")),
        (Value::Double(1.5), json!(1.5)),
        (Value::Double(f64::NEG_INFINITY), json!("-inf")),
        (
            Value::Decimal(Decimal::new(b"-12.50").unwrap()),
            json!("-12.50"),
        ),
        (Value::Bit(Bit(&[1, 0])), json!(256)),
        (
            Value::Bit(Bit(&[1; 9])),
            json!({"hex": "010101010101010101"}),
        ),
        (Value::Date(date), json!("2024-02-29")),
        (Value::DateTime(date.into()), json!("2024-02-29 00:00:00")),
        (Value::Time(time), json!("-838:59:59.000005")),
        (Value::Bytes(b"seven"), json!("seven")),
        (Value::Bytes(b"\xff"), json!({"hex": "ff"})),
    ] {
        assert_eq!(serde_json::to_value(value).unwrap(), want, "{value:?}");
    }
    // Single-precision numbers have their own, shorter digits.
    assert_eq!(serde_json::to_string(&Value::Float(0.1)).unwrap(), "0.1");
    let vector = Vector::new(&[0, 0, 0xc0, 0x3f]).unwrap();
    assert_eq!(serde_json::to_value(vector).unwrap(), json!([1.5]));

    let json = serde_json::to_value(date).unwrap();
    assert_eq!(json, json!({"year": 2024, "month": 2, "day": 29}));
    check_json(&date);
    check_json(&DateTime {
        hour: 255,
        ..date.into()
    });
    check_json(&Time { hours: 255, ..time });
    let value_type = ValueType::unsigned(ColumnType::TINY);
    let json = serde_json::to_value(value_type).unwrap();
    assert_eq!(json, json!({"column_type": "TINY", "unsigned": true}));
    check_json(&value_type);
}
