//! The readable form of messages in JSON, and what is refused when they are read from it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fmt::Debug;

use bytes::Bytes;
use mynah_classic::command::{
    BulkParameters, BulkValue, ComQuery, ComShutdown, ComStmtClose, Command, CommandCode,
    Parameter, ParameterFlags, ParameterType, ParameterTypes, ParameterValue, Parameters,
    ParametersContext, ShutdownLevel,
};
use mynah_classic::connection::{
    ConnectAttributes, Handshake, HandshakeResponse, HandshakeResponse41, HandshakeV10,
};
use mynah_classic::response::{
    ErrPacket, OkPacket, SessionStateChange, SessionStateChanges, SqlState,
};
use mynah_classic::resultset::{
    BinaryRow, ColumnCount, ColumnDefinition41, ColumnNames, ExtendedMetadata, FieldListColumn,
    MetadataFollows, NameParts, TextRow,
};
use mynah_classic::value::{Value, ValueType};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};
use mynah_testkit::check_json;
use mynah_wire::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

fn is_written_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, want: &Json) {
    assert_eq!(&serde_json::to_value(value).unwrap(), want);
    check_json(value);
}

fn refused<T: DeserializeOwned + Debug>(json: Json) -> String {
    serde_json::from_value::<T>(json).unwrap_err().to_string()
}

#[test]
fn a_login_has_the_names_of_its_flags_and_its_texts() {
    let capabilities = Capabilities::PROTOCOL_41
        | Capabilities::SECURE_CONNECTION
        | Capabilities::PLUGIN_AUTH
        | Capabilities::from_bits_retain(1 << 60);
    let greeting = HandshakeV10 {
        server_version: "9.7.0".into(),
        thread_id: 7,
        auth_plugin_data: "\u{1}2345678901234567890".into(),
        capabilities,
        character_set: 255,
        status_flags: StatusFlags::AUTOCOMMIT,
        auth_plugin_name: "caching_sha2_password".into(),
    };
    is_written_as(
        &Handshake::V10(greeting),
        &json!({"V10": {
            "server_version": "9.7.0",
            "thread_id": 7,
            "auth_plugin_data": {"hex": "0132333435363738393031323334353637383930"},
            "capabilities": "PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH | 0x1000000000000000",
            "character_set": 255,
            "status_flags": "AUTOCOMMIT",
            "auth_plugin_name": "caching_sha2_password",
        }}),
    );

    let response = HandshakeResponse41 {
        capabilities: Capabilities::PROTOCOL_41 | Capabilities::CONNECT_ATTRS,
        max_packet_size: 1 << 24,
        character_set: 45,
        username: "ada".into(),
        auth_response: "secret".into(),
        database: Bytes::new(),
        client_plugin_name: Bytes::new(),
        attributes: ConnectAttributes::new([(&b"_pid"[..], &b"42"[..])]),
        zstd_compression_level: 0,
    };
    is_written_as(
        &HandshakeResponse::V41(response),
        &json!({"V41": {
            "capabilities": "PROTOCOL_41 | CONNECT_ATTRS",
            "max_packet_size": 16_777_216,
            "character_set": 45,
            "username": "ada",
            "auth_response": {"hex": "736563726574"},
            "database": "",
            "client_plugin_name": "",
            "attributes": [["_pid", "42"]],
            "zstd_compression_level": 0,
        }}),
    );
}

#[test]
fn commands_have_their_texts_and_parameters() {
    let typed = |name: &'static str, column_type, value| Parameter {
        parameter_type: ParameterType {
            column_type,
            flags: ParameterFlags::UNSIGNED,
            name: name.into(),
        },
        value,
    };
    let query = ComQuery {
        attributes: Parameters::new(&[
            typed(
                "trace",
                ColumnType::LONG,
                ParameterValue::Value("\u{7}\0\0\0".into()),
            ),
            typed("", ColumnType(0x2a), ParameterValue::Null),
        ]),
        query: "select 'ü'\n".into(),
    };
    is_written_as(
        &Command::Query(query),
        &json!({"Query": {
            "attributes": [
                {
                    "parameter_type": {"column_type": "LONG", "flags": "UNSIGNED", "name": "trace"},
                    "value": {"Value": {"hex": "07000000"}},
                },
                {
                    "parameter_type": {"column_type": 42, "flags": "UNSIGNED", "name": ""},
                    "value": "Null",
                },
            ],
            "query": "select 'ü'\n",
        }}),
    );
    let query = Command::Query(ComQuery::new(&b"select '\xff'"[..]));
    is_written_as(
        &query,
        &json!({"Query": {"attributes": [], "query": {"hex": "73656c6563742027ff27"}}}),
    );
    is_written_as(
        &Command::StmtClose(ComStmtClose { statement_id: 3 }),
        &json!({"StmtClose": {"statement_id": 3}}),
    );
    let shutdown_level = Some(ShutdownLevel::WAIT_UPDATES);
    is_written_as(
        &Command::Shutdown(ComShutdown { shutdown_level }),
        &json!({"Shutdown": {"shutdown_level": "WAIT_UPDATES"}}),
    );
    let payload = "x".into();
    is_written_as(
        &Command::Other {
            code: CommandCode::DAEMON,
            payload,
        },
        &json!({"Other": {"code": "COM_DAEMON", "payload": {"hex": "78"}}}),
    );
}

