//! What commands bring besides their text, and the character sets that both are in.

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

use bytes::{Bytes, BytesMut};
use mynah_relay::{TraceFormat, TraceOptions};
use mynah_testkit::Direction;
use mynah_wire::Splitter;
use serde_json::{Value, json};
use support::{
    backend, close_writing, front, json_trace, lets_in, logged_in, play, read, read_to_end,
    recording,
};

/// The trace of a recording.
fn recorded(name: &'static str, change: impl FnOnce(&mut TraceOptions)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let backend = backend(move |mut stream| play(&mut stream, &recording(name), Direction::Server));
    let front = front(backend.port, |options| {
        let mut trace = json_trace(&path, 1);
        change(&mut trace);
        options.trace = Some(trace);
    });
    let mut client = front.client();
    play(&mut client, &recording(name), Direction::Client);
    close_writing(&client);
    read_to_end(&mut client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    std::fs::read_to_string(&path).unwrap()
}

/// The commands of a client that says each of these when it has the answer to the one before.
fn said(exchanges: Vec<(Bytes, Bytes)>) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let answers = exchanges.clone();
    let backend = backend(move |mut stream| {
        lets_in(&mut stream);
        for (command, answer) in answers {
            assert!(read(&mut stream, command.len()) == command);
            stream.write_all(&answer).unwrap();
        }
    });
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 1));
    });
    let mut client = logged_in(&front);
    for (command, answer) in exchanges {
        client.write_all(&command).unwrap();
        assert_eq!(read(&mut client, answer.len()), answer);
    }
    close_writing(&client);
    read_to_end(&mut client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    commands(&std::fs::read_to_string(&path).unwrap())
}

fn commands(trace: &str) -> Vec<Value> {
    let events = trace
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["event"] == "command").collect()
}

fn packet(sequence_id: u8, payload: &[u8]) -> Bytes {
    let mut wire = BytesMut::new();
    Splitter::new(sequence_id).payload(&mut wire, payload);
    wire.freeze()
}

fn query(sql: &[u8]) -> (Bytes, Bytes) {
    let ok = packet(1, b"\0\0\0\x02\0\0\0");
    (packet(0, &[b"\x03", sql].concat()), ok)
}

/// A statement with so many parameters is prepared.
fn prepare(parameters: u8) -> (Bytes, Bytes) {
    let definition = b"\x03def\0\0\0\x01?\0\x0c\x3f\0\0\0\0\0\xfd\x80\0\0\0\0";
    let mut answer = vec![packet(1, &[0, 1, 0, 0, 0, 0, 0, parameters, 0, 0, 0, 0])];
    let definitions = (0..parameters).map(|at| packet(2 + at, definition));
    answer.extend(definitions);
    answer.push(packet(2 + parameters, b"\xfe\0\0\x02\0"));
    (packet(0, b"\x16do ?, ?"), answer.concat().into())
}

#[test]
fn attributes_are_shown_by_their_names() {
    let trace = recorded("mysql-9.7/query-attributes.hex", |_| {});
    let commands = commands(&trace);
    let attributes = json!([
        {"name": "text", "value": "value"},
        {"name": "number", "value": "-7"},
        {"name": "big", "value": "18446744073709551615"},
        {"name": "nothing", "value": null},
    ]);
    assert_eq!(commands[0]["attributes"], attributes, "{trace}");
    assert_eq!(commands[1].get("attributes"), None);
    let executed = |command: &&Value| command["command"] == "STMT_EXECUTE";
    let executed = commands.iter().find(executed).unwrap();
    assert!(!executed["attributes"].as_array().unwrap().is_empty());
    let text = recorded("mysql-9.7/query-attributes.hex", |trace| {
        trace.format = TraceFormat::Text;
    });
    let said = " with text = 'value', number = -7, big = 18446744073709551615, nothing = NULL\n";
    assert!(text.contains(said), "{text}");
}

#[test]
fn rows_of_a_bulk_execution_are_shown() {
    let commands = commands(&recorded("mariadb-11.8/bulk-execute.hex", |_| {}));
    let bulk = |command: &&Value| command["command"] == "STMT_BULK_EXECUTE";
    let bulk: Vec<_> = commands.iter().filter(bulk).collect();
    let rows = json!([
        ["1", "one"],
        ["2", null],
        ["3", {"default": true}],
        ["4", {"ignore": true}],
    ]);
    assert_eq!(bulk[0]["parameter_rows"], rows);
    // These came without types.
    assert!(bulk[1]["parameter_rows"][0][0].is_string());
    let text = recorded("mariadb-11.8/bulk-execute.hex", |trace| {
        trace.format = TraceFormat::Text;
    });
    assert!(
        text.contains(" <- (1, 'one'), (2, NULL), (3, DEFAULT), (4, IGNORE)\n"),
        "{text}"
    );
}

