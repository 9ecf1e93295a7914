//! Values and rows compared with `mysql_common`: each reads what the other wrote.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::Arc;

use bytes::BytesMut;
use mynah_classic::resultset::{BinaryRow, TextRow};
use mynah_classic::value::{Date, DateTime, Time, Value, ValueType};
use mynah_classic::{ColumnType, value};
use mysql_common::Value as Peer;
use mysql_common::constants::{ColumnFlags as PeerFlags, ColumnType as PeerType};
use mysql_common::io::ParseBuf;
use mysql_common::packets::Column;
use mysql_common::proto::{Binary, MySerialize, Text};
use mysql_common::row::{Row, RowDeserializer};
use mysql_common::value::ServerSide;
use proptest::collection::vec;
use proptest::prelude::*;

/// A value with the type of a column that has it. The caller owns strings and numbers.
#[derive(Clone, Debug)]
enum Owned {
    Null,
    Int(ColumnType, i64),
    UInt(ColumnType, u64),
    Float(f32),
    Double(f64),
    Bytes(ColumnType, Vec<u8>),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
}

impl Owned {
    fn value_type(&self) -> ValueType {
        match *self {
            Self::Null => ValueType::signed(ColumnType::VAR_STRING),
            Self::Int(column_type, _) => ValueType::signed(column_type),
            Self::UInt(column_type, _) => ValueType::unsigned(column_type),
            Self::Float(_) => ValueType::signed(ColumnType::FLOAT),
            Self::Double(_) => ValueType::signed(ColumnType::DOUBLE),
            Self::Bytes(column_type, _) => ValueType::signed(column_type),
            Self::Date(_) => ValueType::signed(ColumnType::DATE),
            Self::DateTime(_) => ValueType::signed(ColumnType::DATETIME),
            Self::Time(_) => ValueType::signed(ColumnType::TIME),
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(_, value) => Value::Int(*value),
            Self::UInt(_, value) => Value::UInt(*value),
            Self::Float(value) => Value::Float(*value),
            Self::Double(value) => Value::Double(*value),
            Self::Bytes(_, value) => Value::Bytes(value),
            Self::Date(value) => Value::Date(*value),
            Self::DateTime(value) => Value::DateTime(*value),
            Self::Time(value) => Value::Time(*value),
        }
    }

    fn peer(&self) -> Peer {
        match self {
            Self::Null => Peer::NULL,
            Self::Int(_, value) => Peer::Int(*value),
            Self::UInt(_, value) => Peer::UInt(*value),
            Self::Float(value) => Peer::Float(*value),
            Self::Double(value) => Peer::Double(*value),
            Self::Bytes(_, value) => Peer::Bytes(value.clone()),
            Self::Date(date) => Peer::Date(date.year, date.month, date.day, 0, 0, 0, 0),
            Self::DateTime(at) => {
                let Date { year, month, day } = at.date;
                Peer::Date(
                    year,
                    month,
                    day,
                    at.hour,
                    at.minute,
                    at.second,
                    at.microsecond,
                )
            }
            Self::Time(t) => Peer::Time(
                t.negative,
                t.days,
                t.hours,
                t.minutes,
                t.seconds,
                t.microseconds,
            ),
        }
    }
}

prop_compose! {
    fn date()(year in 0..10_000_u16, month in 0..13_u8, day in 0..32_u8) -> Date {
        Date { year, month, day }
    }
}

/// 0 in half of all cases.
fn fraction() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), 0..1_000_000_u32]
}

prop_compose! {
    fn date_time()(
        date in date(),
        (hour, minute, second) in prop_oneof![Just((0, 0, 0)), (0..24_u8, 0..60_u8, 0..60_u8)],
        microsecond in fraction(),
    ) -> DateTime {
        DateTime { date, hour, minute, second, microsecond }
    }
}

prop_compose! {
    fn time()(
        negative: bool,
        days in prop_oneof![Just(0), 0..40_u32],
        (hours, minutes, seconds) in prop_oneof![Just((0, 0, 0)), (0..24_u8, 0..60_u8, 0..60_u8)],
        microseconds in fraction(),
    ) -> Time {
        let time = Time { negative: false, days, hours, minutes, seconds, microseconds };
        // `mysql_common` drops the sign of a span of zero.
        Time { negative: negative && time != Time::ZERO, ..time }
    }
}

