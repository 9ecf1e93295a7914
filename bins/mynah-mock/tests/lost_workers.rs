//! Scripts that can't be interrupted: their workers are lost, but the program continues.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Compression, Conn, Error, SslOpts};

use support::raw::{Answer, RawClient};
use support::{Mock, program, trace_file};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Two statements whose regular expression takes for ever; other statements are answered.
const TRACE: &str = "({ stmts: function (stmt) {
    if (stmt === 'loop') /^(a+)+$/.test('a'.repeat(60) + 'b');
    if (stmt.startsWith('set password')) /^(a+)+$/.test('a'.repeat(60) + 'b');
    if (stmt === 'again') ('a'.repeat(60) + 'b').split(/^(a+)+$/);
    return { ok: {} };
  } })";

fn start(args: &[&str]) -> (Mock, tempfile::TempDir) {
    let (folder, path) = trace_file("hostile.js", TRACE);
    let mut mock = program();
    mock.arg("-f")
        .arg(path)
        .args(["--statement-budget", "1s"])
        .args(args);
    (Mock::start(&mut mock), folder)
}

fn connect(mock: &Mock) -> RawClient {
    RawClient::connect(mock.address, TIMEOUT).unwrap()
}

#[test]
fn the_sessions_of_a_lost_worker_get_an_error_and_new_clients_are_served_by_another() {
    let (mock, _folder) = start(&["--workers", "1"]);
    for statement in ["loop", "again", "loop"] {
        let (mut own, mut neighbour) = (connect(&mock), connect(&mock));
        own.send_query(statement).unwrap();
        for client in [&mut own, &mut neighbour] {
            let Answer::Error(1053, message) = client.answer().unwrap() else {
                panic!("{statement}");
            };
            assert!(message.contains("08S01"), "{message}");
            assert!(client.answer().is_err(), "it is closed");
        }
        assert_eq!(connect(&mock).query("select 1").unwrap(), Answer::Ok);
    }
    mock.signal("TERM");
    let (status, _, stderr) = mock.wait();
    assert_eq!(status.code(), Some(0), "{stderr}");
    assert!(
        stderr.contains("a worker is lost, and 2 sessions with it"),
        "{stderr}"
    );
    assert!(stderr.contains("hostile.js: loop"), "{stderr}");
}

#[test]
fn clients_of_other_workers_are_not_affected() {
    let (mock, _folder) = start(&["--workers", "2"]);
    let (mut own, mut other) = (connect(&mock), connect(&mock));
    own.send_query("loop").unwrap();
    assert_eq!(other.query("select 1").unwrap(), Answer::Ok);
    // It may be given to the busy worker first.
    let mut newcomers = [connect(&mock), connect(&mock)];
    for client in newcomers.iter_mut().chain([&mut other]) {
        assert_eq!(client.query("select 1").unwrap(), Answer::Ok);
    }
    assert!(matches!(own.answer(), Ok(Answer::Error(1053, _))));
    for client in newcomers.iter_mut().chain([&mut other]) {
        assert_eq!(client.query("select 1").unwrap(), Answer::Ok);
    }
}

#[tokio::test]
async fn a_session_that_is_encrypted_or_compressed_is_closed_with_its_worker() {
    let (mock, _folder) = start(&[
        "--workers",
        "1",
        "--ssl-mode",
        "preferred",
        "--ssl-self-signed",
        "--compression-algorithms",
        "zlib",
    ]);
    let tls = SslOpts::default().with_danger_accept_invalid_certs(true);
    let tls = || mock.options().ssl_opts(Some(tls.clone()));
    let compressed = || mock.options().compression(Compression::best());
    for options in [tls(), compressed(), tls().compression(Compression::best())] {
        let mut own = Conn::new(options.clone()).await.unwrap();
        let mut neighbour = Conn::new(options.clone()).await.unwrap();
        for client in [own.query_drop("loop").await, neighbour.ping().await] {
            assert!(matches!(client, Err(Error::Io(_))), "{client:?}");
        }
        let mut newcomer = Conn::new(options).await.unwrap();
        newcomer.query_drop("select 1").await.unwrap();
    }
}

