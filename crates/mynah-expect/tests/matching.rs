//! What statements meet which expectations.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[allow(dead_code, reason = "each test needs another part")]
mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{answer, number, test_with};
use mynah_expect::{Call, Command, Connection, Protocol, Value};
use serde_json::json;

fn text(text: &str) -> Call {
    Call::query(text)
}

fn met(entry: &serde_json::Value, call: &Call) -> bool {
    answer(&test_with(&json!([entry])), call) != "open"
}

#[test]
fn texts_match_by_statement_prefix_pattern_and_digest() {
    for (entry, matching, others) in [
        (
            json!({"stmt": "select name from t where id = 1"}),
            vec![
                "select name from t where id = 1",
                " select\tname from t where id=1 ",
                "select name from t where id = 1.0",
            ],
            vec![
                "select name from t where id = 2",
                "SELECT name from t where id = 1",
                "select name from t",
            ],
        ),
        (
            json!({"stmt_prefix": "select name "}),
            vec!["select name from t", "select  name\nfrom u"],
            vec!["select names from t", "select name", "SELECT name from t"],
        ),
        (
            json!({"stmt_prefix": "select na"}),
            vec!["select name from t", "select na"],
            vec!["select  n"],
        ),
        (
            json!({"stmt_regex": r"^select \w+ from t where id=\d+$"}),
            vec!["select  name from t where id=17"],
            vec![
                "select name from t where id = 17",
                "select name from t where id=x",
            ],
        ),
        (
            json!({"digest": "select nick from t where id in (1, 2)"}),
            vec![
                "SELECT nick FROM t WHERE id IN (5)",
                "select `nick`/* c */from t where id in ('a', -3, ?)",
            ],
            vec![
                "select name from t where id = 5",
                "select nicks from t where id in (1)",
            ],
        ),
        (
            json!({"digest": "SELECT `nick` FROM `t` WHERE `id` IN (...)"}),
            vec!["select nick from t where id in (1)"],
            vec!["select name from t"],
        ),
        (json!({}), vec!["anything", ""], vec![]),
    ] {
        for statement in matching {
            assert!(met(&entry, &text(statement)), "{entry} {statement}");
        }
        for statement in others {
            assert!(!met(&entry, &text(statement)), "{entry} {statement}");
        }
    }
}

#[test]
fn text_and_prepared_forms_of_a_statement_match_alike() {
    let written =
        |id: &str, name: &str| text(&format!("update t set name = {name} where id = {id}"));
    let bound = |id: Value, name: Value| {
        Call::execute("update t set name = ? where id = ?", vec![name, id])
    };
    let partly = |id: Value, name: &str| {
        Call::execute(
            &format!("update t set name = {name} where id = ?"),
            vec![id],
        )
    };
    for entry in [
        json!({"stmt": "update t set name = 'ada' where id = 7"}),
        json!({"stmt": "update t set name = ? where id = ?", "params": ["ada", 7]}),
        json!({"stmt": "update t set name = ? where id = 7", "params": [{"matches": "^a"}]}),
        json!({"digest": "update t set name = ? where id = ?", "params": ["ada", {"between": [7, 8]}]}),
        json!({"stmt_prefix": "update t set name =", "params": ["ada", {"type": "integer"}]}),
        json!({"stmt_prefix": "update t set name = ?", "params": ["ada", 7]}),
        json!({"stmt_regex": r"^update t set name = 'ada' where id = \d+$"}),
        json!({"stmt_regex": r"= \? where id = \?$", "params": ["ada", 7]}),
    ] {
        let ada = || Value::from("ada");
        for call in [
            written("7", "'ada'"),
            written("7", " 'ada'"),
            bound(number(7), ada()),
            bound(Value::from("7"), Value::from_bytes(b"ada")),
        ] {
            // A pattern sees how a value is written.
            if entry.get("stmt_regex").is_some() && call.params.last() == Some(&Value::from("7")) {
                continue;
            }
            assert!(met(&entry, &call), "{entry} {call:?}");
        }
        for call in [
            written("'x'", "'bert'"),
            bound(number(9), Value::Null),
            bound(Value::from("x"), Value::from("bert")),
        ] {
            assert!(!met(&entry, &call), "{entry} {call:?}");
        }
    }
    let entry = json!({"stmt": "update t set name = 'ada' where id = 7"});
    assert!(met(&entry, &partly(number(7), "'ada'")));
    assert!(!met(&entry, &partly(number(8), "'ada'")));
}

