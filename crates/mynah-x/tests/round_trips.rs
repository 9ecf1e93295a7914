//! All messages are read as they were written.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::{Bytes, BytesMut};
use mynah_testkit::check_json;
use mynah_x::compress::{Algorithm, Compressor, DecompressError, Decompressor};
use mynah_x::connection::Compression;
use mynah_x::crud::{
    Collection, Find, Insert, Limit, LimitExpr, Order, Projection, TypedRow, Update,
    UpdateOperation,
};
use mynah_x::datatypes::{Any, Array, Object, Scalar};
use mynah_x::expr::{
    self, ColumnIdentifier, DocumentPathItem, Expr, FunctionCall, Identifier, Operator,
};
use mynah_x::field::{Cell, DateTime, Decimal, Set, Time};
use mynah_x::prepare::{OneOfMessage, Prepare};
use mynah_x::resultset::{ColumnMetaData, FieldType, Row};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, Frame, FrameCodec, FrameError, MessageErrorKind, ServerMessage};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tokio_util::codec::{Decoder, Encoder};

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..20).prop_map(Bytes::from)
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        Just(Scalar::null()),
        any::<i64>().prop_map(Scalar::sint),
        any::<u64>().prop_map(Scalar::uint),
        any::<bool>().prop_map(Scalar::bool),
        (-1e300..1e300).prop_map(Scalar::double),
        bytes().prop_map(Scalar::string),
        bytes().prop_map(Scalar::octets),
    ]
}

fn value() -> impl Strategy<Value = Any> {
    let leaf = scalar().prop_map(Any::from);
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            vec(("[a-z]{0,5}", inner.clone()), 0..5)
                .prop_map(|fields| fields.into_iter().collect::<Object>().into()),
            vec(inner, 0..5).prop_map(|values| values.into_iter().collect::<Array>().into()),
        ]
    })
}

fn path() -> impl Strategy<Value = Vec<DocumentPathItem>> {
    let item = (1..6_i32, option::of("[a-z]{1,5}"), option::of(any::<u32>()));
    let item = item.prop_map(|(r#type, value, index)| DocumentPathItem {
        r#type,
        value,
        index,
    });
    vec(item, 0..4)
}

fn identifier() -> impl Strategy<Value = ColumnIdentifier> {
    (path(), option::of("[a-z]{1,5}"), option::of("[a-z]{1,5}")).prop_map(
        |(document_path, name, table_name)| ColumnIdentifier {
            document_path,
            name,
            table_name,
            schema_name: None,
        },
    )
}

fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        scalar().prop_map(|literal| Expr {
            r#type: 2,
            literal: Some(Box::new(literal)),
            ..Expr::default()
        }),
        identifier().prop_map(|identifier| Expr {
            r#type: 1,
            identifier: Some(Box::new(identifier)),
            ..Expr::default()
        }),
        any::<u32>().prop_map(|position| Expr {
            r#type: 6,
            position: Some(position),
            ..Expr::default()
        }),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            ("[a-z=&|]{1,4}", vec(inner.clone(), 0..4)).prop_map(|(name, param)| Expr {
                r#type: 5,
                operator: Some(Box::new(Operator { name, param })),
                ..Expr::default()
            }),
            ("[a-z]{1,4}", vec(inner.clone(), 0..4)).prop_map(|(name, param)| Expr {
                r#type: 4,
                function_call: Some(Box::new(FunctionCall {
                    name: Identifier {
                        name,
                        schema_name: None
                    },
                    param,
                })),
                ..Expr::default()
            }),
            vec(("[a-z]{0,4}", inner.clone()), 0..4).prop_map(|fields| Expr {
                r#type: 7,
                object: Some(expr::Object {
                    fld: fields
                        .into_iter()
                        .map(|(key, value)| expr::ObjectField { key, value })
                        .collect(),
                }),
                ..Expr::default()
            }),
            vec(inner, 0..4).prop_map(|value| Expr {
                r#type: 8,
                array: Some(expr::Array { value }),
                ..Expr::default()
            }),
        ]
    })
}

fn find() -> impl Strategy<Value = Find> {
    let parts = (
        "[a-z]{1,5}",
        option::of(1..3_i32),
        vec(expression(), 0..3),
        option::of(expression()),
        vec(scalar(), 0..3),
        option::of((any::<u64>(), option::of(any::<u64>()))),
    );
    parts.prop_map(
        |(name, data_model, expressions, criteria, args, limit)| Find {
            collection: Collection { name, schema: None },
            data_model,
            projection: expressions
                .iter()
                .map(|source| Projection {
                    source: source.clone(),
                    alias: None,
                })
                .collect(),
            order: expressions
                .iter()
                .map(|expr| Order {
                    expr: expr.clone(),
                    direction: Some(2),
                })
                .collect(),
            limit_expr: criteria.clone().map(|row_count| LimitExpr {
                row_count,
                offset: None,
            }),
            criteria,
            args,
            limit: limit.map(|(row_count, offset)| Limit { row_count, offset }),
            ..Find::default()
        },
    )
}