fn value() -> impl Strategy<Value = Owned> {
    let strings = prop_oneof![
        Just(ColumnType::VAR_STRING),
        Just(ColumnType::STRING),
        Just(ColumnType::BLOB),
        Just(ColumnType::JSON),
        Just(ColumnType::GEOMETRY),
        Just(ColumnType::ENUM),
        Just(ColumnType::VECTOR),
    ];
    prop_oneof![
        Just(Owned::Null),
        any::<i8>().prop_map(|value| Owned::Int(ColumnType::TINY, value.into())),
        any::<u8>().prop_map(|value| Owned::UInt(ColumnType::TINY, value.into())),
        any::<i16>().prop_map(|value| Owned::Int(ColumnType::SHORT, value.into())),
        any::<u16>().prop_map(|value| Owned::UInt(ColumnType::YEAR, value.into())),
        any::<i32>().prop_map(|value| Owned::Int(ColumnType::LONG, value.into())),
        any::<u32>().prop_map(|value| Owned::UInt(ColumnType::LONG, value.into())),
        any::<i32>().prop_map(|value| Owned::Int(ColumnType::INT24, value.into())),
        any::<i64>().prop_map(|value| Owned::Int(ColumnType::LONGLONG, value)),
        any::<u64>().prop_map(|value| Owned::UInt(ColumnType::LONGLONG, value)),
        any::<f32>().prop_map(Owned::Float),
        any::<f64>().prop_map(Owned::Double),
        (strings, vec(any::<u8>(), 0..300)).prop_map(|(kind, value)| Owned::Bytes(kind, value)),
        date().prop_map(Owned::Date),
        date_time().prop_map(Owned::DateTime),
        time().prop_map(Owned::Time),
    ]
}

fn peer_columns(types: &[ValueType]) -> Arc<[Column]> {
    let column = |value_type: &ValueType| {
        let flags = match value_type.unsigned {
            true => PeerFlags::UNSIGNED_FLAG,
            false => PeerFlags::empty(),
        };
        let column_type = PeerType::try_from(value_type.column_type.0).unwrap();
        Column::new(column_type).with_flags(flags)
    };
    types.iter().map(column).collect()
}

