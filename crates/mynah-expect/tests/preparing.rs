//! What is answered when a statement is prepared.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[allow(dead_code, reason = "each test needs another part")]
mod common;

use common::{answer, number, test_with};
use mynah_expect::{Call, NotPrepared, Test, Value};
use serde_json::{Value as Json, json};

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
fn a_preparation_counts_in_a_sequence_and_in_a_scenario() {
    let prepare = |test: &Test<Json>, text: &str| {
        let prepared = test.prepare(&Call::query(text));
        prepared.map(|prepared| prepared.answer.unwrap()["ok"].as_str().unwrap().to_owned())
    };
    let test = test_with(&json!({"order": "sequence", "expectations": [
        {"stmt": "insert into t values (1)", "times": 1, "ok": "inserted"},
        {"stmt": "select ?", "command": "prepare", "times": 1, "ok": "prepared"},
        {"stmt": "select ?", "times": 1, "ok": "run"},
    ]}));
    let run = Call::execute("select ?", vec![number(5)]);
    // Its turn hasn't come, so it is prepared as it will run.
    assert_eq!(prepare(&test, "select ?").unwrap(), "run");
    assert_eq!(
        answer(&test, &Call::query("insert into t values (1)")),
        "inserted"
    );
    assert_eq!(answer(&test, &run), "open");
    assert_eq!(prepare(&test, "select ?").unwrap(), "prepared");
    assert_eq!(answer(&test, &run), "run");
    assert!(test.report().is_met());

    let test = test_with(&json!([
        {"stmt": "a", "command": "prepare", "scenario": "s", "then": "prepared", "ok": "first"},
        {"stmt": "b", "command": "prepare", "scenario": "s", "when": "prepared", "ok": "second"},
    ]));
    let refused = prepare(&test, "b").unwrap_err().to_string();
    assert!(
        refused
            .starts_with("scenario \"s\" is in state \"start\", and has to be in \"prepared\": b"),
        "{refused}"
    );
    assert_eq!(prepare(&test, "a").unwrap(), "first");
    assert_eq!(test.scenarios().state("s"), "prepared");
    assert_eq!(prepare(&test, "b").unwrap(), "second");
}

#[test]
fn a_preparation_can_be_forbidden() {
    let test = test_with(&json!([
        {"stmt": "select ?", "command": "prepare", "times": 0},
        {"stmt_prefix": "select ", "ok": "run"},
    ]));
    let refused = test.prepare(&Call::query("select ?")).unwrap_err();
    let NotPrepared::Forbidden(why) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        why.to_string(),
        "this statement is forbidden (times: 0): select ?; closest: expectations[0], stmt \"select ?\""
    );
    assert!(!test.report().is_met());
    assert!(test.prepare(&Call::query("select ?, 2")).is_ok());
    // Only the preparation is forbidden.
    assert_eq!(answer(&test, &Call::query("select 1")), "run");
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
