//! The program as its users see it: arguments, messages, signals, exit codes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::os::unix::net::UnixDatagram;
use std::process::Command;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};
use support::{Mock, fixture, program, trace_file};

#[tokio::test]
async fn in_compatible_mode_a_script_that_does_not_load_is_reported_at_the_start_and_to_each_client()
 {
    let (_folder, path) = trace_file("broken.js", "var a = 1;\n({ stmts: [\n  { ok: } ] })\n");
    let mock = Mock::start(program().arg("--compatible").arg("--filename").arg(&path));
    let place = format!("{}:3: SyntaxError: parse error", path.display());
    let Err(Error::Server(error)) = Conn::new(mock.options()).await else {
        panic!("a client was greeted");
    };
    assert_eq!(error.code, 1064);
    assert!(error.message.contains(&place), "{}", error.message);
    assert!(error.message.contains("line 3, col"), "{}", error.message);
    mock.signal("TERM");
    let (status, _, stderr) = mock.wait();
    assert!(status.success(), "{status}");
    assert!(stderr.contains(&place), "{stderr}");
}

#[test]
fn a_script_that_does_not_load_ends_the_program_with_its_place() {
    for (text, problem) in [
        (
            "var a = 1;\n({ stmts: [\n  { ok: } ] })\n",
            ":3: SyntaxError: parse error",
        ),
        ("({})", "expected 'stmts' to be one of callable, thread or"),
        ("5", "expected statement handler to return an object"),
        ("\n\nthrow new RangeError('far')", ":3: RangeError: far"),
        (
            "({ stmts: [], handshake: 5 })",
            "handshake must be an object",
        ),
    ] {
        for isolation in ["auto", "context"] {
            let (_folder, path) = trace_file("broken.js", text);
            let mut program = program();
            let program = program.args(["-P0", "--isolation", isolation, "-f"]);
            let output = program.arg(&path).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{text}: {said}");
            assert!(output.stdout.is_empty(), "it listens: {text}");
            let start = format!("error: the script {} doesn't load: ", path.display());
            assert!(said.starts_with(&start), "{said}");
            assert!(said.contains(problem), "{said}");
            assert!(said.contains("; --compatible starts anyway"), "{said}");
        }
    }
}

#[test]
fn a_json_trace_that_does_not_load_ends_the_program_with_its_place() {
    let (_folder, path) = trace_file("broken.json", "{ \"stmts\": [\n}");
    let mut program = program();
    let output = program.arg("-P0").arg("-f").arg(&path).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("broken.json:2: "), "{said}");
}

#[tokio::test]
async fn started_under_the_name_of_the_original_it_behaves_as_that() {
    let (folder, path) = trace_file("broken.js", "throw 'my own words'");
    let link = folder.path().join("mysql_server_mock");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mynah-mock"), &link).unwrap();
    let wrong = Command::new(&link).arg("--nonsense").output().unwrap();
    let said = String::from_utf8(wrong.stdout).unwrap();
    assert_eq!(
        (wrong.status.code(), &*said),
        (Some(1), "ERROR: unknown option '--nonsense'.\n")
    );
    let mock = Mock::start(Command::new(&link).arg("--filename").arg(&path));
    let Err(Error::Server(error)) = Conn::new(mock.options()).await else {
        panic!("a client was greeted");
    };
    assert_eq!((error.code, &*error.message), (1064, "my own words"));
}

#[tokio::test]
async fn both_signals_end_it_with_0_whatever_its_sessions_do() {
    for signal in ["TERM", "INT"] {
        let mock = Mock::script(
            "({ stmts: function(stmt) {
                  return stmt === 'slow' ? { exec_time: 3600000, ok: {} } : { ok: {} };
                } })",
        );
        let idle = mock.connect().await;
        let mut busy = mock.connect().await;
        busy.query_drop("quick").await.unwrap();
        let slow = tokio::spawn(async move { busy.query_drop("slow").await });
        mock.signal(signal);
        let (status, stdout, stderr) = mock.wait();
        assert_eq!(status.code(), Some(0), "{signal}: {stderr}");
        assert_eq!((&stdout[..], &stderr[..]), ("", ""), "{signal}");
        assert!(
            slow.await.unwrap().is_err(),
            "{signal}: the session continued"
        );
        drop(idle);
    }
}

#[tokio::test]
async fn a_script_that_never_returns_does_not_outlive_its_program() {
    let mock = Mock::script("({ stmts: function(stmt) { while (true); } })");
    let mut conn = mock.connect().await;
    let stuck = tokio::spawn(async move { conn.query_drop("anything").await });
    // The other threads still answer, so when one of them has, the statement has been sent.
    mock.connect().await.ping().await.unwrap();
    mock.signal("TERM");
    let (status, ..) = mock.wait();
    assert_eq!(status.code(), Some(0));
    assert!(stuck.await.unwrap().is_err());
}

#[test]
fn the_service_manager_is_notified_when_it_is_ready_and_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    let mock = Mock::start(
        program()
            .arg("--filename")
            .arg(fixture("hello.js"))
            .env("NOTIFY_SOCKET", &path),
    );
    let mut buffer = [0; 256];
    let mut receive = || {
        let len = socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..len]).into_owned()
    };
    assert_eq!(receive(), "STATUS=running\nREADY=1\n");
    mock.signal("TERM");
    assert_eq!(receive(), "STATUS=ending\nSTOPPING=1\n");
    assert!(mock.wait().0.success());
}

#[tokio::test]
async fn verbose_shows_connections_and_statements() {
    let mock = Mock::start(
        program()
            .args(["--verbose", "--filename"])
            .arg(fixture("hello.js")),
    );
    let mut conn = mock.connect().await;
    conn.query_drop("show databases").await.unwrap();
    conn.query_drop("unknown").await.unwrap_err();
    conn.disconnect().await.unwrap();
    mock.signal("TERM");
    let (_, _, stderr) = mock.wait();
    for expected in [
        "connection 1: opened by 127.0.0.1:",
        "us: show databases",
        "connection 1: the script, hello.js line ",
        ": 2 rows: ",
        "connection 1: nothing: error 1105: ",
        "unexpected statement: the function returned no answer: unknown; stmts, hello.js line ",
    ] {
        assert!(stderr.contains(expected), "{expected} in:\n{stderr}");
    }
}

#[tokio::test]
async fn modules_are_found_below_the_module_prefix() {
    let (folder, path) = trace_file(
        "trace.js",
        "var answer = require('answer');
         ({ stmts: function(stmt) { return answer.to(stmt); } })",
    );
    let modules = folder.path().join("modules/local_modules");
    std::fs::create_dir_all(&modules).unwrap();
    std::fs::write(
        modules.join("answer.js"),
        "exports.to = function(stmt) {
           return { result: { columns: [{ name: 'a', type: 'STRING' }], rows: [[stmt + '!']] } };
         };",
    )
    .unwrap();
    let prefix = folder.path().join("modules");
    let mock = Mock::start(
        program()
            .arg("--filename")
            .arg(path)
            .arg("--module-prefix")
            .arg(prefix),
    );
    let cell: Option<String> = mock.connect().await.query_first("hello").await.unwrap();
    assert_eq!(cell.as_deref(), Some("hello!"));
}
