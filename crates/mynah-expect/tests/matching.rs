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

#[test]
fn a_statement_is_prepared_if_an_expectation_could_be_of_it() {
    let test = test_with(&json!([
        {"stmt": "select ?", "params": [1], "times": 1, "ok": "one"},
        {"stmt": "select ?", "params": [2], "times": 1, "ok": "two"},
        {"stmt": "select 5, 'x'", "ok": "literals"},
    ]));
    let due = |text: &str| {
        let prepared = test
            .prepare(&Call::query(text))
            .map_err(|error| error.to_string())?;
        Ok::<_, String>(prepared.answer.unwrap()["ok"].as_str().unwrap().to_owned())
    };
    assert_eq!(due("select ?").as_deref(), Ok("one"));
    assert_eq!(due("select ?, 'x'").as_deref(), Ok("literals"));
    let said = "'y' should be 'x': select ?, 'y'; closest: expectations[2], stmt \"select 5, 'x'\""
        .to_owned();
    assert_eq!(due("select ?, 'y'"), Err(said));
    let select = |id: i64| Call::execute("select ?", vec![number(id)]);
    assert_eq!(answer(&test, &select(1)), "one");
    assert_eq!(due("select ?").as_deref(), Ok("two"));
    assert_eq!(answer(&test, &select(2)), "two");
    // A driver's cache may prepare it once more.
    assert_eq!(due("select ?").as_deref(), Ok("two"));
    assert_eq!(answer(&test, &select(2)), "open");
}

#[test]
fn a_statement_is_prepared_if_an_expectation_could_be_of_it_with_values() {
    let test = test_with(&json!([
        {"stmt_prefix": "prefixed 1", "ok": "prefix"},
        {"stmt_regex": r"^regex '\d+'$", "ok": "regex"},
        {"stmt_regex": r"^used \d+$", "times": 1, "ok": "used"},
        {"stmt_regex": r"^bound \bé\d$", "user": "other", "ok": "another user's"},
    ]));
    let prepared = |text: &str| {
        let answer = test.prepare(&Call::query(text)).ok()?.answer?;
        Some(answer["ok"].as_str().unwrap().to_owned())
    };
    let bound = |text: &str, value: Value| answer(&test, &Call::execute(text, vec![value]));
    assert_eq!(prepared("prefixed ?").as_deref(), Some("prefix"));
    assert_eq!(bound("prefixed ?", number(12)), "prefix");
    assert_eq!(prepared("regex  ?").as_deref(), Some("regex"));
    assert_eq!(bound("regex  ?", Value::from("12")), "regex");
    assert_eq!(prepared("used ?").as_deref(), Some("used"));
    assert_eq!(bound("used ?", number(1)), "used");
    // It is used up: the execution says so.
    assert_eq!(prepared("used ?").as_deref(), Some("used"));
    assert_eq!(bound("used ?", number(1)), "open");
    for never in ["prefixed 2, ?", "prefix ?", "regex x ?", "regex", "bound ?"] {
        assert_eq!(prepared(never), None, "{never}");
    }
}

#[test]
fn an_expectation_of_a_preparation_answers_that_and_no_execution() {
    let test = test_with(&json!([
        {"stmt": "select ?, 1", "command": "prepare", "ok": "prepared"},
        {"stmt": "select ?, 1", "params": [5], "ok": "run"},
        {"stmt": "select 7", "command": "prepare", "ok": "never run"},
    ]));
    let prepare = |text: &str| test.prepare(&Call::query(text)).unwrap().answer;
    assert_eq!(
        prepare("select ?,  1"),
        Some(json!({"ok": "prepared"}).into())
    );
    let run = Call::execute("select ?, 1", vec![number(5)]);
    assert_eq!(answer(&test, &run), "run");
    assert_eq!(answer(&test, &Call::query("select 7")), "open");
    let said = test.explain(&Call::query("select 7")).to_string();
    assert!(!said.contains("expectations[2]"), "{said}");
    let never: Vec<_> = test
        .never_met()
        .iter()
        .map(|never| never.place.index)
        .collect();
    assert_eq!(never, [Some(2)]);
}

#[test]
fn a_preparation_with_the_same_placeholders_counts_more_than_one_with_literals() {
    let test = test_with(&json!([
        {"stmt": "select 1.5, 'x'", "command": "prepare", "ok": "literals"},
        {"stmt": "select ?, ?", "command": "prepare", "ok": "placeholders"},
        {"stmt": "select 7, ?", "command": "prepare", "ok": "both"},
    ]));
    let prepare = |text: &str| test.prepare(&Call::query(text)).unwrap().answer;
    let said = |ok: &str| Some(json!({ "ok": ok }).into());
    assert_eq!(prepare("select ?, ?"), said("placeholders"));
    assert_eq!(prepare("select 1.5, 'x'"), said("literals"));
    assert_eq!(prepare("select 7, ?"), said("both"));
    // Without such a one, a literal stands for any value.
    assert_eq!(prepare("select ?, 'x'"), said("literals"));
}

#[test]
fn a_preparation_is_answered_as_the_next_execution_will_be() {
    let list = json!([{"stmt": "select ?", "answers": [{"ok": "first"}, {"ok": "second"}]}]);
    let test = test_with(&list);
    let prepare = || test.prepare(&Call::query("select ?")).unwrap().answer;
    let said = |ok: &str| Some(json!({ "ok": ok }).into());
    assert_eq!(prepare(), said("first"));
    let run = Call::execute("select ?", vec![number(5)]);
    assert_eq!(answer(&test, &run), "first");
    assert_eq!(prepare(), said("second"));
    assert_eq!(answer(&test, &run), "second");
    assert_eq!(prepare(), said("second"));
}
