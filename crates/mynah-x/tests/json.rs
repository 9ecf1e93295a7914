//! The readable form of messages in JSON, and what is refused when they are read from it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fmt::Debug;

use bytes::{Bytes, BytesMut};
use mynah_testkit::check_json;
use mynah_x::compress::Algorithm;
use mynah_x::connection::{Capabilities, CapabilitiesSet, Compression};
use mynah_x::crud::{Collection, DataModel, Find, Limit, Order, OrderDirection};
use mynah_x::datatypes::{Any, AnyValue, Object, Octets, Scalar, ScalarValue};
use mynah_x::expect::{Condition, ConditionKey, Open};
use mynah_x::expr::{ColumnIdentifier, Expr, ExprType, Operator};
use mynah_x::field::{Cell, DateTime, Decimal, Set, Time};
use mynah_x::notice::{self, FrameType, SessionStateChanged, Warning};
use mynah_x::resultset::{ColumnFlags, ColumnMetaData, ContentType, FieldType, Row};
use mynah_x::session::{AuthenticateStart, Close};
use mynah_x::sql::StmtExecute;
use mynah_x::status::{Error, Severity};
use mynah_x::{
    ClientMessage, ClientMessageType, Frame, FrameHeader, ServerMessage, ServerMessageType,
};
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
fn statements_have_their_texts_and_arguments() {
    let execute = StmtExecute {
        stmt: "select ?".into(),
        args: vec![Scalar::sint(-1).into(), Scalar::string("ü").into()],
        namespace: None,
        compact_metadata: Some(true),
    };
    is_written_as(
        &ClientMessage::from(execute),
        &json!({"StmtExecute": {
            "stmt": "select ?",
            "args": [
                {"type": "SCALAR", "scalar": {"type": "V_SINT", "v_signed_int": -1}},
                {"type": "SCALAR", "scalar": {"type": "V_STRING", "v_string": {"value": "ü"}}},
            ],
            "compact_metadata": true,
        }}),
    );
    is_written_as(
        &ClientMessage::SessionClose(Close {}),
        &json!({"SessionClose": {}}),
    );
}

#[test]
fn expressions_have_the_names_of_their_types() {
    let name = Expr {
        r#type: ExprType::Ident.into(),
        identifier: Some(Box::new(ColumnIdentifier {
            name: Some("id".to_owned()),
            ..ColumnIdentifier::default()
        })),
        ..Expr::default()
    };
    let seven = Expr {
        r#type: ExprType::Literal.into(),
        literal: Some(Box::new(Scalar::uint(7))),
        ..Expr::default()
    };
    let criteria = Expr {
        r#type: ExprType::Operator.into(),
        operator: Some(Box::new(Operator {
            name: "==".to_owned(),
            param: vec![name.clone(), seven],
        })),
        ..Expr::default()
    };
    let find = Find {
        collection: Collection {
            name: "t".to_owned(),
            schema: None,
        },
        data_model: Some(DataModel::Table.into()),
        criteria: Some(criteria),
        limit: Some(Limit {
            row_count: 1,
            offset: None,
        }),
        order: vec![Order {
            expr: name,
            direction: Some(OrderDirection::Desc.into()),
        }],
        // A number that the enumeration doesn't have.
        locking: Some(9),
        ..Find::default()
    };
    let name = json!({"type": "IDENT", "identifier": {"document_path": [], "name": "id"}});
    is_written_as(
        &find,
        &json!({
            "collection": {"name": "t"},
            "data_model": "TABLE",
            "projection": [],
            "criteria": {"type": "OPERATOR", "operator": {"name": "==", "param": [
                name,
                {"type": "LITERAL", "literal": {"type": "V_UINT", "v_unsigned_int": 7}},
            ]}},
            "limit": {"row_count": 1},
            "order": [{"expr": name, "direction": "DESC"}],
            "grouping": [],
            "args": [],
            "locking": 9,
        }),
    );
}

