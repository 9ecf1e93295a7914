//! Commands compared with `mysql_common`: both write the same bytes, and each reads what the other
//! wrote.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::HashMap;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    BinlogDumpFlags, BulkFlags, BulkParameters, BulkValue, ComBinlogDump, ComBinlogDumpGtid,
    ComChangeUser, ComRegisterSlave, ComStmtBulkExecute, ComStmtClose, ComStmtExecute,
    ComStmtSendLongData, Command, CommandCode, CursorFlags, ParameterValue, Parameters,
};
use mynah_classic::connection::ConnectAttributes;
use mynah_wire::Message;
use mysql_common::Value;
use mysql_common::constants::CapabilityFlags;
use mysql_common::io::ParseBuf;
use mysql_common::packets;
use mysql_common::proto::MySerialize;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const PLAIN: Capabilities = Capabilities::PROTOCOL_41;

fn serialized(theirs: &impl MySerialize) -> Bytes {
    let mut wire = Vec::new();
    theirs.serialize(&mut wire);
    wire.into()
}

/// Checks that both write the same, that we read it as `ours`, and that they read it as `theirs`.
macro_rules! agree {
    ($ours:expr, $cx:expr, $theirs:expr, $Theirs:ty, $their_cx:expr) => {
        let (ours, theirs) = ($ours, $theirs);
        let wire = serialized(&theirs);
        let (written, read_back) = (ours.to_payload($cx), Message::from_payload(&wire, $cx));
        prop_assert_eq!(written.as_ref(), Ok(&wire));
        prop_assert_eq!(read_back.as_ref(), Ok(&ours));
        let mut buf = ParseBuf(&wire);
        let read: $Theirs = buf.parse($their_cx).unwrap();
        prop_assert!(buf.is_empty());
        prop_assert_eq!(read, theirs);
    };
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_]{1,20}"
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..300)
}

/// The values of one kind, by its number.
fn value_of(kind: u8) -> BoxedStrategy<Value> {
    match kind {
        0 => bytes().prop_map(Value::Bytes).boxed(),
        1 => any::<i64>().prop_map(Value::Int).boxed(),
        2 => any::<u64>().prop_map(Value::UInt).boxed(),
        3 => (-1e9f32..1e9).prop_map(Value::Float).boxed(),
        4 => (-1e9f64..1e9).prop_map(Value::Double).boxed(),
        5 => (
            0u16..3000,
            0u8..13,
            0u8..32,
            0u8..24,
            0u8..60,
            0u8..60,
            0u32..1_000_000,
        )
            .prop_map(|(y, m, d, h, i, s, u)| Value::Date(y, m, d, h, i, s, u))
            .boxed(),
        6 => (
            any::<bool>(),
            0u32..34,
            0u8..24,
            0u8..60,
            0u8..60,
            0u32..1_000_000,
        )
            .prop_map(|(neg, d, h, i, s, u)| Value::Time(neg, d, h, i, s, u))
            .boxed(),
        _ => Just(Value::NULL).boxed(),
    }
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    vec((0u8..8).prop_flat_map(value_of), 0..20)
}

prop_compose! {
    fn rows()(kinds in vec(0u8..7, 1..5), num_rows in 1usize..4)(
        rows in vec(
            kinds
                .iter()
                .map(|kind| prop_oneof![3 => value_of(*kind), 1 => Just(Value::NULL)])
                .collect::<Vec<_>>(),
            num_rows,
        ),
    ) -> Vec<Vec<Value>> {
        rows
    }
}