#[test]
fn answers_have_their_texts_and_changes() {
    let changes = [
        SessionStateChange::SystemVariable {
            name: "autocommit".into(),
            value: "ON".into(),
        },
        SessionStateChange::Schema("zoo".into()),
    ];
    let ok = OkPacket {
        status_flags: StatusFlags::IN_TRANS | StatusFlags::SESSION_STATE_CHANGED,
        session_state_changes: SessionStateChanges::new(&changes),
        ..OkPacket::default()
    };
    is_written_as(
        &ok,
        &json!({
            "header": "Ok",
            "affected_rows": 0,
            "last_insert_id": 0,
            "status_flags": "IN_TRANS | SESSION_STATE_CHANGED",
            "warnings": 0,
            "info": null,
            "session_state_changes": [
                {"SystemVariable": {"name": "autocommit", "value": "ON"}},
                {"Schema": "zoo"},
            ],
        }),
    );
    let error = ErrPacket {
        error_code: 1064,
        sql_state: Some(SqlState(*b"42000")),
        error_message: "no".into(),
    };
    is_written_as(
        &error,
        &json!({"error_code": 1064, "sql_state": "42000", "error_message": "no"}),
    );
    is_written_as(&SqlState([0; 5]), &json!({"hex": "0000000000"}));
    let error = refused::<SqlState>(json!("4200"));
    assert_eq!(error, "invalid length 4, expected 5 bytes");
}

#[test]
fn columns_and_rows_have_their_texts() {
    let definition = ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: b"id",
            ..NameParts::default()
        }),
        extended_metadata: ExtendedMetadata::new([(ExtendedMetadata::TYPE, &b"uuid"[..])]),
        character_set: 63,
        column_length: 11,
        column_type: ColumnType::LONG,
        flags: ColumnFlags::NOT_NULL | ColumnFlags::PRI_KEY,
        decimals: 0,
    };
    let names = json!({
        "catalog": "def", "schema": "", "table": "", "org_table": "", "name": "id", "org_name": "",
    });
    let want = json!({
        "names": names,
        "extended_metadata": [[0, "uuid"]],
        "character_set": 63,
        "column_length": 11,
        "column_type": "LONG",
        "flags": "NOT_NULL | PRI_KEY",
        "decimals": 0,
    });
    is_written_as(&definition, &want);
    let default_values = None;
    is_written_as(
        &FieldListColumn {
            definition,
            default_values,
        },
        &json!({"definition": want, "default_values": null}),
    );
    let count = ColumnCount {
        column_count: 2,
        metadata_follows: MetadataFollows::NONE,
    };
    is_written_as(
        &count,
        &json!({"column_count": 2, "metadata_follows": "NONE"}),
    );
    is_written_as(&MetadataFollows(2), &json!(2));

    let row = TextRow::new([Some(&b"7"[..]), None, Some(b""), Some(b"\xff"), Some(b"\0")]);
    is_written_as(&row, &json!(["7", null, "", {"hex": "ff"}, {"hex": "00"}]));
    let row = BinaryRow::new(&[ValueType::signed(ColumnType::TINY)], [Value::Int(7)]).unwrap();
    is_written_as(&row, &json!({"hex": "000007"}));
    let error = refused::<BinaryRow>(json!({"hex": "01"}));
    assert_eq!(error, "packet_header at byte 0: unexpected value 0x01");
    let attributes = ConnectAttributes::new([(&b"_os"[..], &b"Linux"[..]), (b"_os", b"")]);
    is_written_as(&attributes, &json!([["_os", "Linux"], ["_os", ""]]));
}

