//! What clients are told when the proxy ends before they have left.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::time::Duration;

use mynah_testkit::Direction;
use support::{backend, front, read, read_to_end, recording};

const PING: &[u8] = b"\x01\0\0\0\x0e";
const PONG: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";

/// What a client reads at the end that has had a ping answered, and then sends this.
fn told(last: &'static [u8]) -> Vec<u8> {
    let login: Vec<_> = recording("mysql-5.6/ping.hex").lines[..3]
        .iter()
        .map(|line| (line.direction, line.wire()))
        .collect();
    let played = login.clone();
    let (asked, hears) = std::sync::mpsc::channel();
    let backend = backend(move |mut stream| {
        for (direction, wire) in &played {
            match direction {
                Direction::Server => stream.write_all(wire).unwrap(),
                Direction::Client => assert_eq!(read(&mut stream, wire.len()), wire),
            }
        }
        assert_eq!(read(&mut stream, PING.len())[..], *PING);
        stream.write_all(PONG).unwrap();
        assert_eq!(read(&mut stream, last.len())[..], *last);
        asked.send(()).unwrap();
        read_to_end(&mut stream);
    });
    let front = front(backend.port, |_| {});
    let mut client = front.client();
    for (direction, wire) in &login {
        match direction {
            Direction::Server => assert_eq!(read(&mut client, wire.len()), wire),
            Direction::Client => client.write_all(wire).unwrap(),
        }
    }
    client.write_all(PING).unwrap();
    assert_eq!(read(&mut client, PONG.len())[..], *PONG);
    client.write_all(last).unwrap();
    hears.recv().unwrap();
    assert!(!front.relay.shut_down(Duration::ZERO));
    let mut told = Vec::new();
    client.read_to_end(&mut told).unwrap();
    backend.join();
    told
}

fn error(sequence_id: u8) -> Vec<u8> {
    let error = b"\xff\x1d\x04#08S01Server shutdown in progress";
    let len = u8::try_from(error.len()).unwrap();
    [&[len, 0, 0, sequence_id], &error[..]].concat()
}

#[test]
fn an_idle_client_is_told_unasked() {
    assert_eq!(told(b""), error(0));
}

#[test]
fn a_client_that_waits_for_its_answer_is_told_by_it() {
    assert_eq!(told(b"\x09\0\0\0\x03select 1"), error(1));
}

#[test]
fn a_client_in_the_middle_of_a_command_of_its_own_is_told_unasked() {
    assert_eq!(told(b"\x09\0\0\0\x03sel"), error(0));
}
