//! Which schema a connection has, whatever it was that changed it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use bytes::BytesMut;
use mynah_relay::Protocol;
use mynah_testkit::Direction;
use mynah_wire::Splitter;
use mynah_x::sql::{StmtExecute, StmtExecuteOk};
use mynah_x::{ClientMessage, ServerMessage};
use serde_json::Value;
use support::{
    backend, close_writing, front, json_trace, lets_in, logged_in, play, read, recording,
};

const OK: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";

/// Each command that was traced, with the schema that it was said in.
fn schemas(path: &std::path::Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let commands = events.filter(|event| event["event"] == "command");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    commands
        .map(|command| (text(&command["sql"]), text(&command["schema"])))
        .collect()
}

#[test]
fn a_use_that_got_its_ok_counts_and_one_that_failed_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let statements = [
        "use shop",
        "do 1",
        "use nowhere",
        "do 2",
        "USE `a b`",
        "do 3",
    ];
    let wire = |sql: &str| {
        let mut wire = BytesMut::new();
        Splitter::new(0).payload(&mut wire, format!("\x03{sql}").as_bytes());
        wire.freeze()
    };
    let error = b"\x0e\0\0\x01\xff\x19\x04#42000none!";
    let answer = move |sql: &str| {
        if sql.contains("nowhere") {
            &error[..]
        } else {
            OK
        }
    };
    let backend = backend(move |mut stream: TcpStream| {
        lets_in(&mut stream);
        for sql in statements {
            read(&mut stream, wire(sql).len());
            stream.write_all(answer(sql)).unwrap();
        }
    });
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 1));
    });
    let mut client = logged_in(&front);
    for sql in statements {
        client.write_all(&wire(sql)).unwrap();
        read(&mut client, answer(sql).len());
    }
    drop(client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let seen = schemas(&path);
    let of = |sql: &str| &seen.iter().find(|(found, _)| found == sql).unwrap().1;
    assert_eq!(
        (of("do 1"), of("do 2"), of("do 3")),
        (&"shop".to_owned(), &"shop".to_owned(), &"a b".to_owned())
    );
}

#[test]
fn what_a_server_says_of_the_schema_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let mut fixture = recording("mysql-9.7/session-track.hex");
    // No statement that is a USE says so, but the server does.
    for line in &mut fixture.lines {
        if let Some(sql) = line.payload.strip_suffix(b"USE mysql") {
            line.payload = [sql, b"DO  mysql"].concat().into();
        }
    }
    let played = fixture.clone();
    let backend = backend(move |mut stream| play(&mut stream, &played, Direction::Server));
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 1));
    });
    let mut client = front.client();
    play(&mut client, &fixture, Direction::Client);
    close_writing(&client);
    support::read_to_end(&mut client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let seen = schemas(&path);
    let of = |sql: &str| &seen.iter().find(|(found, _)| found == sql).unwrap().1;
    assert_eq!(of("DO  mysql"), "test");
    assert_eq!(of("USE test"), "mysql");
    assert_eq!(of("ROLLBACK"), "test");
}

#[test]
fn the_x_protocol_knows_use_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let execute = |sql: &str| {
        let mut wire = BytesMut::new();
        let statement = StmtExecute {
            stmt: sql.to_owned().into(),
            ..StmtExecute::default()
        };
        ClientMessage::from(statement).put(&mut wire);
        wire.freeze()
    };
    let mut done = BytesMut::new();
    ServerMessage::from(StmtExecuteOk {}).put(&mut done);
    let (len, done_there) = (execute("use shop").len(), done.clone());
    let backend = backend(move |mut stream| {
        for _ in 0..2 {
            read(&mut stream, len);
            stream.write_all(&done_there).unwrap();
        }
    });
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 1));
        options.routes[0].protocol = Protocol::X;
        options.tls.passthrough = true;
    });
    let mut client = front.client();
    for sql in ["use shop", "do 1 + 1"] {
        client.write_all(&execute(sql)).unwrap();
        read(&mut client, done.len());
    }
    drop(client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let shop = |sql: &str, schema: &str| (sql.to_owned(), schema.to_owned());
    assert_eq!(
        schemas(&path),
        [shop("use shop", ""), shop("do 1 + 1", "shop")]
    );
}