#[test]
fn parameters_match_by_value_or_matcher() {
    let call = |value: Value| Call::execute("select ?", vec![value]);
    for (matcher, matching, others) in [
        (
            json!(1),
            vec![number(1), Value::from("1.0")],
            vec![number(2), Value::Null, Value::from("x")],
        ),
        (
            json!(null),
            vec![Value::Null],
            vec![number(0), Value::from("")],
        ),
        (json!({"any": true}), vec![Value::Null, number(1)], vec![]),
        (
            json!({"type": "number"}),
            vec![number(1), Value::from("1.5")],
            vec![Value::from("x"), Value::Null],
        ),
        (
            json!({"type": "integer"}),
            vec![number(1)],
            vec![Value::from("1.5")],
        ),
        (
            json!({"type": "string"}),
            vec![Value::from("1")],
            vec![number(1), Value::Null],
        ),
        (json!({"type": "null"}), vec![Value::Null], vec![number(1)]),
        (
            json!({"matches": "^a.c$"}),
            vec![Value::from("abc")],
            vec![Value::from("abcd"), Value::Null],
        ),
        (
            json!({"between": [1, 10]}),
            vec![number(1), number(10), Value::from("9")],
            vec![number(0), number(11), Value::Null],
        ),
        (
            json!({"between": ["2026-01-01", "2026-12-31"]}),
            vec![Value::from("2026-05-05 12:00:00")],
            vec![Value::from("2025-05-05")],
        ),
        (
            json!({"one_of": [1, "a", {"matches": "^b"}]}),
            vec![number(1), Value::from("a"), Value::from("bc")],
            vec![number(2)],
        ),
        (
            json!({"hex": "ff00"}),
            vec![Value::Bytes(vec![0xff, 0])],
            vec![Value::from("ff00")],
        ),
    ] {
        let entry = json!({"stmt": "select ?", "params": [matcher]});
        for value in matching {
            assert!(met(&entry, &call(value.clone())), "{entry} {value}");
        }
        for value in others {
            assert!(!met(&entry, &call(value.clone())), "{entry} {value}");
        }
    }
}

#[test]
fn client_and_command_can_be_expected() {
    let attributes = BTreeMap::from([("program_name".to_owned(), "shop".to_owned())]);
    let call = Call {
        schema: Some("db".into()),
        command: Command::Find,
        query_attributes: BTreeMap::from([("trace".to_owned(), number(7))]),
        connection: Arc::new(Connection {
            id: 3,
            user: "app".to_owned(),
            protocol: Protocol::X,
            attributes,
        }),
        ..text("select 1")
    };
    for (matching, other) in [
        (json!({"user": "app"}), json!({"user": "root"})),
        (json!({"user": {"matches": "^a"}}), json!({"user": null})),
        (json!({"schema": "db"}), json!({"schema": null})),
        (json!({"protocol": "x"}), json!({"protocol": "classic"})),
        (json!({"command": "find"}), json!({"command": "query"})),
        (
            json!({"query_attributes": {"trace": 7}}),
            json!({"query_attributes": {"trace": 8}}),
        ),
        (
            json!({"query_attributes": {"none": null}}),
            json!({"query_attributes": {"none": 1}}),
        ),
        (
            json!({"connection_attributes": {"program_name": "shop"}}),
            json!({"connection_attributes": {"_os": "x"}}),
        ),
    ] {
        assert!(met(&matching, &call), "{matching}");
        assert!(!met(&other, &call), "{other}");
    }
}