proptest! {
    #[test]
    fn binary_rows_written_here_are_read_there(row in vec(value(), 0..20)) {
        let types: Vec<_> = row.iter().map(Owned::value_type).collect();
        let written = BinaryRow::new(&types, row.iter().map(Owned::value)).unwrap();
        let mut buf = ParseBuf(written.as_bytes());
        let columns = peer_columns(&types);
        let read: Row = buf.parse::<RowDeserializer<ServerSide, Binary>>(columns).unwrap().into();
        prop_assert!(buf.is_empty());
        // `mysql_common` returns signed integers where they fit.
        let signed = |peer| match peer {
            Peer::UInt(value) => i64::try_from(value).map_or(Peer::UInt(value), Peer::Int),
            peer => peer,
        };
        let read: Vec<_> = read.unwrap().into_iter().map(signed).collect();
        prop_assert_eq!(read, row.iter().map(Owned::peer).map(signed).collect::<Vec<_>>());
        let again: Result<Vec<_>, _> = written.values(&types).unwrap().collect();
        prop_assert_eq!(again.unwrap(), row.iter().map(Owned::value).collect::<Vec<_>>());
    }

    #[test]
    fn text_rows_written_here_are_read_there(row in vec(value(), 0..20)) {
        let types: Vec<_> = row.iter().map(Owned::value_type).collect();
        let mut written = BytesMut::new();
        for value in &row {
            value.value().put_text(&mut written, 31);
        }
        let written = TextRow::from_bytes(written.freeze());
        let mut buf = ParseBuf(written.as_bytes());
        let columns = peer_columns(&types);
        let read: Row = buf.parse::<RowDeserializer<ServerSide, Text>>(columns).unwrap().into();
        prop_assert!(buf.is_empty());
        let cells: Result<Vec<_>, _> = written.cells().collect();
        let cells = cells.unwrap();
        for ((peer, cell), owned) in read.unwrap().into_iter().zip(cells).zip(&row) {
            let as_peer = cell.map_or(Peer::NULL, |cell| Peer::Bytes(cell.to_vec()));
            prop_assert_eq!(&peer, &as_peer);
            let text = owned.value().to_text(31);
            prop_assert_eq!(text.as_deref(), cell);
            prop_assert_eq!(Value::from_text(cell, owned.value_type()), Ok(owned.value()));
            // `mysql_common` writes SQL literals, which are quoted, while rows aren't.
            if let Owned::Int(..) | Owned::UInt(..) | Owned::Date(_) | Owned::DateTime(_) | Owned::Time(_) = owned {
                let literal = owned.peer().as_sql(true);
                let text = String::from_utf8(cell.unwrap().to_vec()).unwrap();
                let literal = literal.trim_matches('\'');
                let same = literal == text || literal.strip_suffix(" 00:00:00") == Some(&text)
                    || matches!(owned, Owned::DateTime(_)) && text.strip_suffix(" 00:00:00") == Some(literal)
                    || matches!(owned, Owned::Time(_));
                prop_assert!(same, "{} and {}", literal, text);
            }
        }
    }

    #[test]
    fn values_written_there_are_read_here(owned in value()) {
        let mut written = Vec::new();
        owned.peer().serialize(&mut written);
        // All integers of `mysql_common` have eight bytes.
        let value_type = match &owned {
            Owned::Null => return Ok(()),
            Owned::Int(..) => ValueType::signed(ColumnType::LONGLONG),
            Owned::UInt(..) => ValueType::unsigned(ColumnType::LONGLONG),
            _ => owned.value_type(),
        };
        prop_assert_eq!(Value::from_binary(&written, value_type), Ok(owned.value()));
        let mut again = BytesMut::new();
        owned.value().put_binary(&mut again, value_type).unwrap();
        prop_assert_eq!(&again[..], &written[..]);
    }

    #[test]
    fn dates_and_times_come_back_from_text(at in date_time(), time in time()) {
        let mut w = BytesMut::new();
        at.put_text(&mut w, 6);
        prop_assert_eq!(DateTime::from_text(&w), Some(at));
        w.clear();
        time.put_text(&mut w, 6);
        prop_assert_eq!(Time::from_text(&w), Some(time));
        prop_assert_eq!(DateTime::from_text(at.to_string().as_bytes()), Some(at));
        prop_assert_eq!(Time::from_text(time.to_string().as_bytes()), Some(time));
        prop_assert_eq!(Date::from_text(at.date.to_string().as_bytes()), Some(at.date));
    }
}