#[test]
fn the_last_statement_is_executed_with_data_that_was_sent_before() {
    let (command, answer) = prepare(1);
    let data = packet(0, b"\x18\xff\xff\xff\xff\0\0long");
    let execute = packet(0, b"\x17\xff\xff\xff\xff\0\x01\0\0\0\0\x01\xfc\0");
    let ok = packet(1, b"\0\0\0\x02\0\0\0");
    let all = [command, data, execute].concat();
    let commands = said(vec![(all.into(), [answer, ok].concat().into())]);
    let executed = commands.last().unwrap();
    assert_eq!(executed["command"], "STMT_EXECUTE");
    assert_eq!(executed["sql"], "do ?, ?");
    assert_eq!(executed["parameters"], json!([{"long_data": true}]));
}

#[test]
fn an_execution_that_is_too_long_says_what_is_missing() {
    let blob = vec![b'x'; 17 * 1024 * 1024];
    let len = u32::try_from(blob.len()).unwrap().to_le_bytes();
    let execute = [
        b"\x17\x01\0\0\0\0\x01\0\0\0\0\x01\x03\0\xfc\0\x07\0\0\0\xfd",
        &len[..3],
        &blob,
    ]
    .concat();
    let missing = execute.len() - 16 * 1024 * 1024;
    let ok = packet(2, b"\0\0\0\x02\0\0\0");
    let commands = said(vec![prepare(2), (packet(0, &execute), ok)]);
    let executed = commands.last().unwrap();
    assert_eq!(executed["parameters"], json!(["7"]));
    assert_eq!(executed["parameters_left_out"], 1);
    assert_eq!(executed["bytes_left_out"], missing);
}

#[test]
fn a_statement_that_is_too_long_says_how_many_bytes_are_missing() {
    let statement = [b"\x03select '", &vec![b'x'; 17 * 1024 * 1024][..], b"'"].concat();
    let missing = statement.len() - 16 * 1024 * 1024;
    let ok = packet(2, b"\0\0\0\x02\0\0\0");
    let commands = said(vec![(packet(0, &statement), ok)]);
    assert_eq!(commands[0]["bytes_left_out"], missing);
    let (plain, answer) = query(b"do 1");
    assert!(
        said(vec![(plain, answer)])[0]
            .get("bytes_left_out")
            .is_none()
    );
}

#[test]
fn what_the_server_says_of_indexes_and_slowness_is_shown() {
    let flags = |low: u8, high: u8| packet(1, &[0, 0, 0, low, high, 0, 0]);
    let (plain, _) = query(b"do 1");
    let commands = said(vec![
        (plain.clone(), flags(0x22, 0)),
        (plain.clone(), flags(0x12, 0x08)),
        (plain, flags(2, 0)),
    ]);
    let flags = |command: &Value| {
        ["no_index_used", "no_good_index_used", "query_was_slow"]
            .map(|key| command.get(key).is_some())
    };
    assert_eq!(flags(&commands[0]), [true, false, false]);
    assert_eq!(flags(&commands[1]), [false, true, true]);
    assert_eq!(flags(&commands[2]), [false; 3]);
}

#[test]
fn texts_are_read_in_the_character_set_of_the_connection() {
    let execute = packet(
        0,
        b"\x17\x01\0\0\0\0\x01\0\0\0\0\x01\xfd\0\xfc\0\x02\xc4\xe3\x02\xc4\xe3",
    );
    let commands = said(vec![
        query(b"set names gbk"),
        query(b"select '\xc4\xe3'"),
        prepare(2),
        (execute, packet(1, b"\0\0\0\x02\0\0\0")),
        query(b"set names cp850"),
        query(b"select '\x82'"),
        query(b"select 'plain'"),
    ]);
    assert_eq!(commands[1]["sql"], "select '你'");
    assert_eq!(commands[3]["parameters"], json!(["你", {"hex": "c4e3"}]));
    let unknown = json!({"hex": "73656c65637420278227", "character_set": "cp850"});
    assert_eq!(commands[5]["sql"], unknown);
    assert_eq!(commands[6]["sql"], "select 'plain'");
}

#[test]
fn rows_that_are_fetched_by_a_cursor_have_the_columns_of_their_execution() {
    let cursor = "mysql-9.7/statement-cursor.hex";
    let trace = recorded(cursor, |trace| trace.level = 2);
    let events = trace
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let rows = events.filter(|event| event["event"] == "row");
    let rows: Vec<_> = rows.map(|row| row["values"].clone()).collect();
    assert_eq!(
        rows,
        [
            json!(["1"]),
            json!(["2"]),
            json!(["3"]),
            json!(["4"]),
            json!(["5"])
        ]
    );
    // What is hidden by the name of its column.
    for format in [TraceFormat::Json, TraceFormat::Text] {
        let trace = recorded(cursor, |trace| {
            (trace.level, trace.format) = (4, format);
            trace.redact.push("^n$".parse().unwrap());
        });
        let bytes: String = trace.split_whitespace().collect();
        assert!(!bytes.contains("00000300000000000000"), "{trace}");
    }
}