fn client_message() -> impl Strategy<Value = ClientMessage> {
    prop_oneof![
        (
            bytes(),
            vec(value(), 0..4),
            option::of("[a-z]{0,5}"),
            option::of(any::<bool>())
        )
            .prop_map(|(stmt, args, namespace, compact_metadata)| {
                StmtExecute {
                    stmt,
                    args,
                    namespace,
                    compact_metadata,
                }
                .into()
            }),
        find().prop_map(ClientMessage::from),
        (find(), any::<u32>()).prop_map(|(find, stmt_id)| Prepare {
            stmt_id,
            stmt: OneOfMessage {
                find: Some(Box::new(find)),
                ..OneOfMessage::default()
            },
        }
        .into()),
        (vec(expression(), 0..4), any::<bool>()).prop_map(|(fields, upsert)| Insert {
            row: fields
                .into_iter()
                .map(|field| TypedRow { field: vec![field] })
                .collect(),
            upsert: Some(upsert),
            ..Insert::default()
        }
        .into()),
        (identifier(), option::of(expression())).prop_map(|(source, value)| Update {
            operation: vec![UpdateOperation {
                source,
                operation: 3,
                value
            }],
            ..Update::default()
        }
        .into()),
    ]
}

fn column() -> impl Strategy<Value = ColumnMetaData> {
    let number = || option::of(any::<u32>());
    let names = (
        option::of(bytes()),
        option::of(bytes()),
        option::of(bytes()),
    );
    (
        1..19_i32,
        names,
        option::of(any::<u64>()),
        number(),
        number(),
        number(),
    )
        .prop_map(
            |(r#type, (name, table, catalog), collation, length, flags, content_type)| {
                ColumnMetaData {
                    r#type,
                    name,
                    table,
                    catalog,
                    collation,
                    length,
                    flags,
                    content_type,
                    ..ColumnMetaData::default()
                }
            },
        )
}

fn check_cell(cell: Cell<'_>, field_type: FieldType) {
    let mut w = BytesMut::new();
    cell.put(&mut w);
    assert_eq!(Cell::from_field(&w, field_type), Ok(cell));
    for cut in 0..w.len() {
        let _ = Cell::from_field(&w[..cut], field_type);
    }
}