#[test]
fn values_are_converted_where_they_can_be() {
    use value::ValueError;

    let text = |text: &'static str| Value::Bytes(text.as_bytes());
    assert_eq!(text("-7").as_i64(), Ok(-7));
    assert_eq!(text("18446744073709551615").as_u64(), Ok(u64::MAX));
    assert_eq!(text("1e3").as_f64(), Ok(1000.0));
    assert_eq!(
        text("nan").as_f64(),
        Err(ValueError::Malformed { wanted: "f64" })
    );
    assert_eq!(
        text("x").as_i64(),
        Err(ValueError::Malformed { wanted: "i64" })
    );
    assert_eq!(
        Value::UInt(u64::MAX).as_i64(),
        Err(ValueError::OutOfRange { wanted: "i64" })
    );
    assert_eq!(
        Value::Int(-1).as_u64(),
        Err(ValueError::OutOfRange { wanted: "u64" })
    );
    assert_eq!(
        Value::Null.as_i64(),
        Err(ValueError::Null { wanted: "i64" })
    );
    assert_eq!(
        Value::Float(0.5).as_i64(),
        Err(ValueError::WrongKind { wanted: "i64" })
    );
    assert_eq!(Value::Float(0.5).as_f64(), Ok(0.5));
    assert_eq!(Value::Bit(value::Bit(&[1, 0])).as_u64(), Ok(256));
    let decimal =
        |text: &'static str| Value::Decimal(value::Decimal::new(text.as_bytes()).unwrap());
    assert_eq!(decimal("-12.00").as_i64(), Ok(-12));
    for zero in ["0", "-0", ".0", "-.00", "-0.0"] {
        assert_eq!(decimal(zero).as_i64(), Ok(0), "{zero}");
        assert_eq!(decimal(zero).as_u64(), Ok(0), "{zero}");
    }
    assert!(decimal(".5").as_u64().is_err());
    assert_eq!(
        decimal("-12.50").as_i64(),
        Err(ValueError::OutOfRange { wanted: "i64" })
    );
    assert_eq!(decimal("-12.50").as_f64(), Ok(-12.5));
    assert_eq!(decimal("-12.50").as_str(), Ok("-12.50"));
    assert_eq!(
        Value::Bytes(b"\xff").as_str(),
        Err(ValueError::Malformed { wanted: "str" })
    );
    assert_eq!(
        text("2024-02-29").as_date().unwrap().to_string(),
        "2024-02-29"
    );
    assert_eq!(
        text("2024-02-29 01:02:03.5")
            .as_date_time()
            .unwrap()
            .microsecond,
        500_000
    );
    for (value, date, date_time) in [
        (
            text("x"),
            ValueError::Malformed { wanted: "date" },
            ValueError::Malformed {
                wanted: "date and time",
            },
        ),
        (
            Value::Int(1),
            ValueError::WrongKind { wanted: "date" },
            ValueError::WrongKind {
                wanted: "date and time",
            },
        ),
        (
            Value::Null,
            ValueError::Null { wanted: "date" },
            ValueError::Null {
                wanted: "date and time",
            },
        ),
    ] {
        assert_eq!(value.as_date(), Err(date));
        assert_eq!(value.as_date_time(), Err(date_time));
    }
    assert_eq!(text("-838:59:59").as_time().unwrap().total_hours(), 838);
    let numbers: Vec<_> = Value::Bytes(&[0, 0, 0x80, 0x3f])
        .as_vector()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(numbers, [1.0]);
    assert_eq!(
        Value::Bytes(&[1]).as_vector(),
        Err(ValueError::Malformed { wanted: "vector" })
    );
}

#[test]
fn a_value_that_does_not_fit_its_type_is_refused() {
    use value::ValueError;

    let mut w = BytesMut::new();
    let mut put = |value: Value<'_>, column_type, unsigned| {
        let value_type = ValueType {
            column_type,
            unsigned,
        };
        value.put_binary(&mut w, value_type)
    };
    let misfit = |column_type| Err(ValueError::DoesNotFit { column_type });
    let (tiny, long, string) = (ColumnType::TINY, ColumnType::LONG, ColumnType::VAR_STRING);
    assert_eq!(put(Value::Int(-128), tiny, false), Ok(()));
    assert_eq!(put(Value::Int(-129), tiny, false), misfit(tiny));
    assert_eq!(put(Value::UInt(128), tiny, false), misfit(tiny));
    assert_eq!(put(Value::Int(-1), tiny, true), misfit(tiny));
    assert_eq!(put(Value::UInt(255), tiny, true), Ok(()));
    assert_eq!(put(Value::Bytes(b"1"), long, false), misfit(long));
    assert_eq!(put(Value::Int(1), string, false), misfit(string));
    let inner = ColumnType::TYPED_ARRAY;
    assert_eq!(put(Value::Int(1), inner, false), misfit(inner));
    let types = [ValueType::signed(long)];
    let count =
        |values: &[Value<'static>]| BinaryRow::new(&types, values.iter().copied()).unwrap_err();
    assert_eq!(
        count(&[]),
        ValueError::Count {
            values: 0,
            types: 1
        }
    );
    assert_eq!(
        count(&[Value::Null; 5]),
        ValueError::Count {
            values: 2,
            types: 1
        }
    );
}
