//! Responses and column definitions compared with `mysql_common`: each reads what the other wrote.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah_classic::response::{
    ErrPacket, LocalInfileRequest, OkPacket, ProgressReport, SessionStateChange,
    SessionStateChanges, SqlState, StmtPrepareOk,
};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, MetadataFollows, NameParts};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};
use mynah_wire::Message;
use mysql_common::constants::{CapabilityFlags, ColumnFlags as PeerFlags, ColumnType as PeerType};
use mysql_common::io::ParseBuf;
use mysql_common::packets::{
    self, Column, CommonOkPacket, LocalInfilePacket, OkPacketDeserializer, StmtPacket,
};
use mysql_common::proto::MySerialize;
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..300).prop_map(Bytes::from)
}

fn peer(shared: Capabilities) -> CapabilityFlags {
    CapabilityFlags::from_bits_truncate(shared.standard())
}

fn column_type() -> impl Strategy<Value = ColumnType> {
    // `mysql_common` doesn't know the types that are used inside the server only.
    let known = |kind: &&ColumnType| PeerType::try_from(kind.0).is_ok();
    let types: Vec<_> = ColumnType::ALL.iter().filter(known).copied().collect();
    prop::sample::select(types)
}

proptest! {
    #[test]
    fn ok_packets_are_read_there(
        affected_rows: u64,
        last_insert_id: u64,
        warnings: u16,
        info in bytes(),
        schema in "[a-z]{0,20}",
        tracked: bool,
    ) {
        let mut shared = Capabilities::PROTOCOL_41 | Capabilities::DEPRECATE_EOF;
        let mut status_flags = StatusFlags::AUTOCOMMIT;
        let mut session_state_changes = SessionStateChanges::default();
        if tracked {
            shared |= Capabilities::SESSION_TRACK;
            status_flags |= StatusFlags::SESSION_STATE_CHANGED;
            let change = SessionStateChange::Schema(schema.clone().into());
            session_state_changes = SessionStateChanges::new(&[change]);
        }
        let info = (!info.is_empty() || tracked).then_some(info);
        let ok = OkPacket {
            affected_rows,
            last_insert_id,
            status_flags,
            warnings,
            info,
            session_state_changes,
            ..OkPacket::default()
        };
        let payload = ok.to_payload(shared).unwrap();
        let mut buf = ParseBuf(&payload);
        let read = buf.parse::<OkPacketDeserializer<'_, CommonOkPacket>>(peer(shared)).unwrap();
        let read = read.into_inner();
        prop_assert!(buf.is_empty());
        prop_assert_eq!(read.affected_rows(), affected_rows);
        prop_assert_eq!(read.last_insert_id().unwrap_or(0), last_insert_id);
        prop_assert_eq!(read.warnings(), warnings);
        prop_assert_eq!(read.status_flags().bits(), status_flags.bits());
        prop_assert_eq!(read.info_ref().unwrap_or_default(), &ok.info.unwrap_or_default()[..]);
        let state = read.session_state_info_ref().unwrap_or_default();
        prop_assert_eq!(state, &ok.session_state_changes.as_bytes()[..]);
    }

    #[test]
    fn err_packets_are_read_on_both_sides(code in 1..0xffff_u16, state in "[0-9A-Z]{5}", message in "[^#]{0,60}") {
        let shared = Capabilities::PROTOCOL_41;
        let state: [u8; 5] = state.as_bytes().try_into().unwrap();
        let ours = ErrPacket {
            error_code: code,
            sql_state: Some(SqlState(state)),
            error_message: message.clone().into(),
        };
        let payload = ours.to_payload(shared).unwrap();
        let read: packets::ErrPacket<'_> = ParseBuf(&payload).parse(peer(shared)).unwrap();
        let error = read.server_error();
        prop_assert_eq!(error.error_code(), code);
        prop_assert_eq!(error.sql_state_ref().map(|state| state.as_bytes()), Some(state));
        prop_assert_eq!(error.message_str(), message.as_str());
        let mut written = Vec::new();
        read.serialize(&mut written);
        prop_assert_eq!(ErrPacket::from_payload(&written.into(), shared), Ok(ours));
    }

    #[test]
    fn progress_reports_are_read_there(stage: u8, max_stage: u8, progress in 0..1_u32 << 24, info in "[a-z ]{0,40}") {
        let ours = ProgressReport { stage, max_stage, progress, progress_info: info.clone().into() };
        let payload = ours.to_payload(()).unwrap();
        let flags = CapabilityFlags::CLIENT_PROTOCOL_41 | CapabilityFlags::CLIENT_PROGRESS_OBSOLETE;
        let read: packets::ErrPacket<'_> = ParseBuf(&payload).parse(flags).unwrap();
        let report = read.progress_report();
        prop_assert_eq!(report.stage(), stage);
        prop_assert_eq!(report.max_stage(), max_stage);
        prop_assert_eq!(report.progress(), progress);
        prop_assert_eq!(report.stage_info_str(), info);
    }

    #[test]
    fn local_infile_requests_are_read_on_both_sides(filename in bytes()) {
        let ours = LocalInfileRequest { filename: filename.clone() };
        let payload = ours.to_payload(()).unwrap();
        let read: LocalInfilePacket<'_> = ParseBuf(&payload).parse(()).unwrap();
        prop_assert_eq!(read.file_name_ref(), &filename[..]);
        let mut written = Vec::new();
        read.serialize(&mut written);
        prop_assert_eq!(LocalInfileRequest::from_payload(&written.into(), ()), Ok(ours));
    }

    #[test]
    fn prepare_oks_are_read_on_both_sides(
        statement_id: u32,
        num_columns: u16,
        num_params: u16,
        warning_count: u16,
    ) {
        let ours = StmtPrepareOk {
            statement_id,
            num_columns,
            num_params,
            warning_count,
            metadata_follows: MetadataFollows::FULL,
        };
        let payload = ours.to_payload(Capabilities::PROTOCOL_41).unwrap();
        let read: StmtPacket = ParseBuf(&payload).parse(()).unwrap();
        prop_assert_eq!(read.statement_id(), statement_id);
        prop_assert_eq!(read.num_columns(), num_columns);
        prop_assert_eq!(read.num_params(), num_params);
        prop_assert_eq!(read.warning_count(), warning_count);
        let mut written = Vec::new();
        read.serialize(&mut written);
        let again = StmtPrepareOk::from_payload(&written.into(), Capabilities::PROTOCOL_41);
        prop_assert_eq!(again, Ok(ours));
    }

    #[test]
    fn column_definitions_are_read_there(
        names in vec(bytes(), 5),
        character_set: u16,
        column_length: u32,
        column_type in column_type(),
        flags: u16,
        decimals in prop_oneof![0..=0x51_u8],
    ) {
        let names = ColumnNames::new(&NameParts {
            catalog: b"def",
            schema: &names[0],
            table: &names[1],
            org_table: &names[2],
            name: &names[3],
            org_name: &names[4],
        });
        let ours = ColumnDefinition41 {
            names,
            character_set,
            column_length,
            column_type,
            flags: ColumnFlags::from_bits_retain(flags),
            decimals,
            ..ColumnDefinition41::default()
        };
        let shared = Capabilities::PROTOCOL_41;
        let payload = ours.to_payload(shared).unwrap();
        let read: Column = ParseBuf(&payload).parse(()).unwrap();
        prop_assert_eq!(read.schema_ref(), ours.names.schema());
        prop_assert_eq!(read.table_ref(), ours.names.table());
        prop_assert_eq!(read.org_table_ref(), ours.names.org_table());
        prop_assert_eq!(read.name_ref(), ours.names.name());
        prop_assert_eq!(read.org_name_ref(), ours.names.org_name());
        prop_assert_eq!(read.character_set(), character_set);
        prop_assert_eq!(read.column_length(), column_length);
        prop_assert_eq!(read.column_type(), PeerType::try_from(column_type.0).unwrap());
        prop_assert_eq!(read.flags(), PeerFlags::from_bits_truncate(flags));
        prop_assert_eq!(read.decimals(), decimals);
        // `mysql_common` 0.37.3 writes the length before the character set in a form that it
        // doesn't read itself.
        let mut written = Vec::new();
        read.serialize(&mut written);
        prop_assert_eq!(written.len(), payload.len());
    }
}