proptest! {
    #[test]
    fn messages_of_clients_come_back(message in client_message()) {
        check_json(&message);
        let mut w = BytesMut::new();
        message.put(&mut w);
        let frame = FrameCodec::new(usize::MAX).decode(&mut w).unwrap().unwrap();
        prop_assert!(w.is_empty());
        prop_assert_eq!(ClientMessage::from_frame(&frame), Ok(message));
    }

    #[test]
    fn columns_and_rows_come_back(column in column(), field in vec(bytes(), 0..5)) {
        let (message, mut w) = (ServerMessage::from(column), BytesMut::new());
        message.put(&mut w);
        let row = ServerMessage::from(Row { field: field.clone() });
        check_json(&message);
        check_json(&row);
        row.put(&mut w);
        let mut codec = FrameCodec::new(usize::MAX);
        let frame = codec.decode(&mut w).unwrap().unwrap();
        prop_assert_eq!(ServerMessage::from_frame(&frame), Ok(message));
        let frame = codec.decode(&mut w).unwrap().unwrap();
        let mut by_field = BytesMut::new();
        field.iter().for_each(|cell| Row::put_field(&mut by_field, cell));
        prop_assert_eq!(&frame.payload, &by_field);
        prop_assert_eq!(ServerMessage::from_frame(&frame), Ok(row));
    }

    #[test]
    fn cells_come_back(int in any::<i64>(), uint in any::<u64>(), text in bytes(), double in any::<f64>()) {
        check_cell(Cell::Sint(int), FieldType::Sint);
        check_cell(Cell::Uint(uint), FieldType::Uint);
        check_cell(Cell::Bit(uint), FieldType::Bit);
        check_cell(Cell::Bytes(&text), FieldType::Bytes);
        check_cell(Cell::Enum(&text), FieldType::Enum);
        if !double.is_nan() {
            check_cell(Cell::Double(double), FieldType::Double);
            check_cell(Cell::Float(1.5), FieldType::Float);
        }
    }

    #[test]
    fn times_and_dates_come_back(n in any::<[u32; 7]>(), negative in any::<bool>()) {
        let [year, month, day, hour, minute, second, microsecond] = n;
        let moment = DateTime { year, month, day, hour, minute, second, microsecond };
        check_cell(Cell::DateTime(moment), FieldType::Datetime);
        let time = Time { negative, hours: hour, minutes: minute, seconds: second, microseconds: microsecond };
        check_cell(Cell::Time(time), FieldType::Time);
    }

    #[test]
    fn decimals_and_sets_come_back(text in "-?[0-9]{1,40}(\\.[0-9]{1,30})?", members in vec(bytes(), 0..5)) {
        let mut w = BytesMut::new();
        prop_assert!(Decimal::put_text(&mut w, text.as_bytes()));
        let Ok(Cell::Decimal(decimal)) = Cell::from_field(&w, FieldType::Decimal) else { panic!() };
        prop_assert_eq!(decimal.to_string(), text);
        check_cell(Cell::Decimal(decimal), FieldType::Decimal);

        let mut w = BytesMut::new();
        Set::put(&mut w, members.iter().map(|member| &member[..]));
        // One empty member is as short as an empty set, but differs from it.
        let Ok(Cell::Set(set)) = Cell::from_field(&w, FieldType::Set) else { panic!() };
        prop_assert_eq!(set.iter().collect::<Vec<_>>(), members);
    }

    #[test]
    fn frames_do_not_depend_on_where_the_stream_is_cut(
        payloads in vec((any::<u8>(), bytes()), 0..6),
        step in 1_usize..40,
    ) {
        let frame = |(message_type, payload)| Frame { message_type, payload };
        let frames: Vec<_> = payloads.into_iter().map(frame).collect();
        let (mut codec, mut wire) = (FrameCodec::new(1000), BytesMut::new());
        for frame in &frames {
            codec.encode(frame.clone(), &mut wire).unwrap();
        }
        let (mut src, mut seen) = (BytesMut::new(), Vec::new());
        for piece in wire.chunks(step) {
            src.extend_from_slice(piece);
            while let Some(frame) = codec.decode(&mut src).unwrap() {
                seen.push(frame);
            }
        }
        prop_assert_eq!(seen, frames);
    }

    #[test]
    fn compressed_frames_come_back(pieces in vec(vec(any::<u8>(), 0..3000), 1..5), repeat in 1_usize..20) {
        for algorithm in Algorithm::ALL {
            let mut there = Compressor::new(algorithm, algorithm.levels().1).unwrap();
            let mut back = Decompressor::new(algorithm).unwrap();
            for piece in &pieces {
                let plain = piece.repeat(repeat);
                let message = there.server_message(&plain).unwrap();
                if algorithm == Algorithm::Zstd {
                    // For clients that inflate each message separately.
                    let size = zstd::zstd_safe::get_frame_content_size(&message.payload).unwrap();
                    prop_assert_eq!(size, Some(plain.len() as u64));
                    let alone = zstd::bulk::decompress(&message.payload, plain.len()).unwrap();
                    prop_assert_eq!(&alone, &plain);
                }
                prop_assert_eq!(back.frames(&message, plain.len()).unwrap(), plain);
            }
        }
    }
}

#[test]
fn messages_may_be_pieces_of_one_zstd_stream() {
    use std::io::Write;
    let mut stream = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    let mut back = Decompressor::new(Algorithm::Zstd).unwrap();
    for plain in [&b"one"[..], &[7; 100_000], b"", b"three"] {
        stream.write_all(plain).unwrap();
        stream.flush().unwrap();
        let message = Compression {
            uncompressed_size: Some(plain.len() as u64),
            payload: std::mem::take(stream.get_mut()).into(),
            ..Compression::default()
        };
        assert_eq!(back.frames(&message, 1 << 20).unwrap(), plain);
    }
}

#[test]
fn bytes_after_compressed_frames_belong_to_the_next_message() {
    let behind = [&b"\x01"[..], b"\x01\x02\x03\x04\x05", b"\xfa\x7f\x02ab"];
    for algorithm in Algorithm::ALL {
        // Deflate has no end of a frame, so extra bytes are an invalid next block.
        let is_accepted = match algorithm {
            Algorithm::Deflate => [true, false, false],
            _ => [true; 3],
        };
        for (behind, is_accepted) in behind.into_iter().zip(is_accepted) {
            let mut there = Compressor::new(algorithm, algorithm.levels().1).unwrap();
            let mut back = Decompressor::new(algorithm).unwrap();
            let mut message = there.client_message(b"\x01\0\0\0\x18").unwrap();
            message.payload = [&message.payload, behind].concat().into();
            let frames = back.frames(&message, 1 << 20);
            assert_eq!(frames.is_ok(), is_accepted, "{algorithm:?} {behind:x?}");
            let next = there.client_message(b"\x01\0\0\0\x18").unwrap();
            let next = back.frames(&next, 1 << 20);
            assert!(next.is_err(), "{algorithm:?} {behind:x?}");
        }
    }
}

