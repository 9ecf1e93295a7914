//! The log records of the program, and their files.

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
use support::{Mock, fixture, program, run, trace_file};

const TALKS: &str = "console.log('a script\\nof two lines');
    ({ stmts: function(stmt) { return { ok: {} }; } })";

#[tokio::test]
async fn each_listener_has_a_file_of_its_own() {
    let (folder, trace) = trace_file("trace.js", TALKS);
    let (logs, socket) = (
        folder.path().join("to/logs"),
        folder.path().join("other.name.sock"),
    );
    let mut mock = program();
    mock.args(["--verbose", "--http-port", "0", "-f"])
        .arg(trace);
    mock.arg("--logging-folder")
        .arg(&logs)
        .arg("--socket")
        .arg(&socket);
    let mut mock = Mock::start(&mut mock);
    assert_eq!(mock.listening("classic"), socket.to_str().unwrap());
    let http = mock.listening("http");
    let mut conn = mock.connect().await;
    conn.query_drop("select\n1").await.unwrap();
    conn.disconnect().await.unwrap();
    let options = mock.options().socket(socket.to_str()).prefer_socket(true);
    let mut local = mysql_async::Conn::new(options).await.unwrap();
    local.query_drop("select 2").await.unwrap();
    local.disconnect().await.unwrap();
    let port = mock.address.port();
    mock.signal("TERM");
    let (status, stdout, stderr) = mock.wait();
    assert!(status.success());
    assert_eq!((&*stdout, &*stderr), ("", ""));

    let log =
        |name: &str| std::fs::read_to_string(logs.join(format!("mock_server_{name}.log"))).unwrap();
    let classic = log(&port.to_string());
    assert!(classic.contains("us: select\\n1\n"), "{classic}");
    assert!(!classic.contains("select 2"), "{classic}");
    // Records without a listener are in the first file, including those from before there was one.
    assert!(classic.contains("trace.js: "), "{classic}");
    assert!(classic.contains("a script\\nof two lines"), "{classic}");
    assert!(classic.contains("SIGTERM"), "{classic}");
    let local = log("other.name");
    assert!(
        local.contains("us: select 2\n") && !local.contains("n1"),
        "{local}"
    );
    assert_eq!(log(http.rsplit(':').next().unwrap()), "");
    for line in classic.lines().chain(local.lines()) {
        let words: Vec<_> = line.split_whitespace().collect();
        assert!(
            words[0].ends_with('Z') && words[2].starts_with('['),
            "{line}"
        );
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let trace = fixture("hello.js");
    let args = [
        "-f",
        trace.to_str().unwrap(),
        "-P0",
        "-B",
        "127.0.0.1",
        "--logging-folder",
    ];
    let output = run(&[&args[..], &["/dev/null/logs"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.starts_with("error: can't log to '/dev/null/logs': "),
        "{message}"
    );
}

#[tokio::test]
async fn a_full_disk_is_reported_once_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("full.sock");
    let full = folder.path().join("mock_server_full.log");
    if !Path::new("/dev/full").exists() {
        println!("skipped: no /dev/full");
        return;
    }
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let mut mock = program();
    mock.args(["--verbose", "-f"]).arg(fixture("hello.js"));
    mock.arg("--socket")
        .arg(&socket)
        .arg("--logging-folder")
        .arg(folder.path());
    let mut mock = Mock::start(&mut mock);
    mock.listening("classic");
    let options = mock.options().socket(socket.to_str()).prefer_socket(true);
    let mut local = mysql_async::Conn::new(options).await.unwrap();
    for _ in 0..3 {
        local.query_drop("show databases").await.unwrap();
    }
    local.disconnect().await.unwrap();
    mock.signal("TERM");
    let (status, _, stderr) = mock.wait();
    assert!(status.success());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(
        stderr.contains("mock_server_full.log': No space left"),
        "{stderr}"
    );
}

#[tokio::test]
async fn a_statement_is_logged_without_its_password() {
    let mut mock = program();
    mock.args(["--verbose", "-f"]).arg(fixture("hello.js"));
    let mock = Mock::start(&mut mock);
    let mut conn = mock.connect().await;
    let answered = conn.query_drop("alter user ada identified by 'SEKRET'");
    assert!(answered.await.is_err());
    conn.disconnect().await.unwrap();
    mock.signal("TERM");
    let stderr = mock.wait().2;
    assert!(
        stderr.contains("us: alter user ada identified by ***\n"),
        "{stderr}"
    );
}

#[tokio::test]
async fn the_environment_sets_levels_unless_verbose_does() {
    for (variable, verbose, seen) in [
        ("info", false, true),
        ("off", true, true),
        ("error", false, false),
    ] {
        let mut mock = program();
        mock.env("RUST_LOG", variable)
            .arg("-f")
            .arg(fixture("hello.js"));
        mock.args(verbose.then_some("--verbose"));
        let mock = Mock::start(&mut mock);
        let mut conn = mock.connect().await;
        conn.query_drop("show databases").await.unwrap();
        conn.disconnect().await.unwrap();
        mock.signal("TERM");
        let stderr = mock.wait().2;
        assert_eq!(
            stderr.contains("us: show databases\n"),
            seen,
            "{variable}: {stderr}"
        );
    }
}

#[tokio::test]
async fn at_sighup_logs_continue_in_new_files_and_clients_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut mock = program();
    mock.args(["--verbose", "-f"]).arg(fixture("hello.js"));
    mock.arg("--logging-folder").arg(folder.path());
    let mock = Mock::start(&mut mock);
    let log = format!("mock_server_{}.log", mock.address.port());
    let log = folder.path().join(log);
    let mut conn = mock.connect().await;
    std::fs::rename(&log, folder.path().join("moved")).unwrap();
    mock.signal("HUP");
    while !log.exists() {
        tokio::task::yield_now().await;
    }
    conn.query_drop("select 'later'").await.ok();
    let moved = std::fs::read_to_string(folder.path().join("moved")).unwrap();
    assert!(moved.contains("logged in") && !moved.contains("later"));
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("select 'later'"), "{text}");
}

