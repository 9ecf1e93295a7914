//! Reading and writing the most frequent messages, next to `mysql_common` where it has the same.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark may panic"
)]

use std::hint::black_box;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mynah_classic::response::OkPacket;
use mynah_classic::resultset::{
    BinaryRow, Cells, ColumnDefinition41, ColumnNames, NameParts, TextRow,
};
use mynah_classic::value::{Date, DateTime, Value, ValueType};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};
use mynah_wire::Message;
use mysql_common::constants::CapabilityFlags;
use mysql_common::io::ParseBuf;
use mysql_common::packets::{Column, CommonOkPacket, OkPacketDeserializer};
use mysql_common::proto::{Binary, MySerialize, Text};
use mysql_common::row::{Row, RowDeserializer};
use mysql_common::value::ServerSide;

const SHARED: Capabilities = Capabilities::PROTOCOL_41
    .union(Capabilities::SESSION_TRACK)
    .union(Capabilities::DEPRECATE_EOF);

const PEER: CapabilityFlags = CapabilityFlags::CLIENT_PROTOCOL_41
    .union(CapabilityFlags::CLIENT_SESSION_TRACK)
    .union(CapabilityFlags::CLIENT_DEPRECATE_EOF);

const TYPES: [ColumnType; 10] = [
    ColumnType::LONG,
    ColumnType::LONGLONG,
    ColumnType::VAR_STRING,
    ColumnType::VAR_STRING,
    ColumnType::NEWDECIMAL,
    ColumnType::DATETIME,
    ColumnType::DOUBLE,
    ColumnType::VAR_STRING,
    ColumnType::TINY,
    ColumnType::BLOB,
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
        Value::Decimal(mynah_classic::value::Decimal::new(b"12345.67").unwrap()),
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

fn text_row() -> Bytes {
    let mut row = BytesMut::new();
    for value in values() {
        value.put_text(&mut row, 0);
    }
    row.freeze()
}

fn types() -> Vec<ValueType> {
    TYPES.map(ValueType::signed).to_vec()
}

fn definition(index: usize) -> ColumnDefinition41 {
    let name = format!("column_{index}");
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            schema: b"inventory",
            table: b"p",
            org_table: b"products",
            name: name.as_bytes(),
            org_name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: 255,
        column_length: 1024,
        column_type: TYPES[index % TYPES.len()],
        flags: ColumnFlags::NOT_NULL,
        ..ColumnDefinition41::default()
    }
}

fn peer_columns() -> Arc<[Column]> {
    let column = |index| {
        let payload = definition(index).to_payload(SHARED).unwrap();
        ParseBuf(&payload).parse::<Column>(()).unwrap()
    };
    (0..TYPES.len()).map(column).collect()
}

fn ok(c: &mut Criterion) {
    let message = OkPacket {
        affected_rows: 1,
        last_insert_id: 70_000,
        status_flags: StatusFlags::AUTOCOMMIT,
        ..OkPacket::default()
    };
    let payload = message.to_payload(SHARED).unwrap();
    let mut group = c.benchmark_group("ok, decode");
    group.bench_function("mynah", |b| {
        b.iter(|| OkPacket::from_payload(black_box(&payload), SHARED).unwrap());
    });
    group.bench_function("mysql_common", |b| {
        b.iter(|| {
            let mut buf = ParseBuf(black_box(&payload));
            let ok = OkPacketDeserializer::<CommonOkPacket>::deserialize_in(&mut buf);
            black_box(ok.into_inner().affected_rows())
        });
    });
    group.finish();
    let mut group = c.benchmark_group("ok, encode");
    let mut w = BytesMut::with_capacity(1 << 16);
    group.bench_function("mynah", |b| {
        b.iter(|| {
            w.clear();
            black_box(&message).encode(&mut w, SHARED).unwrap();
            black_box(w.len())
        });
    });
    group.finish();
}

/// Saves the closures above the type's long name.
trait DeserializeIn<'de>: Sized {
    fn deserialize_in(buf: &mut ParseBuf<'de>) -> Self;
}

impl<'de> DeserializeIn<'de> for OkPacketDeserializer<'de, CommonOkPacket> {
    fn deserialize_in(buf: &mut ParseBuf<'de>) -> Self {
        buf.parse(PEER).unwrap()
    }
}

