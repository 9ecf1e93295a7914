//! What a test keeps and shows of statements: no passwords, and of long texts the beginning.

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
use std::time::Duration;

use common::{read, test_with};
use jiff::Timestamp;
use mynah_expect::{Call, Connection, Outcome, Test, TestOptions, Value};
use serde_json::{Value as Json, json};

/// A statement that nothing answers; what the client, the journal, the list of unexpected statements and the reports
/// say of it.
fn said(test: &Test<Json>, call: &Call) -> String {
    let begun = test.begin(&Arc::new(call.clone()), Timestamp::UNIX_EPOCH);
    let explanation = test.unexpected(begun.number, call);
    let message = format!("near {}", call.statement.text());
    let error = Outcome::Error {
        code: 1064,
        sql_state: "42000".to_owned(),
        message,
    };
    test.finish(begun.number, error, Duration::ZERO);
    let entry = test.statement(begun.number).unwrap();
    let report = test.report();
    format!(
        "{explanation} {} {} {} {report} {}",
        json!(entry),
        json!(explanation),
        json!(report),
        report.to_junit()
    )
}

#[test]
fn passwords_are_shown_nowhere() {
    let expected = json!([
        {"stmt": "alter user ada identified by 'SEKRET2'", "times": 1},
        {"stmt": "set password for ada = 'SEKRET2'", "user": "root"},
        {"stmt_prefix": "create user bert identified by 'SEKRET2'"},
        {"stmt": "update users set password = ? where id = 1", "params": ["SEKRET2"]},
    ]);
    let with_param = |sql: &str| Call::execute(sql, vec![Value::from("SEKRET1")]);
    let mut with_attribute = Call::query("select 1");
    with_attribute.query_attributes = BTreeMap::from([("password".into(), Value::from("SEKRET1"))]);
    let mut with_connection = Call::query("select 2");
    with_connection.connection = Arc::new(Connection {
        attributes: BTreeMap::from([("passwd".to_owned(), "SEKRET1".to_owned())]),
        ..Connection::default()
    });
    for call in [
        Call::query("alter user ada identified by 'SEKRET1'"),
        Call::query("ALTER USER ada IDENTIFIED BY 'SEKRET1' password expire"),
        Call::query("set password for ada = 'SEKRET1'"),
        Call::query("create user berta identified by 'SEKRET1'"),
        Call::query("create user 'x' identified with caching_sha2_password by \"SEKRET1"),
        with_param("update users set password = ? where id = 1"),
        with_param("update users set password = ?, a = 1 where id = 2"),
        Call::query("change master to master_password = 'SEKRET1', master_host = 'h'"),
        Call::execute(
            "select ?",
            vec![Value::from("mysql://root:SEKRET1@localhost/x")],
        ),
        with_attribute,
        with_connection,
    ] {
        let said = said(&test_with(&expected), &call);
        assert!(
            !said.contains("SEKRET"),
            "{}: {said}",
            call.statement.text()
        );
        let upper = said.to_uppercase();
        assert!(
            !upper.contains("SEKRET"),
            "{}: {said}",
            call.statement.text()
        );
    }
}

#[test]
fn statements_with_passwords_are_matched_by_them_and_verified_without() {
    let statement = |password| Call::query(&format!("set password = '{password}'"));
    let test = test_with(&json!([{"stmt": "set password = 'right'", "times": 1}]));
    assert_eq!(common::answer(&test, &statement("wrong")), "open");
    let said = test.explain(&statement("wrong")).to_string();
    assert!(
        said.starts_with("it differs in what is hidden, such as a password: set password = ***"),
        "{said}"
    );
    assert_eq!(common::answer(&test, &statement("right")), "none");
    let said = test.explain(&statement("right")).to_string();
    assert!(
        said.starts_with("called 1 of 1 time before: set password = ***"),
        "{said}"
    );
    for expected in [
        json!({"stmt": "set password = 'other'"}),
        json!({"digest": "SET PASSWORD = 'other'"}),
        json!({"stmt_prefix": "set password"}),
        json!({"stmt_regex": "^set password = 'right'$"}),
        json!({"stmt_regex": "(?i)SET PASSWORD = '[a-z]+'"}),
        json!({"stmt_regex": "password = "}),
        json!({"stmt_regex": "^set password = 'r"}),
    ] {
        let list = read(&json!([expected])).list;
        let is_found = expected != json!({"stmt_regex": "^set password = 'r"});
        let count = if is_found { 2 } else { 0 };
        assert_eq!(test.count_meeting(&list[0]), count, "{expected}");
    }
    let other = read(&json!([{"stmt_regex": "^alter user ada identified by 'right'"}])).list;
    assert_eq!(test.count_meeting(&other[0]), 0);
}

#[test]
fn of_long_statements_the_beginning_is_kept_and_the_rest_is_freed() {
    let test = Test::<Json>::new(None, TestOptions::default());
    let long = format!("insert into t values ('{}')", "é".repeat(1 << 18));
    let value = Value::from("y".repeat(1 << 19).as_str());
    let bytes = Value::from_bytes(&vec![0xff; 1 << 18]);
    let call = Arc::new(Call::execute(&long, vec![value, Value::from(7_i64), bytes]));
    let begun = test.begin(&call, Timestamp::UNIX_EPOCH);
    let explanation = test.unexpected(begun.number, &call);
    let message = "z".repeat(1 << 20);
    let error = Outcome::Error {
        code: 1,
        sql_state: "HY000".to_owned(),
        message,
    };
    test.finish(begun.number, error, Duration::ZERO);
    assert_eq!(Arc::strong_count(&call), 1);
    let entry = test.statement(begun.number).unwrap();
    let shown = json!(entry);
    let text = shown["statement"].as_str().unwrap();
    let note = format!("... ({} bytes)", long.len());
    assert!(text.starts_with("insert into t values ('é") && text.ends_with(&note));
    assert!(text.len() < 70_000, "{}", text.len());
    assert_eq!(shown["params"][1], 7);
    assert_eq!(shown["params"][2], "... (262144 bytes)");
    let total = json!([shown, explanation, test.report()]).to_string().len();
    assert!(total < 500_000, "{total}");
}

#[test]
fn a_journal_has_no_more_bytes_than_it_may_whatever_takes_them() {
    let options = TestOptions {
        journal_bytes: 1 << 20,
        ..TestOptions::default()
    };
    let connection = Arc::new(Connection {
        attributes: BTreeMap::from([("note".to_owned(), "n".repeat(30_000))]),
        ..Connection::default()
    });
    let long = |text: String| Call::query(&text);
    let of_connection = Call {
        connection,
        ..Call::query("select 1")
    };
    for (call, message) in [
        (long(format!("select '{}'", "x".repeat(50_000))), ""),
        (of_connection, ""),
        (Call::query("select 1"), "a message"),
    ] {
        let test = Test::<Json>::new(None, options);
        let message = message.repeat(400);
        for _ in 0..1_000 {
            let begun = test.begin(&Arc::new(call.clone()), Timestamp::UNIX_EPOCH);
            let error = Outcome::Error {
                code: 1,
                sql_state: "HY000".to_owned(),
                message: message.clone(),
            };
            test.finish(begun.number, error, Duration::ZERO);
        }
        let shown = json!(test.statements(|_| true)).to_string().len();
        assert!(shown < 2 << 20, "{shown}");
        assert_eq!(test.journal_len() as u64 + test.overflowed(), 1_000);
        test.reset(mynah_expect::Reset::ALL);
        let begun = test.begin(&Arc::new(call.clone()), Timestamp::UNIX_EPOCH);
        assert!(test.statement(begun.number).is_some());
    }
}
