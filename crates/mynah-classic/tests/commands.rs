//! Every command is read as it was written, and so are its parameters; what can't be written is
//! refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod parameters;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    BinlogDumpFlags, BulkFlags, ComBinlogDump, ComBinlogDumpGtid, ComChangeUser, ComClone,
    ComCreateDb, ComDebug, ComDropDb, ComFieldList, ComProcessInfo, ComProcessKill, ComQuery,
    ComRefresh, ComRegisterSlave, ComSetOption, ComShutdown, ComStatistics, ComStmtBulkExecute,
    ComStmtClose, ComStmtExecute, ComStmtFetch, ComStmtPrepare, ComStmtReset, ComStmtSendLongData,
    ComSubscribeGroupReplicationStream, Command, CommandCode, CursorFlags, Parameters,
    RefreshFlags, ShutdownLevel,
};
use mynah_classic::connection::ConnectAttributes;
use mynah_testkit::{check, check_json};
use mynah_wire::Message;
use parameters::parameter;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..40).prop_map(Bytes::from)
}

fn c_string() -> impl Strategy<Value = Bytes> {
    vec(1u8.., 0..30).prop_map(Bytes::from)
}

fn capabilities() -> impl Strategy<Value = Capabilities> {
    any::<u64>().prop_map(Capabilities::from_bits_retain)
}

prop_compose! {
    fn change_user()(
        shared in capabilities(),
        user in c_string(),
        auth_response in c_string(),
        schema_name in c_string(),
        character_set: u16,
        auth_plugin_name in c_string(),
        attributes in vec((bytes(), bytes()), 0..3),
    ) -> (Command, Capabilities) {
        let mut command = ComChangeUser {
            user,
            auth_response,
            schema_name,
            character_set,
            ..ComChangeUser::default()
        };
        if shared.contains(Capabilities::PLUGIN_AUTH) {
            command.auth_plugin_name = auth_plugin_name;
        }
        if shared.contains(Capabilities::CONNECT_ATTRS) {
            let attributes = attributes.iter().map(|(name, value)| (&name[..], &value[..]));
            command.attributes = ConnectAttributes::new(attributes);
        }
        (Command::ChangeUser(command), shared)
    }
}

prop_compose! {
    fn query()(
        shared in capabilities(),
        attributes in vec(parameter(), 0..12),
        query in bytes(),
    ) -> (Command, Capabilities) {
        let mut command = ComQuery::new(query);
        if shared.contains(Capabilities::QUERY_ATTRIBUTES) {
            command.attributes = Parameters::new(&attributes);
        }
        (Command::Query(command), shared)
    }
}

fn statement() -> impl Strategy<Value = Command> {
    prop_oneof![
        bytes().prop_map(|query| Command::StmtPrepare(ComStmtPrepare { query })),
        (any::<u32>(), any::<u8>(), any::<u32>(), bytes()).prop_map(
            |(statement_id, flags, iteration_count, parameters)| {
                Command::StmtExecute(ComStmtExecute {
                    statement_id,
                    flags: CursorFlags::from_bits_retain(flags),
                    iteration_count,
                    parameters,
                })
            }
        ),
        (any::<u32>(), any::<u16>(), bytes()).prop_map(|(statement_id, flags, parameters)| {
            Command::StmtBulkExecute(ComStmtBulkExecute {
                statement_id,
                flags: BulkFlags::from_bits_retain(flags),
                parameters,
            })
        }),
        (any::<u32>(), any::<u16>(), bytes()).prop_map(|(statement_id, param_id, data)| {
            Command::StmtSendLongData(ComStmtSendLongData {
                statement_id,
                param_id,
                data,
            })
        }),
        any::<u32>().prop_map(|statement_id| Command::StmtClose(ComStmtClose { statement_id })),
        any::<u32>().prop_map(|statement_id| Command::StmtReset(ComStmtReset { statement_id })),
        (any::<u32>(), any::<u32>()).prop_map(|(statement_id, num_rows)| {
            Command::StmtFetch(ComStmtFetch {
                statement_id,
                num_rows,
            })
        }),
    ]
}

fn replication() -> impl Strategy<Value = Command> {
    let flags = || any::<u16>().prop_map(BinlogDumpFlags::from_bits_retain);
    prop_oneof![
        (any::<u32>(), flags(), any::<u32>(), bytes()).prop_map(
            |(binlog_pos, flags, server_id, binlog_filename)| {
                Command::BinlogDump(ComBinlogDump {
                    binlog_pos,
                    flags,
                    server_id,
                    binlog_filename,
                })
            }
        ),
        (
            flags(),
            any::<u32>(),
            bytes(),
            any::<u64>(),
            option::of(bytes())
        )
            .prop_map(|(flags, server_id, binlog_filename, binlog_pos, data)| {
                Command::BinlogDumpGtid(ComBinlogDumpGtid {
                    flags,
                    server_id,
                    binlog_filename,
                    binlog_pos,
                    data,
                })
            }),
        (
            any::<u32>(),
            vec(bytes(), 3),
            any::<u16>(),
            any::<u32>(),
            any::<u32>()
        )
            .prop_map(
                |(server_id, texts, slaves_mysql_port, replication_rank, master_id)| {
                    Command::RegisterSlave(ComRegisterSlave {
                        server_id,
                        slaves_hostname: texts[0].clone(),
                        slaves_user: texts[1].clone(),
                        slaves_password: texts[2].clone(),
                        slaves_mysql_port,
                        replication_rank,
                        master_id,
                    })
                }
            ),
        Just(Command::SubscribeGroupReplicationStream(
            ComSubscribeGroupReplicationStream
        )),
        Just(Command::Clone(ComClone)),
    ]
}