proptest! {
    #[test]
    fn change_users(
        user in name(),
        auth_response in vec(any::<u8>(), 0..40),
        schema_name in name(),
        character_set in 1u16..,
        plugin_name in option::of(name()),
        attribute in option::of((name(), name())),
        has_more: bool,
    ) {
        // `mysql_common` always writes attributes.
        let mut shared = Capabilities::SECURE_CONNECTION | Capabilities::CONNECT_ATTRS;
        shared.set(Capabilities::PLUGIN_AUTH, plugin_name.is_some());
        let more = packets::ComChangeUserMoreData::new(character_set)
            .with_auth_plugin(
                plugin_name.as_deref().map(|name| packets::AuthPlugin::from_bytes(name.as_bytes())),
            )
            .with_connect_attributes(Some(attribute.iter().cloned().collect::<HashMap<_, _>>()));
        let theirs = packets::ComChangeUser::new()
            .with_user(Some(user.as_bytes()))
            .with_auth_plugin_data(Some(&auth_response[..]))
            .with_database(Some(schema_name.as_bytes()))
            .with_more_data(has_more.then_some(more));
        let mut ours = ComChangeUser {
            user: user.clone().into(),
            auth_response: auth_response.clone().into(),
            schema_name: schema_name.clone().into(),
            ..ComChangeUser::default()
        };
        if has_more {
            let attributes = attribute.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
            ours.character_set = character_set;
            ours.auth_plugin_name = plugin_name.clone().unwrap_or_default().into();
            ours.attributes = ConnectAttributes::new(attributes);
        }
        let flags = CapabilityFlags::from_bits_truncate(shared.standard());
        agree!(ours, shared, theirs, packets::ComChangeUser<'_>, flags);
    }

    #[test]
    fn replicas(
        server_id: u32,
        texts in vec(vec(any::<u8>(), 0..60), 3),
        slaves_mysql_port: u16,
        replication_rank: u32,
        master_id: u32,
    ) {
        let theirs = packets::ComRegisterSlave::new(server_id)
            .with_hostname(&texts[0][..])
            .with_user(&texts[1][..])
            .with_password(&texts[2][..])
            .with_port(slaves_mysql_port)
            .with_replication_rank(replication_rank)
            .with_master_id(master_id);
        let ours = ComRegisterSlave {
            server_id,
            slaves_hostname: texts[0].clone().into(),
            slaves_user: texts[1].clone().into(),
            slaves_password: texts[2].clone().into(),
            slaves_mysql_port,
            replication_rank,
            master_id,
        };
        agree!(ours, (), theirs, packets::ComRegisterSlave<'_>, ());
    }

    #[test]
    fn requests_for_binary_logs(
        binlog_pos: u32,
        bits: u16,
        server_id: u32,
        binlog_filename in name(),
    ) {
        let flags = packets::BinlogDumpFlags::from_bits_truncate(bits);
        let theirs = packets::ComBinlogDump::new(server_id)
            .with_pos(binlog_pos)
            .with_flags(flags)
            .with_filename(binlog_filename.as_bytes());
        let ours = ComBinlogDump {
            binlog_pos,
            flags: BinlogDumpFlags::from_bits_retain(flags.bits()),
            server_id,
            binlog_filename: binlog_filename.clone().into(),
        };
        agree!(ours, (), theirs, packets::ComBinlogDump<'_>, ());
    }

    #[test]
    fn requests_for_binary_logs_by_gtid(
        binlog_pos: u64,
        server_id: u32,
        binlog_filename in name(),
        sids in vec((any::<[u8; 16]>(), vec((1u64..1000, 1000u64..2000), 0..3)), 0..3),
    ) {
        let mut data = (sids.len() as u64).to_le_bytes().to_vec();
        let mut blocks = Vec::new();
        for (uuid, intervals) in &sids {
            data.extend(uuid);
            data.extend((intervals.len() as u64).to_le_bytes());
            data.extend(intervals.iter().flat_map(|(start, end)| [start, end]).flat_map(|n| n.to_le_bytes()));
            let intervals = intervals.iter().map(|(start, end)| packets::GnoInterval::new(*start, *end));
            blocks.push(packets::Sid::new(*uuid).with_intervals(intervals.collect()));
        }
        let theirs = packets::ComBinlogDumpGtid::new(server_id)
            .with_pos(binlog_pos)
            .with_filename(binlog_filename.as_bytes())
            .with_sids(blocks);
        let ours = ComBinlogDumpGtid {
            flags: BinlogDumpFlags::from_bits_retain(theirs.flags().bits()),
            server_id,
            binlog_filename: binlog_filename.clone().into(),
            binlog_pos,
            data: Some(data.into()),
        };
        agree!(ours, (), theirs, packets::ComBinlogDumpGtid<'_>, ());
    }

    #[test]
    fn dumps_of_tables_are_kept(database in name(), table in name()) {
        let wire = serialized(&packets::ComTableDump::new(database.as_bytes(), table.as_bytes()));
        let ours = Command::from_payload(&wire, PLAIN).unwrap();
        prop_assert_eq!(ours.code(), CommandCode::TABLE_DUMP);
        prop_assert_eq!(ours.to_payload(PLAIN), Ok(wire));
    }

    #[test]
    fn long_data_and_closings(statement_id: u32, param_id: u16, data in bytes()) {
        let wire = serialized(&packets::ComStmtSendLongData::new(statement_id, param_id, &data[..]));
        let ours = ComStmtSendLongData { statement_id, param_id, data: data.clone().into() };
        prop_assert_eq!(ours.to_payload(()), Ok(wire.clone()));
        prop_assert_eq!(ComStmtSendLongData::from_payload(&wire, ()), Ok(ours));

        let wire = serialized(&packets::ComStmtClose::new(statement_id));
        let ours = ComStmtClose { statement_id };
        prop_assert_eq!(ours.to_payload(()), Ok(wire.clone()));
        prop_assert_eq!(ComStmtClose::from_payload(&wire, ()), Ok(ours));
    }

    #[test]
    fn executions(statement_id: u32, values in values()) {
        let (theirs, as_long_data) =
            packets::ComStmtExecuteRequestBuilder::new(statement_id).build(&values);
        prop_assert!(!as_long_data);
        let wire = serialized(&theirs);
        let num_params = u16::try_from(values.len()).unwrap();

        let ours = ComStmtExecute::from_payload(&wire, ()).unwrap();
        let parameters = ours.read_parameters(PLAIN, num_params).unwrap();
        let read: Result<Vec<_>, _> = parameters.iter().collect();
        let read = read.unwrap();
        prop_assert_eq!(read.len(), values.len());
        for (parameter, value) in read.iter().zip(&values) {
            let want = match value {
                Value::NULL => ParameterValue::Null,
                value => ParameterValue::Value(serialized(value)),
            };
            prop_assert_eq!(&parameter.value, &want);
        }
        let again = Parameters::new(&read);
        let again =
            ComStmtExecute::new(statement_id, CursorFlags::empty(), &again, PLAIN, num_params);
        prop_assert_eq!(again.as_ref(), Ok(&ours));
        prop_assert_eq!(again.unwrap().to_payload(()), Ok(wire));
    }

    #[test]
    fn bulk_executions(statement_id: u32, rows in rows(), with_results: bool) {
        let mut builder = packets::ComStmtBulkExecuteRequestBuilder::new(statement_id, 1 << 24);
        if with_results {
            builder = builder.with_results();
        }
        for row in &rows {
            prop_assert_eq!(builder.add_row(row.clone()).unwrap(), None);
        }
        let theirs = builder.build().unwrap();
        let wire = serialized(&theirs);
        let num_params = u16::try_from(rows[0].len()).unwrap();

        let ours = ComStmtBulkExecute::from_payload(&wire, ()).unwrap();
        prop_assert_eq!(ours.flags.contains(BulkFlags::SEND_UNIT_RESULTS), with_results);
        let parameters = ours.read_parameters(num_params).unwrap();
        let read: Result<Vec<_>, _> = parameters.iter(None).collect();
        let read: Vec<_> = read.unwrap().into_iter().map(|(_, value)| value).collect();
        let want = rows.iter().flatten().map(|value| match value {
            Value::NULL => BulkValue::Null,
            value => BulkValue::Value(serialized(value)),
        });
        prop_assert_eq!(&read, &want.collect::<Vec<_>>());

        let again = BulkParameters::new(parameters.types().cloned(), &read);
        let again = ComStmtBulkExecute::new(statement_id, ours.flags, &again).unwrap();
        // `mysql_common` 0.37.3 can't read what it wrote, so only the bytes can be compared.
        prop_assert_eq!(again.to_payload(()), Ok(wire));
    }
}