#[test]
fn logins_and_capabilities_have_all_their_fields() {
    let start = AuthenticateStart {
        mech_name: "PLAIN".to_owned(),
        auth_data: Some("\0ada\0secret".into()),
        initial_response: None,
    };
    is_written_as(
        &start,
        &json!({"mech_name": "PLAIN", "auth_data": {"hex": "0061646100736563726574"}}),
    );
    let options = [("level", Any::from(Scalar::double(f64::INFINITY)))];
    let options = Any::from(options.into_iter().collect::<Object>());
    let capabilities: Capabilities = [("compression", options)].into_iter().collect();
    let level = json!({"type": "V_DOUBLE", "v_double": "inf"});
    is_written_as(
        &CapabilitiesSet { capabilities },
        &json!({"capabilities": {"capabilities": [{"name": "compression", "value": {
            "type": "OBJECT",
            "obj": {"fld": [{"key": "level", "value": {"type": "SCALAR", "scalar": level}}]},
        }}]}}),
    );
    let condition = Condition {
        condition_key: ConditionKey::ExpectFieldExist as u32,
        condition_value: Some("6.1".into()),
        op: None,
    };
    is_written_as(
        &Open {
            op: None,
            cond: vec![condition],
        },
        &json!({"cond": [{"condition_key": "EXPECT_FIELD_EXIST", "condition_value": "6.1"}]}),
    );
    let compression = Compression {
        uncompressed_size: Some(9),
        server_messages: Some(ServerMessageType::RESULTSET_ROW.0.into()),
        client_messages: Some(300),
        payload: Bytes::new(),
    };
    is_written_as(
        &compression,
        &json!({
            "uncompressed_size": 9,
            "server_messages": "RESULTSET_ROW",
            "client_messages": 300,
            "payload": {"hex": ""},
        }),
    );
}

#[test]
fn answers_have_their_texts_and_flags() {
    let error = Error {
        severity: Some(Severity::Fatal.into()),
        code: 1064,
        msg: "no".to_owned(),
        sql_state: "42000".to_owned(),
    };
    is_written_as(
        &ServerMessage::from(error),
        &json!({"Error": {"severity": "FATAL", "code": 1064, "msg": "no", "sql_state": "42000"}}),
    );
    let column = ColumnMetaData {
        r#type: FieldType::Bytes.into(),
        name: Some("id".into()),
        flags: Some((ColumnFlags::NOT_NULL | ColumnFlags::from_bits_retain(1 << 20)).bits()),
        content_type: Some(ContentType::Json as u32),
        ..ColumnMetaData::default()
    };
    is_written_as(
        &column,
        &json!({"type": "BYTES", "name": "id", "flags": "NOT_NULL | 0x100000", "content_type": 2}),
    );
    let field = vec![Bytes::from("a\0"), Bytes::new()];
    is_written_as(
        &Row { field },
        &json!({"field": [{"hex": "6100"}, {"hex": ""}]}),
    );
    let warning = Warning {
        level: Some(2),
        code: 1265,
        msg: "cut".to_owned(),
    };
    let notice = notice::Frame::local(FrameType::Warning, &warning);
    is_written_as(
        &notice,
        &json!({"type": "WARNING", "scope": "LOCAL", "payload": {"hex": "080210f1091a03637574"}}),
    );
    is_written_as(
        &warning,
        &json!({"level": "WARNING", "code": 1265, "msg": "cut"}),
    );
    let changed = SessionStateChanged {
        param: 8,
        value: vec![Scalar::null()],
    };
    is_written_as(
        &changed,
        &json!({"param": 8, "value": [{"type": "V_NULL"}]}),
    );
}

#[test]
fn frames_and_types_of_messages_are_written() {
    let frame = Frame {
        message_type: 12,
        payload: "\u{1}".into(),
    };
    is_written_as(
        &frame,
        &json!({"message_type": 12, "payload": {"hex": "01"}}),
    );
    is_written_as(&FrameHeader { len: 2 }, &json!({"len": 2}));
    is_written_as(&ClientMessageType::CRUD_FIND, &json!("CRUD_FIND"));
    is_written_as(&ServerMessageType(200), &json!(200));
    is_written_as(&Algorithm::Lz4, &json!("Lz4"));
}