fn utility() -> impl Strategy<Value = Command> {
    prop_oneof![
        (c_string(), bytes())
            .prop_map(|(table, wildcard)| Command::FieldList(ComFieldList { table, wildcard })),
        bytes().prop_map(|schema_name| Command::CreateDb(ComCreateDb { schema_name })),
        bytes().prop_map(|schema_name| Command::DropDb(ComDropDb { schema_name })),
        any::<u8>().prop_map(|bits| Command::Refresh(ComRefresh {
            sub_command: RefreshFlags::from_bits_retain(bits),
        })),
        option::of(any::<u8>()).prop_map(|level| Command::Shutdown(ComShutdown {
            shutdown_level: level.map(ShutdownLevel),
        })),
        any::<u32>()
            .prop_map(|connection_id| Command::ProcessKill(ComProcessKill { connection_id })),
        any::<u16>()
            .prop_map(|option_operation| Command::SetOption(ComSetOption { option_operation })),
        Just(Command::Statistics(ComStatistics)),
        Just(Command::ProcessInfo(ComProcessInfo)),
        Just(Command::Debug(ComDebug)),
    ]
}

fn comes_back(command: &Command, shared: Capabilities) {
    let wire = command.to_payload(shared).unwrap();
    assert_eq!(wire[0], command.code().0);
    check(&wire, shared, command);
}

proptest! {
    #[test]
    fn change_user_comes_back((command, shared) in change_user()) {
        comes_back(&command, shared);
    }

    #[test]
    fn queries_come_back((command, shared) in query()) {
        comes_back(&command, shared);
    }

    #[test]
    fn commands_of_statements_come_back(command in statement(), shared in capabilities()) {
        comes_back(&command, shared);
    }

    #[test]
    fn commands_of_replicas_come_back(command in replication(), shared in capabilities()) {
        comes_back(&command, shared);
    }

    #[test]
    fn utility_commands_come_back(command in utility(), shared in capabilities()) {
        comes_back(&command, shared);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        code: u8,
        rest in bytes(),
        shared in capabilities(),
    ) {
        let payload = Bytes::from([&[code][..], &rest].concat());
        if let Ok(command) = Command::from_payload(&payload, shared) {
            check_json(&command);
            let again = command.to_payload(shared).unwrap();
            prop_assert_eq!(Command::from_payload(&again, shared), Ok(command));
        }
    }
}

#[test]
fn a_change_user_may_end_after_the_schema() {
    let command = ComChangeUser {
        user: "ada".into(),
        auth_response: "1234".into(),
        schema_name: "zoo".into(),
        ..ComChangeUser::default()
    };
    let secure = Capabilities::SECURE_CONNECTION;
    let all = secure | Capabilities::PLUGIN_AUTH | Capabilities::CONNECT_ATTRS;
    check(b"\x11ada\0\x041234zoo\0", all, &command);
    check(b"\x11ada\x001234\0zoo\0", Capabilities::empty(), &command);
    let with_collation = ComChangeUser {
        character_set: 45,
        ..command
    };
    check(b"\x11ada\0\x041234zoo\0\x2d\0", secure, &with_collation);
}

#[test]
fn a_shutdown_may_come_without_its_level() {
    let command = ComShutdown {
        shutdown_level: Some(ShutdownLevel::WAIT_ALL_BUFFERS),
    };
    check(b"\x08\x10", (), &command);
    check(b"\x08", (), &ComShutdown::default());
    assert_eq!(format!("{:?}", ShutdownLevel(0x10)), "WAIT_ALL_BUFFERS");
    assert_eq!(format!("{:?}", ShutdownLevel(0x2a)), "0x2a");
}

#[test]
fn an_unknown_command_is_kept() {
    let command = Command::Other {
        code: CommandCode(0x99),
        payload: "rest".into(),
    };
    check(b"\x99rest", Capabilities::empty(), &command);
    assert_eq!(command.code().name(), None);
}

#[test]
fn what_has_no_place_in_a_command_is_refused() {
    let place = "has a value, and the capabilities shared leave no place for it";
    let refusal = |command: Command| {
        let error = command.to_payload(Capabilities::PROTOCOL_41).unwrap_err();
        error.to_string()
    };
    let named = ComChangeUser {
        auth_plugin_name: "p".into(),
        ..ComChangeUser::default()
    };
    assert_eq!(
        refusal(Command::ChangeUser(named)),
        format!("auth_plugin_name: {place}")
    );
    let attributed = ComChangeUser {
        attributes: ConnectAttributes::new([(&b"a"[..], &b"b"[..])]),
        ..ComChangeUser::default()
    };
    assert_eq!(
        refusal(Command::ChangeUser(attributed)),
        format!("attributes: {place}")
    );
    let long = ComRegisterSlave {
        slaves_user: vec![b'a'; 256].into(),
        ..ComRegisterSlave::default()
    };
    assert_eq!(
        refusal(Command::RegisterSlave(long)),
        "slaves_user: is 256 bytes long, and at most 255 fit"
    );
    let split = ComFieldList {
        table: "a\0b".into(),
        ..ComFieldList::default()
    };
    assert_eq!(
        refusal(Command::FieldList(split)),
        "table: has a NUL at byte 1, and a NUL ends it on the wire"
    );
}
