//! Faults by rules of the command line.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use mynah_testkit::Direction;
use support::{Proxy, ask, play, server, wires};

const PING: &str = "mysql-5.6/ping.hex";

/// A server that lets a client in, and answers nothing.
fn silent() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        play(&mut stream, &wires(PING)[..3], Direction::Server);
        stream.read_to_end(&mut Vec::new())
    });
    port
}

/// Logs in and pings; gives what comes for that until the connection ends.
fn ping(port: u16) -> std::io::Result<Vec<u8>> {
    // Clients are offered no compression while there are rules.
    let mut login = wires(PING);
    login.truncate(3);
    let mut greeting = login[0].1.to_vec();
    let place = greeting.iter().skip(5).position(|&byte| byte == 0).unwrap() + 5 + 14;
    greeting[place] &= !0x20;
    login[0].1 = greeting.into();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    play(&mut stream, &login, Direction::Client);
    stream.write_all(b"\x01\0\0\0\x0e").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

#[test]
fn rules_of_the_command_line_and_of_a_file_are_played() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "# seldom\ncommand = quit: after_execute timeout\n").unwrap();
    let file = format!("--faults={}", file.path().display());
    let proxy = Proxy::start(
        &[silent()],
        &[
            "--fault=command = ping: before_forward latency=1 timeout=1",
            &file,
            "--fault-seed=7",
            "--http-port=0",
        ],
    );
    assert_eq!(ping(proxy.ports[0]).unwrap(), b"");
    let rules = ask(proxy.ports[1], "GET /faults/");
    assert!(
        rules.contains(r#""fault":{"latency":1,"timeout":1},"matched":1,"played":1}"#),
        "{rules}"
    );
    assert!(
        rules.contains(r#"{"id":2,"when":"command = quit""#),
        "{rules}"
    );
    let text = proxy.end();
    assert!(
        text.contains("! the proxy plays fault 1: before_forward latency, timeout\n"),
        "{text}"
    );
}

#[test]
fn a_connection_that_compresses_already_goes_on_with_a_warning() {
    const NAME: &str = "mysql-5.6/compressed-zlib.hex";
    let proxy = Proxy::start(&[server(&[NAME])], &["--http-port=0", "--trace=off"]);
    let mut stream = TcpStream::connect(("127.0.0.1", proxy.ports[0])).unwrap();
    let wires = wires(NAME);
    let (login, commands) = wires.split_at(3);
    play(&mut stream, login, Direction::Client);
    let rule = "before_forward reset_peer";
    let head = format!("POST /faults/ HTTP/1.1\r\nContent-Length: {}", rule.len());
    assert!(post(proxy.ports[1], &head, rule).starts_with("HTTP/1.1 201 "));
    play(&mut stream, commands, Direction::Client);
    drop(stream);
    let rules = ask(proxy.ports[1], "GET /faults/1");
    assert!(rules.contains(r#""matched":0,"played":0}"#), "{rules}");
    let (_, log) = proxy.end_with_errors();
    let warning = "connection 1: rules for faults don't see its commands: it compresses";
    assert_eq!(log.matches(warning).count(), 1, "{log}");
}

fn post(port: u16, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn rules_are_said_not_to_see_what_passes_under_tls() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mynah-proxy"))
        .args(["-l127.0.0.1:0", "-u127.0.0.1:1", "--tls=passthrough"])
        .arg("--fault=before_forward timeout")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut warning = String::new();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    said.read_line(&mut warning).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let why = "rules for faults don't see commands under TLS";
    assert!(warning.contains(why), "{warning}");
}
