//! Errors name the field that is wrong, and where it begins.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use mynah_classic::command::ComQuery;
use mynah_classic::connection::SslRequest;
use mynah_classic::response::{OkPacket, ProgressReport};
use mynah_classic::resultset::ColumnDefinition320;
use mynah_classic::value::{Value, ValueType};
use mynah_classic::{Capabilities, ColumnType};
use mynah_wire::{DecodeErrorKind, EncodeErrorKind, Message as _};

#[test]
fn an_unexpected_value_is_reported_at_the_byte_where_its_field_begins() {
    let unexpected = |found| DecodeErrorKind::Unexpected { found };
    let ok = OkPacket::from_payload(&Bytes::from_static(&[1, 0, 0]), Capabilities::PROTOCOL_41);
    let error = ok.unwrap_err();
    assert_eq!(
        (error.field, error.offset, error.kind),
        ("header", 0, unexpected(1))
    );
    // One attribute without types: command, two counts, bitmap, flag.
    let query = ComQuery::from_payload(
        &Bytes::from_static(&[3, 1, 1, 0, 0, b's']),
        Capabilities::QUERY_ATTRIBUTES,
    );
    let error = query.unwrap_err();
    assert_eq!(
        (error.field, error.offset, error.kind),
        ("new_params_bind_flag", 4, unexpected(0))
    );
    let time = ValueType::signed(ColumnType::TIME);
    let error = Value::from_binary(&[8, 2, 0, 0, 0, 0, 0, 0, 0], time).unwrap_err();
    assert_eq!(
        (error.field, error.offset, error.kind),
        ("is_negative", 1, unexpected(2))
    );
}

#[test]
fn a_number_of_three_bytes_says_how_large_it_may_be() {
    let too_large = EncodeErrorKind::OutOfRange {
        value: 1 << 24,
        max: (1 << 24) - 1,
    };
    let column = ColumnDefinition320 {
        column_length: 1 << 24,
        ..ColumnDefinition320::default()
    };
    let error = column.to_payload(Capabilities::empty()).unwrap_err();
    assert_eq!((error.field, &error.kind), ("column_length", &too_large));
    let report = ProgressReport {
        progress: 1 << 24,
        ..ProgressReport::default()
    };
    let error = report.to_payload(()).unwrap_err();
    assert_eq!((error.field, &error.kind), ("progress", &too_large));
    let request = SslRequest {
        capabilities: Capabilities::SSL,
        max_packet_size: 1 << 24,
        character_set: 0,
    };
    let error = request.to_payload(()).unwrap_err();
    assert_eq!((error.field, &error.kind), ("max_packet_size", &too_large));
}
