//! Unexpected statements explain themselves.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[allow(dead_code, reason = "each test needs another part")]
mod common;
mod mutants;

use common::{answer, number, test_with};
use mynah_expect::{Call, Expectations, Place, Test, TestOptions};
use serde_json::{Value as Json, json};

#[test]
fn the_difference_comes_first() {
    let entries = json!([
        {"stmt": "select name from t"},
        {"stmt": "update t set a = 1, b = 'x' where id = ?", "params": [{"between": [1, 9]}]},
        {"stmt": "insert into person (id, name) values (?, ?)", "params": [1, "ada"], "user": "app"},
        {"digest": "delete from t where id = 1"},
        {"stmt_prefix": "show tables from"},
        {"stmt_regex": "select max(id) from t"},
        {"stmt_regex": "^call p\\d+"},
    ]);
    let test: Test<Json> = Test::new(None, TestOptions::default());
    let place = |index: usize| Place {
        file: Some("shop.js".into()),
        line: u32::try_from(index).ok().map(|index| index + 10),
        column: None,
        index: Some(index),
    };
    test.add_from_file(Expectations::from_json_with(&entries, &[], place).unwrap());
    let update =
        |id: i64| Call::execute("update t set a = 1, b = 'x' where id = ?", vec![number(id)]);
    for (call, said) in [
        (
            Call::query("select nmae from t"),
            "\"nmae\" should be \"name\": select nmae from t; closest: expectations[0], shop.js line 10",
        ),
        (
            Call::query("select name t"),
            "\"from\" is missing behind \"name\": select name t; closest: expectations[0], shop.js line 10",
        ),
        (
            Call::query("select distinct name from t"),
            "\"distinct\" should not be there: select distinct name from t; closest: expectations[0], shop.js line 10",
        ),
        (
            Call::query("select name, age from t"),
            "\", age\" should not be there: select name, age from t; closest: expectations[0], shop.js line 10",
        ),
        (
            Call::query("update t set a = 1 where id = 5"),
            "\", b = 'x'\" is missing behind 1: update t set a = 1 where id = 5; \
             closest: expectations[1], shop.js line 11",
        ),
        (
            Call::query("SELECT name FROM t"),
            "\"SELECT\" should be \"select\"; use \"digest\" where case doesn't matter: SELECT name FROM t; \
             closest: expectations[0], shop.js line 10",
        ),
        (
            Call::query("update t set a = 2, b = 'x' where id = 5"),
            "2 should be 1: update t set a = 2, b = 'x' where id = 5; closest: expectations[1], shop.js line 11",
        ),
        (
            update(10),
            "parameter 1 is 10 but should be between 1 and 9: update t set a = 1, b = 'x' where id = ?; \
             closest: expectations[1], shop.js line 11",
        ),
        (
            Call::query("insert into person (id, name) values (1, 'ada')"),
            "user is '' but should be 'app': insert into person (id, name) values (1, 'ada'); \
             closest: expectations[2], shop.js line 12",
        ),
        (
            Call::query("delete from u where id = 7"),
            "the digest differs: \"`u`\" should be \"`t`\": delete from u where id = 7; \
             closest: expectations[3], shop.js line 13",
        ),
        (
            Call::query("show table from db"),
            "\"table\" should be \"tables\": show table from db; closest: expectations[4], shop.js line 14",
        ),
        (
            Call::query("select max(id) from t"),
            "this stmt_regex would match as plain text; escape its special characters by \\, or use stmt: \
             select max(id) from t; closest: expectations[5], shop.js line 15",
        ),
        (
            Call::query("flush logs"),
            "all 7 expectations are of other statements: flush logs",
        ),
    ] {
        assert_eq!(test.explain(&call).to_string(), said);
    }
}

#[test]
fn one_that_is_used_up_is_named() {
    let test = test_with(&json!([{"stmt": "select 1", "times": 2}]));
    assert_eq!(answer(&test, &Call::query("select 1")), "none");
    assert_eq!(answer(&test, &Call::query("select 1")), "none");
    let said = test.explain(&Call::query("select 1"));
    assert_eq!(
        said.to_string(),
        "called 2 of 2 times before: select 1; closest: expectations[0], stmt \"select 1\""
    );
    assert_eq!(said.used_up.len(), 1);
    let empty = test_with(&json!([]));
    assert_eq!(
        empty.explain(&Call::query("a")).to_string(),
        "there are no expectations: a"
    );
}

#[test]
fn a_long_statement_is_shortened_around_the_difference() {
    let columns: Vec<String> = (0..300).map(|column| format!("spalte_ä{column}")).collect();
    let statement = format!("select {} from t", columns.join(", "));
    let test = test_with(&json!([{"stmt": statement}]));
    for column in [0, 150, 299] {
        let name = format!("spalte_ä{column}");
        let typo = statement.replace(
            &format!("{name}{}", if column == 299 { " " } else { "," }),
            &format!("spallte_ä{column}{}", if column == 299 { " " } else { "," }),
        );
        let said = test.explain(&Call::query(&typo)).to_string();
        assert!(said.len() <= 511, "{}", said.len());
        assert!(
            said.starts_with(&format!("\"spallte_ä{column}\" should be \"{name}\": ")),
            "{said}"
        );
        let closest = "; closest: expectations[0], stmt \"select spalte";
        assert!(said.contains(closest), "{said}");
        assert!(
            said.matches(&format!("spallte_ä{column}")).count() == 2,
            "{said}"
        );
    }
}

#[test]
fn hostile_statements_are_explained_too() {
    let test = test_with(
        &json!([{"stmt": "select a from t"}, {"stmt_prefix": "x"}, {"digest": "select b from t"}]),
    );
    for text in [
        "select ".repeat(10_000),
        "(".repeat(50_000),
        "a".repeat(100_000),
        "'".repeat(9_999),
        "/*".repeat(10_000),
        "1,".repeat(20_000),
        "-".repeat(10_000),
    ] {
        assert!(test.explain(&Call::query(&text)).to_string().len() <= 511);
    }
}

#[test]
fn of_200_mutated_statements_over_1000_expectations_95_percent_name_the_right_one() {
    let (test, mutants) = mutants::test_and_mutants();
    let mut wrong = Vec::new();
    for (index, call) in &mutants {
        let explanation = test.explain(call);
        let found = explanation
            .closest
            .as_ref()
            .map(|closest| closest.label.clone());
        if found != Some(format!("expectations[{index}]")) {
            wrong.push(format!("{index}: {explanation}"));
        }
    }
    println!("{} of {} wrong: {wrong:#?}", wrong.len(), mutants.len());
    assert_eq!(mutants.len(), 200);
    assert!(wrong.len() <= 10, "{wrong:#?}");
}