/// An X frame.
fn frame(message_type: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len() + 1).unwrap();
    [&len.to_le_bytes()[..], &[message_type], payload].concat()
}

#[test]
fn sessions_of_the_x_protocol_get_an_error_with_their_lost_worker() {
    let (mut mock, _folder) = start(&["--workers", "1", "--xport", "0"]);
    let address = mock.listening("x");
    let connect = || {
        let mut client = TcpStream::connect(&address).unwrap();
        client.set_read_timeout(Some(TIMEOUT)).unwrap();
        let start = frame(4, b"\x0a\x07MYSQL41");
        let proof = frame(5, b"\x0a\x05\0ada\0");
        client.write_all(&[start, proof].concat()).unwrap();
        // AuthenticateOk is the first frame of its type.
        while read_frame(&mut client).0 != 4 {}
        client
    };
    let (mut own, mut neighbour) = (connect(), connect());
    own.write_all(&frame(12, b"\x0a\x04loop")).unwrap();
    for client in [&mut own, &mut neighbour] {
        let (message_type, payload) = read_frame(client);
        assert_eq!(message_type, 1);
        // Its number, 1053.
        assert!(payload.windows(3).any(|part| part == b"\x10\x9d\x08"));
        assert_eq!(client.read(&mut [0]).unwrap(), 0, "it is closed");
    }
    drop(connect());
}

fn read_frame(client: &mut TcpStream) -> (u8, Vec<u8>) {
    let mut header = [0; 5];
    client.read_exact(&mut header).unwrap();
    let [a, b, c, d, message_type] = header;
    let len = u32::from_le_bytes([a, b, c, d]) as usize;
    let mut payload = vec![0; len - 1];
    client.read_exact(&mut payload).unwrap();
    (message_type, payload)
}

#[test]
fn a_password_in_the_statement_of_a_lost_worker_is_not_shown() {
    let (mock, _folder) = start(&["--workers", "1", "--lost-workers", "1"]);
    let answer = connect(&mock).query("set password = 'SEKRET'");
    assert!(matches!(answer, Ok(Answer::Error(1053, _))));
    let (_, stdout, stderr) = mock.wait();
    let said = stdout + &stderr;
    assert!(said.contains("hostile.js: set password = ***"), "{said}");
    assert!(!said.contains("SEKRET"), "{said}");
}

#[test]
fn a_statement_has_as_much_memory_as_the_option_allows() {
    let (folder, path) = trace_file(
        "large.js",
        "({ stmts: function (stmt) {
            var held = [], text = 'x';
            while (text.length < Math.pow(2, stmt === 'double' ? 28 : 20)) text += text;
            for (var i = 0; i < stmt; i++) held.push(text.concat(i));
            return { ok: { message: 'held' } };
        } })",
    );
    let mut mock = program();
    mock.arg("-f")
        .arg(path)
        .args(["--script-memory", "64M", "--workers", "1"]);
    let mock = Mock::start(&mut mock);
    assert_eq!(connect(&mock).query("48").unwrap(), Answer::Ok);
    let mut client = connect(&mock);
    let Answer::Error(1064, message) = client.query("100").unwrap() else {
        panic!("it has more than it may");
    };
    assert!(message.contains("took more than 64 MiB"), "{message}");
    assert!(matches!(
        connect(&mock).query("double"),
        Ok(Answer::Error(1053, _))
    ));
    assert_eq!(connect(&mock).query("48").unwrap(), Answer::Ok);
    drop(folder);
}

#[test]
fn the_program_ends_when_too_many_workers_are_lost() {
    let (mock, _folder) = start(&["--workers", "1", "--lost-workers", "2"]);
    for statement in ["loop", "again"] {
        let mut client = connect(&mock);
        assert!(matches!(
            client.query(statement),
            Ok(Answer::Error(1053, _))
        ));
    }
    let (status, _, stderr) = mock.wait();
    assert_eq!(status.code(), Some(1), "{stderr}");
    for part in [
        "error: scripts have cost 2 workers",
        "hostile.js: loop",
        "hostile.js: again",
    ] {
        assert!(stderr.contains(part), "{stderr}");
    }
}