#[test]
fn a_zstd_stream_with_a_large_window_is_refused() {
    use std::io::Write;
    let mut stream = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    stream.window_log(27).unwrap();
    stream.write_all(b"six").unwrap();
    stream.flush().unwrap();
    let message = Compression {
        uncompressed_size: Some(3),
        payload: std::mem::take(stream.get_mut()).into(),
        ..Compression::default()
    };
    let mut back = Decompressor::new(Algorithm::Zstd).unwrap();
    let refused = back.frames(&message, 1 << 20);
    assert!(
        matches!(refused, Err(DecompressError::Inflate(_))),
        "{refused:?}"
    );
}

#[test]
fn a_frame_longer_than_allowed_is_refused_at_its_header() {
    let mut codec = FrameCodec::new(100);
    let mut src = BytesMut::from(&b"\x65\0\0\0\x01"[..]);
    let refused = codec.decode(&mut src);
    assert!(matches!(
        refused,
        Err(FrameError::TooLarge {
            len: 101,
            limit: 100
        })
    ));
    let mut src = BytesMut::from(&b"\0\0\0\0"[..]);
    assert!(matches!(codec.decode(&mut src), Err(FrameError::Empty)));
}

#[test]
fn a_message_without_a_required_field_is_refused() {
    for (message_type, payload, number) in [
        (12, &b""[..], 1),
        (12, b"\x0a\x01x\x12\x00", 1), // an argument without a type
        (17, b"\x12\x00", 1),          // a collection without a name
        (1, b"", 0),                   // nothing is needed
        (24, b"\x12\x02\x12\x00", 1),  // a condition without a key
        (2, b"\x0a\x06\x0a\x04\x0a\x02ab", 2), // a capability without a value
    ] {
        let frame = Frame {
            message_type,
            payload: Bytes::from_static(payload),
        };
        match ClientMessage::from_frame(&frame) {
            Err(error) => assert!(
                matches!(error.kind, MessageErrorKind::Missing { number: n, .. } if n == number),
                "{error}"
            ),
            Ok(message) => assert_eq!(number, 0, "{message:?}"),
        }
    }
}

#[test]
fn nested_messages_are_read_to_a_depth() {
    let nested = |depth: usize| {
        let mut payload = b"\x08\x01\x12\x02\x08\x03".to_vec();
        for _ in 0..depth {
            // An Any that is an array of the previous one.
            let mut array = vec![0x0a];
            prost::encoding::encode_varint(payload.len() as u64, &mut array);
            array.extend(payload);
            let mut any = vec![0x08, 3, 0x22];
            prost::encoding::encode_varint(array.len() as u64, &mut any);
            any.extend(array);
            payload = any;
        }
        let mut message = b"\x0a\x01x\x12".to_vec();
        prost::encoding::encode_varint(payload.len() as u64, &mut message);
        message.extend(payload);
        ClientMessage::from_frame(&Frame {
            message_type: 12,
            payload: message.into(),
        })
    };
    assert!(nested(40).is_ok());
    assert!(matches!(nested(60), Err(error) if error.to_string().contains("deep")));
}

#[test]
fn a_message_that_inflates_to_more_than_stated_or_allowed_is_refused() {
    for algorithm in Algorithm::ALL {
        let plain = vec![7; 100_000];
        let message = || {
            Compressor::new(algorithm, 3)
                .unwrap()
                .server_message(&plain)
                .unwrap()
        };
        let read = |message, limit| {
            Decompressor::new(algorithm)
                .unwrap()
                .frames(&message, limit)
        };
        assert!(matches!(
            read(message(), 99_999),
            Err(DecompressError::TooLarge {
                said: 100_000,
                limit: 99_999
            })
        ));
        for said in [10, 99_999, 100_001] {
            let mut message = message();
            message.uncompressed_size = Some(said);
            assert!(
                matches!(read(message, 1 << 20), Err(DecompressError::Length { .. })),
                "{algorithm:?} {said}"
            );
        }
        let mut message = message();
        message.uncompressed_size = None;
        assert!(matches!(
            read(message, 1 << 20),
            Err(DecompressError::NoSize)
        ));
    }
}
