//! `mynah-mock check`: problems of scripts, without serving them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::Path;

use mysql_async::prelude::Queryable;
use support::{Mock, fixture, run, trace_file};

fn checked(args: &[&str]) -> (Option<i32>, String) {
    let output = run(&[&["check"], args].concat());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn all_problems_of_all_files_are_printed_with_their_places() {
    let (_one, good) = trace_file("good.js", "({stmts: function () {}})");
    let (_two, bad) = trace_file(
        "bad.json",
        "{\n\"stmts\": [{\"ok\": {}}],\n\"strcit\": true,\n\"loop\": 1\n}",
    );
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    let (code, said) = checked(&[good]);
    assert_eq!(
        (code, said),
        (
            Some(0),
            format!("{good}: factory: its value contains functions\n")
        )
    );
    let (code, said) = checked(&[bad, good]);
    assert_eq!(code, Some(1));
    assert_eq!(
        said,
        format!(
            "{bad}:3:1: strcit: unknown key \"strcit\"; did you mean \"strict\"?\n\
             {bad}:4:9: loop: needs true or false, but is 1\n\
             {bad}: static: it is JSON\n\
             {good}: factory: its value contains functions\n"
        )
    );
    let (code, said) = checked(&["missing.js"]);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("missing.js: can't read the script missing.js: "),
        "{said}"
    );
}

#[test]
fn true_in_a_column_of_numbers_is_said_in_compatible_mode() {
    let text = "({stmts: [{result: {columns: [{name: 'a', type: 'LONG'}], rows: [[true]]}}]})";
    let (_folder, path) = trace_file("t.js", text);
    let path = path.to_str().unwrap();
    assert_eq!(checked(&[path]).0, Some(0));
    let (code, said) = checked(&["--compatible", path]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with(&format!("{path}:1:67: ")), "{said}");
}

#[test]
fn the_scripts_of_the_repository_have_no_problems() {
    let folder = fixture("");
    let scripts = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let scripts: Vec<_> = scripts.filter(|path| path.is_file()).collect();
    assert!(scripts.len() > 3);
    let scripts: Vec<_> = scripts.iter().map(|path| path.to_str().unwrap()).collect();
    let (code, said) = checked(&scripts);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn check_without_files_is_wrong_usage() {
    let output = run(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        "error: check has no files; write mynah-mock check script.js\n"
    );
}

#[tokio::test]
async fn unknown_keys_are_warnings_at_each_start() {
    let mock = Mock::script("({\nstmts: [{ok: {}}],\nstrcit: true\n})");
    let mut conn = mock.connect().await;
    conn.query_drop("anything").await.unwrap();
    conn.disconnect().await.unwrap();
    mock.signal("TERM");
    let (_, _, log) = mock.wait();
    let warning = "trace.js:3:1: strcit: unknown key \"strcit\"; did you mean \"strict\"?";
    assert!(log.contains(warning) && log.contains("WARN"), "{log}");
}

#[test]
fn the_lists_on_the_page_about_expectations_have_no_problems() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/expectations.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("```json\n").skip(1);
    let blocks: Vec<_> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 2, "{blocks:?}");
    for block in blocks {
        let (_folder, path) = trace_file("page.json", &format!("{{\"expectations\": {block}}}"));
        let (code, said) = checked(&[path.to_str().unwrap()]);
        assert_eq!(code, Some(0), "{said}{block}");
    }
}
