//! How long commands took: that of the server alone, whatever stood before them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::Write;
use std::time::Duration;

use serde_json::Value;
use support::{backend, front, json_trace, lets_in, logged_in, read};

const OK: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";
const PING: &[u8] = b"\x01\0\0\0\x0e";
const QUIT: &[u8] = b"\x01\0\0\0\x01";

/// The second of two commands that are sent at once waits for the first, and what has no answer has
/// no latency.
#[test]
fn a_command_behind_another_waits_and_a_goodbye_is_not_timed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let (seen, is_seen) = std::sync::mpsc::channel::<()>();
    let backend = backend(move |mut stream| {
        lets_in(&mut stream);
        read(&mut stream, 2 * PING.len());
        stream.write_all(OK).unwrap();
        // The client has the first answer before the second begins, and its first byte before the rest.
        is_seen.recv().unwrap();
        stream.write_all(&OK[..1]).unwrap();
        is_seen.recv().unwrap();
        stream.write_all(&OK[1..]).unwrap();
        read(&mut stream, QUIT.len());
    });
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 1));
    });
    let mut client = logged_in(&front);
    client.write_all(&[PING, PING].concat()).unwrap();
    assert_eq!(read(&mut client, OK.len())[..], *OK);
    seen.send(()).unwrap();
    assert_eq!(read(&mut client, 1)[..], OK[..1]);
    seen.send(()).unwrap();
    assert_eq!(read(&mut client, OK.len() - 1)[..], OK[1..]);
    client.write_all(QUIT).unwrap();
    support::read_to_end(&mut client);
    drop(client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let text = std::fs::read_to_string(&path).unwrap();
    let commands: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|event: &Value| event["event"] == "command")
        .collect();
    let [first, second, quit] = &commands[..] else {
        panic!("{text}");
    };
    assert_eq!(first["waited_us"], 0);
    let of = |key: &str| second[key].as_u64().unwrap();
    // It came with the first, so it has waited as long as that took.
    assert_eq!(second["waited_us"], first["latency_us"], "{text}");
    assert!(of("first_byte_us") < of("latency_us"), "{second}");
    assert!(quit.get("latency_us").is_none(), "{quit}");
}
