//! Commands that a client sends before it knows whether it may come in, where the proxy has a part in
//! that.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use mynah_relay::Address;
use mynah_testkit::Direction;
use support::{backend, front, read, recording};

const PING: &[u8] = b"\x01\0\0\0\x0e";
const PONG: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";
const CHANGE_USER: &[u8] = b"\x09\0\0\0\x11ada\0\0\0\x2d\0";
const SWITCH: &[u8] = b"\x2c\0\0\x01\xfemysql_native_password\x0001234567890123456789\0";
const ANSWER: &[u8] = b"\x05\0\0\x02guess";
const CHANGED: &[u8] = b"\x07\0\0\x03\0\0\0\x02\0\0\0";

#[test]
fn they_come_behind_the_login_as_they_were_sent() {
    let login: Vec<_> = recording("mysql-5.6/ping.hex").lines[..3]
        .iter()
        .map(|line| (line.direction, line.wire()))
        .collect();
    let played = login.clone();
    let backend = backend(move |mut stream| {
        for (direction, wire) in &played {
            match direction {
                Direction::Server => stream.write_all(wire).unwrap(),
                Direction::Client => assert_eq!(read(&mut stream, wire.len()), wire),
            }
        }
        assert_eq!(read(&mut stream, PING.len())[..], *PING);
        stream.write_all(PONG).unwrap();
        assert_eq!(read(&mut stream, CHANGE_USER.len())[..], *CHANGE_USER);
        stream.write_all(SWITCH).unwrap();
        assert_eq!(read(&mut stream, ANSWER.len())[..], *ANSWER);
        stream.write_all(CHANGED).unwrap();
        assert_eq!(read(&mut stream, PING.len())[..], *PING);
        stream.write_all(PONG).unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    // What doesn't leave the machine may have passwords in clear, which the server's side may not.
    let path = folder.path().join("socket");
    let _front = front(backend.port, |options| {
        options.routes[0].listen = Address::Unix(path.clone());
    });
    let mut client = UnixStream::connect(&path).unwrap();
    let hears = |wire: &[u8], client: &mut UnixStream| {
        let mut heard = vec![0; wire.len()];
        client.read_exact(&mut heard).unwrap();
        assert_eq!(heard, wire);
    };
    let [(_, greeting), (_, response), (_, ok)] = &login[..] else {
        panic!("{login:?}")
    };
    hears(greeting, &mut client);
    client.write_all(&[response, PING].concat()).unwrap();
    hears(ok, &mut client);
    hears(PONG, &mut client);
    client.write_all(CHANGE_USER).unwrap();
    hears(SWITCH, &mut client);
    client.write_all(&[ANSWER, PING].concat()).unwrap();
    hears(CHANGED, &mut client);
    hears(PONG, &mut client);
    backend.join();
}
