//! Bytes behind messages, which servers and clients ignore: the proxy forwards them, keeps sight of the
//! connection, and shows them in the trace.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::time::Duration;

use mynah_testkit::{Direction, Fixture};
use serde_json::Value;
use support::{backend, front, json_trace, play, recording};

/// Plays both sides of a conversation with the proxy between them; gives the events of its trace.
fn carried(fixture: &Fixture) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let played = fixture.clone();
    let backend = backend(move |mut stream| play(&mut stream, &played, Direction::Server));
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 3));
    });
    let mut client = front.client();
    play(&mut client, fixture, Direction::Client);
    drop(client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn left_over(events: &[Value]) -> Vec<&str> {
    let left_over = events.iter().filter_map(|event| find(event, "left_over"));
    left_over.filter_map(Value::as_str).collect()
}

/// A key of an event, however deep.
fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object
            .get(key)
            .or_else(|| object.values().find_map(|value| find(value, key))),
        Value::Array(array) => array.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

#[test]
fn a_greeting_with_two_nuls_at_its_end_is_forwarded_and_its_commands_are_seen() {
    let mut fixture = recording("mysql-9.7/ping.hex");
    let greeting = &mut fixture.lines[0].payload;
    assert!(greeting.ends_with(b"caching_sha2_password\0"));
    *greeting = [&greeting[..], b"\0"].concat().into();
    let events = carried(&fixture);
    assert_eq!(left_over(&events), ["00"]);
    let commands = events.iter().filter(|event| event["event"] == "command");
    let commands: Vec<_> = commands.map(|event| event["command"].as_str()).collect();
    assert!(commands.contains(&Some("PING")), "{commands:?}");
}

#[test]
fn bytes_behind_commands_are_forwarded_and_shown() {
    let events = carried(&recording("mysql-9.7/behind-ping.hex"));
    let shown = left_over(&events);
    assert!(shown.contains(&"01"), "{shown:?}");
    assert!(shown.contains(&"0102030405"), "{shown:?}");
}

#[test]
fn a_command_whose_fields_cannot_be_read_has_its_name_and_the_reason() {
    let mut fixture = recording("mysql-9.7/ping.hex");
    let ping = fixture
        .lines
        .iter_mut()
        .find(|line| line.payload[..] == *b"\x0e");
    // COM_STMT_FETCH, without all of its fields.
    ping.unwrap().payload = (&b"\x1c\x01\x00"[..]).into();
    let events = carried(&fixture);
    let fetch = events
        .iter()
        .find(|event| event["message"] == "COM_STMT_FETCH");
    assert_eq!(
        fetch.unwrap()["why"],
        "statement_id at byte 1: needs 4 bytes, 2 left"
    );
}