#[test]
fn bytes_that_no_list_makes_are_kept_as_they_are() {
    // A length that takes more bytes than it needs, and one that is cut.
    for bytes in [&b"\xfc\x01\x00a\x00"[..], b"\x05a"] {
        let json = json!({"hex": mynah_testkit::hex::encode(bytes)});
        let bytes = Bytes::from_static(bytes);
        is_written_as(&TextRow::from_bytes(bytes.clone()), &json);
        is_written_as(&ConnectAttributes::from_bytes(bytes.clone()), &json);
        let metadata = ExtendedMetadata::from_bytes([&b"\0"[..], &bytes].concat().into());
        assert!(serde_json::to_value(&metadata).unwrap().is_object());
        check_json(&metadata);
        let changes = SessionStateChanges::from_bytes([&b"\x02"[..], &bytes].concat().into());
        assert!(serde_json::to_value(&changes).unwrap().is_object());
        check_json(&changes);
    }
    let wire = b"\xfc\x03\0def\0\0\0\0\0\x0c\x3f\0\0\0\0\0\x03\0\0\0\0\0";
    let column = ColumnDefinition41::from_payload(&Bytes::from_static(wire), Capabilities::empty());
    let json = serde_json::to_value(column.as_ref().unwrap()).unwrap();
    assert_eq!(json["names"], json!({"hex": "fc03006465660000000000"}));
    check_json(&column.unwrap());
    let error = refused::<ColumnNames>(json!({"hex": "00"}));
    assert_eq!(error, "schema at byte 1: needs 1 bytes, 0 left");
}

#[test]
fn parameters_whose_types_are_those_of_an_earlier_execution_have_their_bytes() {
    let cx = ParametersContext {
        shared: Capabilities::empty(),
        flags: mynah_classic::command::CursorFlags::empty(),
        num_params: 2,
    };
    let read = |wire| Parameters::from_payload(&Bytes::from_static(wire), cx).unwrap();
    is_written_as(
        &read(b"\x02\x00\x07"),
        &json!({"count": 2, "null_bitmap": {"hex": "02"}, "types": null, "values": {"hex": "07"}}),
    );
    // Bits of the bitmap that stand for no parameter.
    let unused = read(b"\xf0\x01\x01\0\x01\0\x07\x08");
    let json = serde_json::to_value(&unused).unwrap();
    assert_eq!(json["null_bitmap"], json!({"hex": "f0"}));
    assert_eq!(
        json["types"][0],
        json!({"column_type": "TINY", "flags": "", "name": ""})
    );
    check_json(&unused);

    let types = ParameterTypes::new(&[ParameterType {
        column_type: ColumnType::TINY,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    }]);
    let values = [BulkValue::Value("\u{7}".into()), BulkValue::Default];
    is_written_as(
        &BulkParameters::new(Some(types), &values),
        &json!({
            "types": [{"column_type": "TINY", "flags": "", "name": ""}],
            "rows": {"hex": "000702"},
        }),
    );
    is_written_as(&values[0], &json!({"Value": {"hex": "07"}}));
}

#[test]
fn names_and_bytes_of_other_forms_are_refused() {
    for (json, want) in [
        (
            json!("LOONG"),
            "invalid value: string \"LOONG\", expected a name, or a number of one byte",
        ),
        (
            json!(256),
            "invalid value: integer `256`, expected a name, or a number of one byte",
        ),
        (
            json!(-1),
            "invalid value: integer `-1`, expected a name, or a number of one byte",
        ),
        (
            json!(null),
            "invalid type: null, expected a name, or a number of one byte",
        ),
    ] {
        assert_eq!(refused::<ColumnType>(json), want);
    }
    for (query, want) in [
        (json!({"hex": "0"}), "hex: "),
        (json!({"hex": "00", "hexa": ""}), "a key behind `hex`"),
        (
            json!({"base64": ""}),
            "unknown field `base64`, expected `hex`",
        ),
        (json!({}), "missing field `hex`"),
        (
            json!(7),
            "invalid type: integer `7`, expected a string or {\"hex\": …}",
        ),
        (json!([256]), "invalid value: integer `256`, expected u8"),
    ] {
        let error = refused::<ComQuery>(json!({"attributes": [], "query": query}));
        assert!(error.starts_with(want), "{error}");
    }
    let error = refused::<StatusFlags>(json!("AUTOCOMIT"));
    assert!(error.contains("AUTOCOMIT"), "{error}");
    assert_eq!(
        refused::<ComStmtClose>(json!({})),
        "missing field `statement_id`"
    );
}
