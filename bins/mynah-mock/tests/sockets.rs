//! Unix sockets and X ports.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder};
use support::{Mock, fixture, program};

#[tokio::test]
async fn a_socket_alone_needs_no_port_and_is_removed_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (path, x) = (folder.path().join("a.sock"), folder.path().join("x.sock"));
    let mut process = program()
        .arg("-f")
        .arg(fixture("hello.js"))
        .arg("--socket")
        .arg(&path)
        .arg("--xsocket")
        .arg(&x)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    assert_eq!(line(), format!("classic listening on {}", path.display()));
    assert_eq!(line(), format!("x listening on {}", x.display()));
    let options = OptsBuilder::default()
        .socket(path.to_str())
        .wait_timeout(Some(60));
    let options = options.max_allowed_packet(Some(1 << 24));
    let mut conn = Conn::new(options).await.unwrap();
    let name: Option<String> = conn.query_first("show databases").await.unwrap();
    assert_eq!(name.as_deref(), Some("information_schema"));
    let mut hello = [0; 9];
    UnixStream::connect(&x)
        .unwrap()
        .read_exact(&mut hello)
        .unwrap();
    assert_eq!(&hello, b"\x05\0\0\0\x0b\x08\x05\x1a\0");
    let pid = process.id().to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    assert!(process.wait().unwrap().success());
    assert!(!path.exists() && !x.exists());
}

#[test]
fn x_clients_are_greeted_at_a_port_of_their_own() {
    let mut mock = program();
    mock.args(["--xport", "0", "-f"]).arg(fixture("hello.js"));
    let mut mock = Mock::start(&mut mock);
    let mut hello = [0; 9];
    let mut client = TcpStream::connect(mock.listening("x")).unwrap();
    client.read_exact(&mut hello).unwrap();
    assert_eq!(&hello, b"\x05\0\0\0\x0b\x08\x05\x1a\0");
    mock.signal("TERM");
    assert!(mock.wait().0.success());
}