fn columns(c: &mut Criterion) {
    let definitions: Vec<_> = (0..1000).map(definition).collect();
    let payloads: Vec<_> = definitions
        .iter()
        .map(|d| d.to_payload(SHARED).unwrap())
        .collect();
    let peers: Vec<Column> = payloads
        .iter()
        .map(|payload| ParseBuf(payload).parse(()).unwrap())
        .collect();
    let mut group = c.benchmark_group("1,000 column definitions, decode");
    group.throughput(Throughput::Elements(1000));
    group.bench_function("mynah", |b| {
        b.iter(|| {
            for payload in &payloads {
                black_box(ColumnDefinition41::from_payload(payload, SHARED).unwrap());
            }
        });
    });
    group.bench_function("mysql_common", |b| {
        b.iter(|| {
            for payload in &payloads {
                black_box(ParseBuf(payload).parse::<Column>(()).unwrap());
            }
        });
    });
    group.finish();
    let mut group = c.benchmark_group("1,000 column definitions, encode");
    group.throughput(Throughput::Elements(1000));
    let mut w = BytesMut::with_capacity(1 << 20);
    group.bench_function("mynah", |b| {
        b.iter(|| {
            w.clear();
            for definition in &definitions {
                definition.encode(&mut w, SHARED).unwrap();
            }
            black_box(w.len())
        });
    });
    let mut w = Vec::with_capacity(1 << 20);
    group.bench_function("mysql_common", |b| {
        b.iter(|| {
            w.clear();
            for peer in &peers {
                peer.serialize(&mut w);
            }
            black_box(w.len())
        });
    });
    group.finish();
}

fn text_rows(c: &mut Criterion) {
    let (payload, columns) = (text_row(), peer_columns());
    let mut group = c.benchmark_group("text row of 10 columns, decode");
    group.bench_function("mynah", |b| {
        b.iter(|| {
            for cell in Cells::new(black_box(&payload)) {
                black_box(cell.unwrap());
            }
        });
    });
    group.bench_function("mysql_common", |b| {
        b.iter(|| {
            let mut buf = ParseBuf(black_box(&payload));
            let row = buf.parse::<RowDeserializer<ServerSide, Text>>(columns.clone());
            black_box(Row::from(row.unwrap()))
        });
    });
    group.finish();
    let row = TextRow::from_bytes(payload);
    let cells: Vec<_> = row.cells().map(Result::unwrap).collect();
    let mut w = BytesMut::with_capacity(1 << 16);
    let mut group = c.benchmark_group("text row of 10 columns, encode");
    group.bench_function("mynah, cells", |b| {
        b.iter(|| {
            w.clear();
            for cell in black_box(&cells) {
                TextRow::put_cell(&mut w, *cell);
            }
            black_box(w.len())
        });
    });
    let values = values();
    group.bench_function("mynah, values", |b| {
        b.iter(|| {
            w.clear();
            for value in black_box(&values) {
                value.put_text(&mut w, 0);
            }
            black_box(w.len())
        });
    });
    group.finish();
}

fn binary_rows(c: &mut Criterion) {
    let (types, columns) = (types(), peer_columns());
    let row = BinaryRow::new(&types, values()).unwrap();
    let payload = row.as_bytes().clone();
    let mut group = c.benchmark_group("binary row of 10 columns, decode");
    group.bench_function("mynah", |b| {
        b.iter(|| {
            for value in black_box(&row).values(&types).unwrap() {
                black_box(value.unwrap());
            }
        });
    });
    group.bench_function("mysql_common", |b| {
        b.iter(|| {
            let mut buf = ParseBuf(black_box(&payload));
            let row = buf.parse::<RowDeserializer<ServerSide, Binary>>(columns.clone());
            black_box(Row::from(row.unwrap()))
        });
    });
    group.finish();
    let values = values();
    let mut w = BytesMut::with_capacity(1 << 16);
    let mut group = c.benchmark_group("binary row of 10 columns, encode");
    group.bench_function("mynah", |b| {
        b.iter(|| {
            w.clear();
            BinaryRow::put(&mut w, &types, black_box(&values).iter().copied()).unwrap();
            black_box(w.len())
        });
    });
    // `mysql_common` has values but no row type: header and bitmap are missing, and all integers
    // have eight bytes.
    let mut buf = ParseBuf(&payload);
    let peer = buf
        .parse::<RowDeserializer<ServerSide, Binary>>(columns)
        .unwrap();
    let peer = Row::from(peer).unwrap();
    let mut w = Vec::with_capacity(1 << 16);
    group.bench_function("mysql_common, values", |b| {
        b.iter(|| {
            w.clear();
            for value in black_box(&peer) {
                value.serialize(&mut w);
            }
            black_box(w.len())
        });
    });
    group.finish();
}

criterion_group!(benches, ok, columns, text_rows, binary_rows);
criterion_main!(benches);
