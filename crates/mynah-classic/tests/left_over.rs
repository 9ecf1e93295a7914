//! Bytes after a message, as recorded with real servers: reading strictly refuses them, reading
//! leniently returns them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    ComStmtExecute, Command, CursorFlags, Parameter, ParameterFlags, ParameterType, ParameterValue,
    Parameters,
};
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10};
use mynah_classic::{ColumnType, StatusFlags};
use mynah_testkit::{Direction, fixtures};
use mynah_wire::{DecodeErrorKind, Message};

#[test]
fn bytes_after_a_command_are_refused_or_returned() {
    let mut met = 0;
    for (path, fixture) in fixtures("classic").unwrap() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let Some(name) = name.strip_prefix("behind-") else {
            continue;
        };
        let name = name
            .trim_end_matches("-0")
            .trim_end_matches("-1")
            .trim_end_matches("-5");
        let sent: Vec<&Bytes> = fixture
            .lines
            .iter()
            .filter(|line| line.direction == Direction::Client)
            .map(|line| &line.payload)
            .collect();
        let shared = HandshakeResponse41::from_payload(sent[0], ())
            .unwrap()
            .capabilities;
        for payload in &sent[1..] {
            let Ok((command, rest)) = Command::from_payload_lenient(payload, shared) else {
                continue;
            };
            let end = payload.len() - rest.len();
            assert_eq!(
                command.to_payload(shared).unwrap(),
                payload[..end],
                "{name}"
            );
            assert_eq!(rest, payload[end..], "{name}");
            let strict = Command::from_payload(payload, shared);
            match rest.len() {
                0 => assert_eq!(strict, Ok(command), "{name}"),
                left => {
                    let kind = strict.unwrap_err().kind;
                    assert_eq!(kind, DecodeErrorKind::Trailing { left }, "{name}");
                    assert!(!AS_LONG_AS_THE_PACKET.contains(&name), "{name}");
                    met += 1;
                }
            }
        }
    }
    assert!(met > 50, "{met}");
}

#[test]
fn bytes_after_parameters_are_returned() {
    let parameter = Parameter {
        parameter_type: ParameterType {
            column_type: ColumnType::LONG,
            flags: ParameterFlags::empty(),
            name: Bytes::new(),
        },
        value: ParameterValue::Value(Bytes::from_static(b"\xaa\0\0\0")),
    };
    let shared = Capabilities::PROTOCOL_41;
    let parameters = Parameters::new([&parameter]);
    let mut execute = ComStmtExecute::new(1, CursorFlags::empty(), &parameters, shared, 1).unwrap();
    execute.parameters = [&execute.parameters[..], b"junk"].concat().into();
    let (read, rest) = execute.read_parameters_lenient(shared, 1).unwrap();
    assert!(rest.is_empty(), "values are as long as the packet");
    let all = read.read_lenient(None, |_| false);
    assert_eq!(all, Ok((vec![parameter], Bytes::from_static(b"junk"))));

    let (none, rest) = execute.read_parameters_lenient(shared, 0).unwrap();
    assert_eq!(
        (none, rest),
        (Parameters::default(), execute.parameters.clone())
    );
}

#[test]
fn handshake_responses_are_read_as_servers_read_them() {
    for (name, database, method, rest) in [
        ("schema-nul", "", "", "METHOD\0"),
        ("schema-nul-short-attributes", "", "", ""),
        ("schema-unannounced", "", "test", "METHOD\0"),
        ("schema-without-nul", "test", "", ""),
        ("two-nuls", "", "METHOD", "\0"),
        ("two-nuls-attributes", "", "METHOD", "\x09\x03foo\x04barx"),
        (
            "attributes-unannounced",
            "",
            "METHOD",
            "\x09\x03foo\x04barx",
        ),
        ("method-without-nul", "", "METHOD", ""),
        ("method-missing", "", "", ""),
        ("method-unannounced", "", "", "METHOD\0"),
        ("bytes-behind", "", "METHOD", "\x01\x02\x03\x04\x05"),
        (
            "bytes-behind-attributes",
            "",
            "METHOD",
            "\x01\x02\x03\x04\x05",
        ),
    ] {
        let mut met = 0;
        for (path, fixture) in fixtures("classic").unwrap() {
            if path.file_stem().unwrap() != &format!("login-form-{name}")[..] {
                continue;
            }
            let is_mysql = path.display().to_string().contains("mysql-9.7");
            let own = if is_mysql {
                "caching_sha2_password"
            } else {
                "mysql_native_password"
            };
            let payload = &fixture.lines[1].payload;
            met += 1;
            let read = HandshakeResponse41::from_payload_lenient(payload, ());
            if name.ends_with("short-attributes") {
                assert!(read.is_err(), "{name}");
                continue;
            }
            let (response, found) = read.unwrap();
            assert_eq!(response.username, "nobody", "{name}");
            assert_eq!(response.database, database, "{name}");
            assert_eq!(
                response.client_plugin_name,
                method.replace("METHOD", own),
                "{name}"
            );
            assert_eq!(found, rest.replace("METHOD", own), "{name}");
            let again = response.to_payload(()).unwrap();
            assert_eq!(
                HandshakeResponse41::from_payload(&again, ()),
                Ok(response),
                "{name}"
            );
        }
        assert_eq!(met, 2, "{name}");
    }
}

#[test]
fn a_second_nul_after_the_greetings_method_is_left_over() {
    let greeting = HandshakeV10 {
        server_version: "5.5.5-10.11".into(),
        thread_id: 7,
        auth_plugin_data: Bytes::from_static(b"01234567890123456789"),
        capabilities: Capabilities::PLUGIN_AUTH | Capabilities::SECURE_CONNECTION,
        character_set: 45,
        status_flags: StatusFlags::AUTOCOMMIT,
        auth_plugin_name: "mysql_native_password".into(),
    };
    let payload = greeting.to_payload(()).unwrap();
    let longer = Bytes::from([&payload[..], b"\0"].concat());
    let read = HandshakeV10::from_payload_lenient(&longer, ());
    assert_eq!(read, Ok((greeting.clone(), Bytes::from_static(b"\0"))));
    let error = HandshakeV10::from_payload(&longer, ()).unwrap_err();
    assert_eq!(error.kind, DecodeErrorKind::Trailing { left: 1 });
    let shorter = payload.slice(..payload.len() - 1);
    assert_eq!(HandshakeV10::from_payload(&shorter, ()), Ok(greeting));
}

/// Messages whose last field is as long as the packet.
const AS_LONG_AS_THE_PACKET: &[&str] = &[
    "init-db",
    "query",
    "field-list",
    "create-db",
    "drop-db",
    "stmt-prepare",
    "stmt-send-long-data",
    "binlog-dump",
];
