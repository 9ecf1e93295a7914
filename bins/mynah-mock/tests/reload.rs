//! The script read again while the mock runs, options from the environment, and `ping`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use support::{Mock, program, trace_file};

/// A script that agrees to everything, with so many rows.
fn script(rows: u64) -> String {
    format!("({{stmts: function () {{ return {{ok: {{affected_rows: {rows}}}}}; }}}})")
}

/// How many rows a statement of a new session changes.
async fn rows(mock: &Mock) -> u64 {
    let mut conn = mock.connect().await;
    conn.query_drop("x").await.unwrap();
    conn.affected_rows()
}

#[tokio::test]
async fn a_hang_up_has_the_script_read_again_and_a_broken_one_changes_nothing() {
    let (_folder, path) = trace_file("t.js", &script(1));
    let mut mock = Mock::start(program().args(["--http-port", "0", "-f"]).arg(&path));
    let http = mock.listening("http");
    let mut open = mock.connect().await;
    std::fs::write(&path, script(2)).unwrap();
    mock.signal("HUP");
    while rows(&mock).await != 2 {}
    open.query_drop("x").await.unwrap();
    assert_eq!(open.affected_rows(), 1);
    std::fs::write(&path, "({stmts: ").unwrap();
    let (status, problem) = Mock::rest(&http, "PUT", "script", "");
    assert_eq!(status, 422, "{problem}");
    assert!(problem.contains("t.js"), "{problem}");
    assert_eq!(rows(&mock).await, 2);
}

#[tokio::test]
async fn a_watched_script_is_read_again_and_its_sessions_are_closed_if_that_is_wanted() {
    let (folder, path) = trace_file("t.js", "({stmts: require('./rows.js')})");
    let module = folder.path().join("rows.js");
    let text = |rows| {
        format!("module.exports = function () {{ return {{ok: {{affected_rows: {rows}}}}}; }};")
    };
    std::fs::write(&module, text(1)).unwrap();
    let options = ["--watch", "--reload-sessions", "close", "-f"];
    let mock = Mock::start(program().args(options).arg(&path));
    let mut open = mock.connect().await;
    assert_eq!(rows(&mock).await, 1);
    std::fs::write(&module, text(234)).unwrap();
    // Another session may be closed while it logs in, or is used.
    loop {
        let Ok(mut conn) = Conn::new(mock.options()).await else {
            continue;
        };
        if conn.query_drop("x").await.is_ok() && conn.affected_rows() == 234 {
            break;
        }
    }
    assert!(open.query_drop("x").await.is_err());
}

#[tokio::test]
async fn modules_outside_of_the_folder_and_links_are_watched() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["script", "lib", "versions"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let module = folder.path().join("lib/rows.js");
    let text = |rows| format!("module.exports = {rows};");
    std::fs::write(&module, text(1)).unwrap();
    let version = |name: &str, rows: &str| {
        let path = folder.path().join("versions").join(name);
        let script =
            format!("({{stmts: function () {{ return {{ok: {{affected_rows: {rows}}}}}; }}}})");
        std::fs::write(&path, script).unwrap();
        path
    };
    let link = folder.path().join("script/t.js");
    let first = version("1.js", "require('../lib/rows.js')");
    std::os::unix::fs::symlink(first, &link).unwrap();
    let mock = Mock::start(program().args(["--watch", "-f"]).arg(&link));
    assert_eq!(rows(&mock).await, 1);
    std::fs::write(&module, text(234)).unwrap();
    while rows(&mock).await != 234 {}
    // The link gets another target, whose own text changes, too.
    let second = version("2.js", "7");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(second, &link).unwrap();
    while rows(&mock).await != 7 {}
    version("2.js", "77");
    while rows(&mock).await != 77 {}
}

#[tokio::test]
async fn options_come_from_the_environment_and_ping_finds_the_mock_there() {
    let (_folder, path) = trace_file("t.js", &script(3));
    let mut command = program();
    command
        .env("MYNAH_FILENAME", &path)
        .env("MYNAH_HTTP_PORT", "0");
    // An option counts more than a variable.
    command.env("MYNAH_PORT", "not a port");
    let mut mock = Mock::start(&mut command);
    let http = mock.listening("http");
    assert_eq!(rows(&mock).await, 3);
    let port = http.rsplit(':').next().unwrap().to_owned();
    let ping = |port: &str| {
        program()
            .arg("ping")
            .env("MYNAH_HTTP_PORT", port)
            .output()
            .unwrap()
    };
    let pinged = ping(&port);
    assert_eq!(pinged.status.code(), Some(0));
    assert_eq!(pinged.stdout, b"{\"status\":\"ready\"}\n");
    drop(mock);
    let pinged = ping(&port);
    assert_eq!(pinged.status.code(), Some(1));
    let said = String::from_utf8(pinged.stderr).unwrap();
    let expected = format!("error: 127.0.0.1:{port} can't be reached");
    assert!(said.starts_with(&expected), "{said}");
}