#[test]
fn cells_and_scalars_are_written_as_their_values() {
    let (mut decimal, mut set) = (BytesMut::new(), BytesMut::new());
    assert!(Decimal::put_text(&mut decimal, b"-12.50"));
    Set::put(&mut set, [&b"a"[..], b"\xff"]);
    let moment = DateTime {
        year: 2024,
        month: 2,
        day: 29,
        ..DateTime::default()
    };
    let time = Time {
        negative: true,
        hours: 838,
        ..Time::default()
    };
    for (cell, want) in [
        (Cell::Null, json!(null)),
        (Cell::Sint(-7), json!(-7)),
        (Cell::Uint(u64::MAX), json!(u64::MAX)),
        (Cell::Float(f32::NAN), json!("NaN")),
        (Cell::Double(1.5), json!(1.5)),
        (Cell::Bytes(b"seven"), json!("seven")),
        (Cell::Enum(b"\xff"), json!({"hex": "ff"})),
        (Cell::Bit(256), json!(256)),
        (Cell::DateTime(moment), json!("2024-02-29 00:00:00")),
        (Cell::Time(time), json!("-838:00:00")),
        (
            Cell::from_field(&set, FieldType::Set).unwrap(),
            json!(["a", {"hex": "ff"}]),
        ),
        (
            Cell::from_field(&decimal, FieldType::Decimal).unwrap(),
            json!("-12.50"),
        ),
    ] {
        assert_eq!(serde_json::to_value(cell).unwrap(), want, "{cell:?}");
    }
    check_json(&moment);
    check_json(&time);

    let octets = Octets {
        value: "{}".into(),
        content_type: Some(2),
    };
    is_written_as(&octets, &json!({"value": "{}", "content_type": "JSON"}));
    for (value, want) in [
        (ScalarValue::Null, json!(null)),
        (ScalarValue::Sint(-7), json!(-7)),
        (ScalarValue::Double(f64::NAN), json!("NaN")),
        (ScalarValue::Bool(true), json!(true)),
        (ScalarValue::Octets(&octets), json!("{}")),
    ] {
        assert_eq!(serde_json::to_value(value).unwrap(), want, "{value:?}");
    }
    let scalar = Scalar::null();
    let value = serde_json::to_value(AnyValue::Scalar(&scalar)).unwrap();
    assert_eq!(value, json!({"type": "V_NULL"}));
}

#[test]
fn missing_fields_and_unknown_names_are_refused() {
    assert_eq!(
        refused::<Warning>(json!({"code": 1})),
        "missing field `msg`"
    );
    assert_eq!(refused::<Row>(json!({})), "missing field `field`");
    let error = refused::<Scalar>(json!({"type": "V_SINTT"}));
    assert!(
        error.starts_with("unknown variant `V_SINTT`, expected one of `V_SINT`"),
        "{error}"
    );
    let error = refused::<Scalar>(json!({"type": u64::MAX}));
    assert!(
        error.ends_with("expected a name, or a number of 32 bits"),
        "{error}"
    );
    let error = refused::<Scalar>(json!({"type": 1_u64 << 40}));
    assert!(
        error.ends_with("expected a name, or a number of 32 bits"),
        "{error}"
    );
    let error = refused::<notice::Frame>(json!({"type": -1}));
    assert!(error.starts_with("invalid value: integer `-1`"), "{error}");
    let error = refused::<ClientMessage>(json!({"StmtExecutes": {}}));
    assert!(
        error.starts_with("unknown variant `StmtExecutes`"),
        "{error}"
    );
}

#[test]
fn the_deepest_expressions_exceed_the_limit_of_serde_json() {
    let nested = |levels| {
        (0..levels).fold(Expr::default(), |inner, _| Expr {
            r#type: ExprType::Operator.into(),
            operator: Some(Box::new(Operator {
                name: "not".to_owned(),
                param: vec![inner],
            })),
            ..Expr::default()
        })
    };
    check_json(&nested(40));
    let json = serde_json::to_string(&nested(45)).unwrap();
    let error = serde_json::from_str::<Expr>(&json).unwrap_err();
    assert!(
        error.to_string().starts_with("recursion limit exceeded"),
        "{error}"
    );
}
