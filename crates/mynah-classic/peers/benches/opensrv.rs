//! Writing rows of 10 columns, next to the value encoders of `opensrv-mysql`. It writes whole rows
//! only to a connection, so its rows here have no packet, no NULL bitmap and no header.

use std::hint::black_box;

use bytes::BytesMut;
use chrono::NaiveDate;
use criterion::{Criterion, criterion_group, criterion_main};
use mynah_classic::ColumnType;
use mynah_classic::resultset::BinaryRow;
use mynah_classic::value::{Date, DateTime, Decimal, Value, ValueType};
use opensrv_mysql::{Column, ColumnFlags, ColumnType as TheirType, ToMysqlValue};

const TYPES: [(ColumnType, TheirType); 10] = [
    (ColumnType::LONG, TheirType::MYSQL_TYPE_LONG),
    (ColumnType::LONGLONG, TheirType::MYSQL_TYPE_LONGLONG),
    (ColumnType::VAR_STRING, TheirType::MYSQL_TYPE_VAR_STRING),
    (ColumnType::VAR_STRING, TheirType::MYSQL_TYPE_VAR_STRING),
    (ColumnType::NEWDECIMAL, TheirType::MYSQL_TYPE_NEWDECIMAL),
    (ColumnType::DATETIME, TheirType::MYSQL_TYPE_DATETIME),
    (ColumnType::DOUBLE, TheirType::MYSQL_TYPE_DOUBLE),
    (ColumnType::VAR_STRING, TheirType::MYSQL_TYPE_VAR_STRING),
    (ColumnType::TINY, TheirType::MYSQL_TYPE_TINY),
    (ColumnType::BLOB, TheirType::MYSQL_TYPE_BLOB),
];

fn values() -> [Value<'static>; 10] {
    let date = Date {
        year: 2024,
        month: 2,
        day: 29,
    };
    [
        Value::Int(4711),
        Value::Int(-1_234_567_890_123),
        Value::Bytes(b"Ada Lovelace"),
        Value::Bytes(b"ada@analytical.example"),
        Value::Decimal(Decimal::new(b"12345.67").unwrap()),
        Value::DateTime(DateTime {
            date,
            hour: 12,
            minute: 34,
            second: 56,
            microsecond: 0,
        }),
        Value::Double(0.25),
        Value::Null,
        Value::Int(1),
        Value::Bytes(&[7; 64]),
    ]
}

fn rows(c: &mut Criterion) {
    let values = values();
    let types = TYPES.map(|(ours, _)| ValueType::signed(ours));
    let columns = TYPES.map(|(_, coltype)| Column {
        table: String::new(),
        column: "c".to_owned(),
        coltype,
        colflags: ColumnFlags::empty(),
    });
    let moment = NaiveDate::from_ymd_opt(2024, 2, 29)
        .and_then(|date| date.and_hms_opt(12, 34, 56))
        .unwrap();
    let blob = [7u8; 64];

    let mut group = c.benchmark_group("text row of 10, encode");
    let mut w = BytesMut::with_capacity(1 << 12);
    group.bench_function("mynah", |b| {
        b.iter(|| {
            w.clear();
            for value in black_box(&values) {
                value.put_text(&mut w, 0);
            }
        });
    });
    let mut w = Vec::with_capacity(1 << 12);
    group.bench_function("opensrv-mysql", |b| {
        b.iter(|| {
            w.clear();
            black_box(4711i32).to_mysql_text(&mut w).unwrap();
            black_box(-1_234_567_890_123i64).to_mysql_text(&mut w).unwrap();
            black_box("Ada Lovelace").to_mysql_text(&mut w).unwrap();
            black_box("ada@analytical.example").to_mysql_text(&mut w).unwrap();
            black_box("12345.67").to_mysql_text(&mut w).unwrap();
            black_box(moment).to_mysql_text(&mut w).unwrap();
            black_box(0.25f64).to_mysql_text(&mut w).unwrap();
            None::<u8>.to_mysql_text(&mut w).unwrap();
            black_box(1i8).to_mysql_text(&mut w).unwrap();
            black_box(&blob[..]).to_mysql_text(&mut w).unwrap();
        });
    });
    group.finish();

    let mut group = c.benchmark_group("binary row of 10, encode");
    let mut row = BytesMut::with_capacity(1 << 12);
    group.bench_function("mynah", |b| {
        b.iter(|| {
            row.clear();
            BinaryRow::put(&mut row, &types, black_box(&values).iter().copied()).unwrap();
        });
    });
    group.bench_function("opensrv-mysql, values", |b| {
        b.iter(|| {
            w.clear();
            let [c0, c1, c2, c3, c4, c5, c6, _, c8, c9] = &columns;
            black_box(4711i32).to_mysql_bin(&mut w, c0).unwrap();
            black_box(-1_234_567_890_123i64).to_mysql_bin(&mut w, c1).unwrap();
            black_box("Ada Lovelace").to_mysql_bin(&mut w, c2).unwrap();
            black_box("ada@analytical.example").to_mysql_bin(&mut w, c3).unwrap();
            black_box(b"12345.67".as_slice()).to_mysql_bin(&mut w, c4).unwrap_or(());
            black_box(moment).to_mysql_bin(&mut w, c5).unwrap();
            black_box(0.25f64).to_mysql_bin(&mut w, c6).unwrap();
            black_box(1i8).to_mysql_bin(&mut w, c8).unwrap();
            black_box(&blob[..]).to_mysql_bin(&mut w, c9).unwrap();
        });
    });
    group.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);