#[tokio::test]
async fn the_log_says_what_answered() {
    let script = "({stmts: function (stmt) { if (stmt === 'b') return {ok: {}}; },
  expectations: [
    {stmt: 'a', ok: {}},
    {stmt: 'c', name: 'the third', ok: {}}]})";
    let (_folder, path) = trace_file("shop.js", script);
    let mut mock = Mock::start(
        program()
            .args(["--verbose", "--http-port", "0", "-f"])
            .arg(path),
    );
    let http = mock.listening("http");
    for body in [
        r#"{"stmt": "d", "ok": {}}"#,
        r#"{"stmt": "e", "name": "fifth", "ok": {}}"#,
    ] {
        assert_eq!(Mock::rest(&http, "POST", "expectations/", body).0, 201);
    }
    let mut conn = mock.connect().await;
    for text in ["a", "b", "c", "d", "e", "set names utf8mb4"] {
        conn.query_drop(text).await.unwrap();
    }
    assert!(conn.query_drop("f").await.is_err());
    conn.disconnect().await.unwrap();
    mock.signal("TERM");
    let stderr = mock.wait().2;
    for (by, text) in [
        ("expectations[0], shop.js line 3", "a"),
        ("the script, shop.js line 1", "b"),
        ("\"the third\", expectations[1], shop.js line 4", "c"),
        ("expectation 3", "d"),
        ("\"fifth\", expectation 4", "e"),
        ("the prelude", "set names utf8mb4"),
        ("nothing", "f"),
    ] {
        let found = stderr.lines().any(|line| {
            line.contains(&format!(": {by}: ")) && line.ends_with(&format!("us: {text}"))
        });
        assert!(found, "{by}: {text}: {stderr}");
    }
}
