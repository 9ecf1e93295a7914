//! Messages of results are read as they were written, under any capabilities; fields that can't be
//! written are refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah_classic::response::{
    BinlogEvent, LocalInfileData, LocalInfileRequest, ProgressReport, StatisticsResponse,
    StmtPrepareOk,
};
use mynah_classic::resultset::{
    ColumnCount, ColumnDefinition41, ColumnDefinition320, ExtendedMetadata, FieldListColumn,
    MetadataFollows,
};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType};
use mynah_testkit::{Checked, check};
use mynah_wire::{EncodeErrorKind, Message};
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..60).prop_map(Bytes::from)
}

fn capabilities() -> impl Strategy<Value = Capabilities> {
    any::<u64>().prop_map(Capabilities::from_bits_retain)
}

fn comes_back<M: Checked>(message: &M, cx: M::Context) {
    check(&message.to_payload(cx).unwrap(), cx, message);
}

/// `value` if one of these is shared, or else the value that is read where none is.
fn follows(shared: Capabilities, said_under: Capabilities, value: u8) -> MetadataFollows {
    match shared.intersects(said_under) {
        true => MetadataFollows(value),
        false => MetadataFollows::FULL,
    }
}

proptest! {
    #[test]
    fn messages_of_one_string_come_back(string in bytes()) {
        comes_back(&BinlogEvent { event: string.clone() }, ());
        comes_back(&LocalInfileData { data: string.clone() }, ());
        comes_back(&LocalInfileRequest { filename: string.clone() }, ());
        comes_back(&StatisticsResponse { statistics: string }, ());
    }

    #[test]
    fn progress_reports_come_back(
        stage: u8,
        max_stage: u8,
        progress in 0..1_u32 << 24,
        progress_info in bytes(),
    ) {
        comes_back(&ProgressReport { stage, max_stage, progress, progress_info }, ());
    }

    #[test]
    fn counts_come_back(
        shared in capabilities(),
        numbers: (u32, u16, u16, u16),
        column_count: u64,
        value: u8,
    ) {
        let optional = Capabilities::OPTIONAL_RESULTSET_METADATA;
        let either = optional | Capabilities::MARIADB_CACHE_METADATA;
        let metadata_follows = follows(shared, either, value);
        comes_back(&ColumnCount { column_count, metadata_follows }, shared);
        let (statement_id, num_columns, num_params, warning_count) = numbers;
        let ok = StmtPrepareOk {
            statement_id,
            num_columns,
            num_params,
            warning_count,
            metadata_follows: follows(shared, optional, value),
        };
        comes_back(&ok, shared);
    }

    #[test]
    fn columns_come_back(
        shared in capabilities(),
        entries in vec((any::<u8>(), bytes()), 0..3),
        default_values in prop::option::of(bytes()),
        (table, name) in (bytes(), bytes()),
        column_length in 0..1_u32 << 24,
        (column_type, flags, decimals) in any::<(u8, u16, u8)>(),
    ) {
        let mut extended_metadata = ExtendedMetadata::default();
        if shared.contains(Capabilities::MARIADB_EXTENDED_METADATA) {
            let entries = entries.iter().map(|(kind, value)| (*kind, &value[..]));
            extended_metadata = ExtendedMetadata::new(entries);
        }
        let definition = ColumnDefinition41 { extended_metadata, ..ColumnDefinition41::default() };
        comes_back(&definition, shared);
        comes_back(&FieldListColumn { definition, default_values: default_values.clone() }, shared);
        let long_flags = shared.contains(Capabilities::LONG_FLAG);
        let flags = if long_flags { flags } else { flags & 0xff };
        let definition = ColumnDefinition320 {
            table,
            name,
            column_length,
            column_type: ColumnType(column_type),
            flags: ColumnFlags::from_bits_retain(flags),
            decimals,
        };
        comes_back(&definition, shared);
        comes_back(&FieldListColumn { definition, default_values }, shared);
    }

    #[test]
    fn extended_metadata_is_found_by_its_kind(kind: u8, value in bytes()) {
        let metadata = ExtendedMetadata::new([(kind, &value[..])]);
        prop_assert_eq!(metadata.find(kind), Some(value));
        prop_assert_eq!(metadata.find(kind.wrapping_add(1)), None);
    }
}

#[test]
fn fields_that_cannot_be_written_are_refused() {
    fn refused<M: Message>(message: &M, cx: M::Context) -> &'static str {
        let error = message.to_payload(cx).unwrap_err();
        let is_number = ["column_length", "progress"].contains(&error.field);
        let is_too_large = matches!(error.kind, EncodeErrorKind::OutOfRange { .. });
        assert_eq!(is_too_large, is_number, "{error}");
        assert_eq!(
            error.kind == EncodeErrorKind::NoPlace,
            !is_number,
            "{error}"
        );
        error.field
    }
    let shared = Capabilities::PROTOCOL_41;
    let count = ColumnCount {
        column_count: 1,
        metadata_follows: MetadataFollows::NONE,
    };
    assert_eq!(refused(&count, shared), "metadata_follows");
    let extended = ColumnDefinition41 {
        extended_metadata: ExtendedMetadata::new([(ExtendedMetadata::FORMAT, &b"json"[..])]),
        ..ColumnDefinition41::default()
    };
    assert_eq!(refused(&extended, shared), "extended_metadata");
    let long = ColumnDefinition320 {
        column_length: 1 << 24,
        ..ColumnDefinition320::default()
    };
    assert_eq!(refused(&long, shared), "column_length");
    let flags = ColumnDefinition320 {
        flags: ColumnFlags::SET,
        ..ColumnDefinition320::default()
    };
    assert_eq!(refused(&flags, shared), "flags");
    let report = ProgressReport {
        progress: 1 << 24,
        ..ProgressReport::default()
    };
    assert_eq!(refused(&report, ()), "progress");
}
