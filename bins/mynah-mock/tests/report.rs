//! What tests came to, at the program's end: exit code 3, and the report in three formats.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use support::{Mock, program, trace_file};
use tempfile::TempDir;

const TRACE: &str = r#"({
  stmts: [],
  expectations: [
    {stmt: "select name from t", times: 1, ok: {}},
    {stmt: "select age from t", times: 1, ok: {}},
  ],
})"#;

/// Serves a trace with these options, runs these statements, and ends the mock by this signal: exit code,
/// standard error, and the report.
async fn ended(
    trace: &str,
    options: &[&str],
    statements: &[&str],
    signal: &str,
    file: &str,
) -> (Option<i32>, String, String) {
    let (_folder, path) = trace_file("shop.js", trace);
    let folder = TempDir::new().unwrap();
    let report = folder.path().join(file);
    let mut mock = program();
    mock.args(options)
        .arg("--report")
        .arg(&report)
        .arg("-f")
        .arg(path);
    let mock = Mock::start(&mut mock);
    let mut conn = mock.connect().await;
    for statement in statements {
        let _answered = conn.query_drop(*statement).await;
    }
    conn.disconnect().await.unwrap();
    mock.signal(signal);
    let (status, _, stderr) = mock.wait();
    (
        status.code(),
        stderr,
        std::fs::read_to_string(report).unwrap(),
    )
}

const BOTH: [&str; 2] = ["--fail-on-unexpected", "--fail-on-unmet"];

#[tokio::test]
async fn what_is_unmet_and_unexpected_ends_the_program_with_3_and_is_reported() {
    for signal in ["TERM", "INT"] {
        let statements = ["select name from t", "select agee from t"];
        let (code, stderr, report) = ended(TRACE, &BOTH, &statements, signal, "report.txt").await;
        assert_eq!(code, Some(3), "{stderr}");
        assert_eq!(
            report,
            "1 met, 1 unmet, 1 unexpected\n\
             unmet: expectations[1], shop.js line 5: called 0 times, has to be 1 time: stmt \"select age from t\"\n\
             unexpected: \"agee\" should be \"age\": select agee from t; closest: expectations[1], shop.js line 5\n"
        );
        assert!(stderr.contains(&report), "{stderr}");
    }
}

#[tokio::test]
async fn each_option_fails_on_its_own_and_nothing_fails_without_them() {
    let all = ["select name from t", "select age from t"];
    let wrong = ["select name from t", "select age from t", "wrong"];
    for (options, statements, expected) in [
        (&BOTH[..], &all[..], 0),
        (&BOTH[..1], &all[..1], 0),
        (&BOTH[1..], &all[..1], 3),
        (&BOTH[..1], &wrong[..], 3),
        (&BOTH[1..], &wrong[..], 0),
        (&[], &wrong[..1], 0),
    ] {
        let (code, stderr, _) = ended(TRACE, options, statements, "TERM", "r").await;
        assert_eq!(code, Some(expected), "{options:?} {statements:?} {stderr}");
    }
}

#[tokio::test]
async fn statements_are_unexpected_without_expectations_as_well() {
    let trace = "({stmts: [{ok: {}}]})";
    let statements = ["set names utf8mb4", "select a from t"];
    let (code, _, report) = ended(trace, &BOTH, &statements, "TERM", "report.txt").await;
    assert_eq!(code, Some(3));
    assert_eq!(
        report,
        "0 met, 0 unmet, 1 unexpected\nunexpected: all 1 entries of stmts are used up: select a from t\n"
    );
}

#[tokio::test]
async fn a_forbidden_statement_is_unexpected_as_the_help_says() {
    let trace = r#"({stmts: function () { return {ok: {}}; }, expectations: [{stmt: "drop table t", times: 0}]})"#;
    let (code, stderr, _) = ended(trace, &BOTH[..1], &["drop table t"], "TERM", "r").await;
    assert_eq!(code, Some(3), "{stderr}");
    let help = program().arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let option = help.split_once("--fail-on-unexpected").unwrap().1;
    let text = option.split_once("--fail-on-unmet").unwrap().0;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("that an expectation forbids"), "{text}");
}

#[tokio::test]
async fn the_report_is_json_or_junit_by_the_name_of_its_file() {
    let statements = ["select name from t", "select agee from t"];
    let (_, _, json) = ended(TRACE, &[], &statements, "TERM", "report.json").await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["unexpected_count"], 1);
    assert_eq!(
        json[0]["met"][0]["place"],
        "expectations[0], shop.js line 4"
    );
    let (_, _, junit) = ended(TRACE, &[], &statements, "TERM", "report.xml").await;
    assert!(
        junit.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
        "{junit}"
    );
    assert!(junit.contains("tests=\"3\" failures=\"2\""), "{junit}");
}

#[test]
fn a_command_that_succeeds_fails_with_3_if_an_expectation_is_unmet() {
    let (_folder, path) = trace_file("shop.js", TRACE);
    let ran = |command: &str| {
        let mut mock = program();
        mock.args(["run", "--fail-on-unmet", "-f"]).arg(&path);
        mock.args(["--", "sh", "-c", command]).output().unwrap()
    };
    let output = ran("exit 0");
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("0 met, 2 unmet, 0 unexpected\n"),
        "{stderr}"
    );
    assert_eq!(ran("exit 42").status.code(), Some(42));
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let (_folder, path) = trace_file("shop.js", TRACE);
    let mut mock = program();
    mock.args(["run", "--report", "/no/such/folder/report.txt", "-f"])
        .arg(&path);
    let output = mock.args(["--", "true"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("error: can't write the report '/no/such/folder/report.txt': "),
        "{stderr}"
    );
}
