use bytes::Bytes;
use mynah_classic::command::{
    ComQuery, Command, Parameter, ParameterType, ParameterValue, Parameters,
};
use mynah_classic::connection::{ConnectAttributes, HandshakeResponse41};
use mynah_classic::response::{OkPacket, SessionStateChange, SessionStateChanges};
use mynah_classic::{Capabilities, ColumnType, StatusFlags};
use mynah_x::datatypes::{Object, Scalar};
use mynah_x::notice::{self, FrameType};
use mynah_x::{ClientMessage, ServerMessage, sql};
use serde_json::{Value, json};

use super::*;
use crate::trace::format::{JsonFieldWriter, TextFieldWriter};

fn as_json(field: &dyn Field) -> Value {
    let mut out = String::new();
    field.write_to(&mut JsonFieldWriter::new(&mut out));
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

fn as_text(field: &dyn Field) -> String {
    let mut out = String::new();
    field.write_to(&mut TextFieldWriter::new(&mut out, 0));
    out
}

#[test]
fn a_query_is_its_text_and_its_attributes() {
    let attribute = Parameter {
        parameter_type: ParameterType {
            column_type: ColumnType::LONGLONG,
            flags: Default::default(),
            name: "n".into(),
        },
        value: ParameterValue::Value(Bytes::from_static(&[7, 0, 0, 0, 0, 0, 0, 0])),
    };
    let query = Command::Query(ComQuery {
        attributes: Parameters::new([&attribute]),
        query: "select 'a\n{'".into(),
    });
    assert_eq!(
        as_json(&query),
        json!({
            "attributes": [{"name": "n", "type": "LONGLONG", "flags": 0, "value": "7"}],
            "query": "select 'a\n{'",
        })
    );
    assert_eq!(
        as_text(&query),
        "{attributes: [{name: 'n', type: LONGLONG, flags: 0x0, value: '7'}], query: 'select 'a\\n{''}"
    );
}

#[test]
fn flags_are_numbers_for_programs_and_names_for_people() {
    let response = HandshakeResponse41 {
        capabilities: Capabilities::PROTOCOL_41 | Capabilities::from_bits_retain(1 << 60),
        max_packet_size: 1,
        character_set: 255,
        username: "ada".into(),
        auth_response: Bytes::from_static(b"\xff*"),
        database: Bytes::new(),
        client_plugin_name: "p".into(),
        attributes: ConnectAttributes::new([(&b"_os"[..], &b"Linux"[..])]),
        zstd_compression_level: 0,
    };
    let json = as_json(&response);
    assert_eq!(json["capabilities"], 1_152_921_504_606_847_488_u64);
    assert_eq!(json["auth_response"], json!({"hex": "ff2a"}));
    assert_eq!(json["attributes"], json!({"_os": "Linux"}));
    let text = as_text(&response);
    assert!(
        text.starts_with("{capabilities: PROTOCOL_41 | 0x1000000000000000, max_packet_size: 1,"),
        "{text}"
    );
    assert!(text.contains("auth_response: '\\xff*'"), "{text}");
}

#[test]
fn changes_of_session_state_are_a_list_and_what_is_absent_is_left_out() {
    let changes = [
        SessionStateChange::Schema("shop".into()),
        SessionStateChange::SystemVariable {
            name: "autocommit".into(),
            value: "ON".into(),
        },
    ];
    let ok = OkPacket {
        header: Default::default(),
        affected_rows: 2,
        last_insert_id: 0,
        status_flags: StatusFlags::AUTOCOMMIT,
        warnings: 0,
        info: None,
        session_state_changes: SessionStateChanges::new(&changes),
    };
    assert_eq!(
        as_json(&ok),
        json!({
            "header": "OK", "affected_rows": 2, "last_insert_id": 0, "status_flags": 2,
            "warnings": 0,
            "session_state_changes": [
                {"type": "SESSION_TRACK_SCHEMA", "name": "shop"},
                {"type": "SESSION_TRACK_SYSTEM_VARIABLES", "name": "autocommit", "value": "ON"},
            ],
        })
    );
}

#[test]
fn values_of_the_x_protocol_are_nested_under_the_documentations_names() {
    let object: Object = [("n", Scalar::sint(-1).into())].into_iter().collect();
    let execute = ClientMessage::StmtExecute(sql::StmtExecute {
        stmt: "do ?, ?, ?".into(),
        args: vec![
            Scalar::string("é").into(),
            object.into(),
            Scalar::double(f64::NAN).into(),
        ],
        ..Default::default()
    });
    assert_eq!(
        as_json(&execute),
        json!({
            "stmt": "do ?, ?, ?",
            "args": [
                {"type": "SCALAR", "scalar": {"type": "V_STRING", "v_string": {"value": "é"}}},
                {"type": "OBJECT", "obj": {"fld": [{
                    "key": "n",
                    "value": {
                        "type": "SCALAR",
                        "scalar": {"type": "V_SINT", "v_signed_int": -1},
                    },
                }]}},
                {"type": "SCALAR", "scalar": {"type": "V_DOUBLE", "v_double": "NaN"}},
            ],
        })
    );
}

#[test]
fn what_a_notice_carries_is_read_if_it_can_be() {
    let warning = notice::Warning {
        level: Some(9),
        code: 1,
        msg: "m".to_owned(),
    };
    let frame = notice::Frame::local(FrameType::Warning, &warning);
    assert_eq!(
        as_json(&ServerMessage::Notice(frame.clone())),
        json!({
            "type": "WARNING", "scope": "LOCAL", "payload": {"level": 9, "code": 1, "msg": "m"},
        })
    );
    let broken = notice::Frame {
        payload: Some(Bytes::from_static(b"\xff")),
        ..frame
    };
    assert_eq!(as_json(&broken)["payload"], json!({"hex": "ff"}));
}

#[test]
fn a_value_nested_as_deep_as_can_be_decoded_is_json_that_others_read() {
    let mut value: mynah_x::datatypes::Any = Scalar::uint(1).into();
    for _ in 0..32 {
        value = [("a", value)].into_iter().collect::<Object>().into();
    }
    let statement = sql::StmtExecute {
        stmt: "x".into(),
        args: vec![value],
        ..Default::default()
    };
    let wire = mynah_x::Message::to_payload(&statement);
    let decoded: sql::StmtExecute = mynah_x::Message::from_payload(&wire).unwrap();
    let json = as_json(&decoded).to_string();
    assert!(json.contains('…'), "{json}");
    assert!(as_text(&decoded).contains("v_unsigned_int: 1"));
}

#[test]
fn texts_of_fields_are_cut_to_the_width() {
    let query = Command::Query(ComQuery {
        attributes: Parameters::new([]),
        query: "x".repeat(1_000_000).into(),
    });
    let mut out = String::new();
    query.write_to(&mut TextFieldWriter::new(&mut out, 3));
    assert_eq!(out, "{query: 'xxx… (1000000 bytes)'}");
}
