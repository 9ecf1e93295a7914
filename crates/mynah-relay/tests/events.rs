//! Clients of the HTTP listener watch what happens on connections, over both protocols.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_auth::x::Mechanism;
use mynah_net::{ListenAddress, Server, TlsMode};
use mynah_relay::HttpOptions;
use mynah_wire::Splitter;
use serde_json::Value;
use support::client::Connection;
use support::server::{PASSWORD, server, x_server};
use support::x_client::XConnection;
use support::{Front, backend, close_writing, front, lets_in, logged_in, read, read_to_end};

/// A relay with HTTP and one rule besides passwords.
fn watched(upstream: u16) -> Front {
    front(upstream, |options| {
        options.http = Some(HttpOptions {
            bind: "127.0.0.1".to_owned(),
            port: 0,
            token: None,
        });
        options.digests = Some(mynah_relay::DigestOptions {
            redact: vec!["card-[0-9]+".parse().unwrap()],
            ..mynah_relay::DigestOptions::default()
        });
    })
}

fn before(server: &Server) -> (Front, SocketAddr) {
    let front = watched(server.addresses()[0].port());
    let address = SocketAddr::from(([127, 0, 0, 1], front.port));
    (front, address)
}

/// Sends a request, and returns the status and the rest of the answer.
fn ask(front: &Front, target: &str) -> (u16, BufReader<TcpStream>) {
    let Some(ListenAddress::Tcp(http)) = front.relay.http_address() else {
        panic!("no HTTP");
    };
    let mut stream = TcpStream::connect(http).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    write!(stream, "GET {target} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = BufReader::new(stream);
    let mut line = String::new();
    answer.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    while line != "\r\n" {
        line.clear();
        answer.read_line(&mut line).unwrap();
    }
    (status, answer)
}

/// A client that watches.
struct Watcher(BufReader<TcpStream>);

impl Watcher {
    /// One that has got the list of connections, which is returned.
    fn new(front: &Front, query: &str) -> (Self, Value) {
        let (status, answer) = ask(front, &format!("/events/?{query}"));
        assert_eq!(status, 200);
        let mut watcher = Self(answer);
        let first = watcher.next();
        assert_eq!(first["event"], "connections");
        (watcher, first["connections"].clone())
    }

    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0);
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    /// All events up to the one that has this value.
    fn until(&mut self, key: &str, value: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let event = self.next();
            let is_it = event[key] == value;
            all.push(event);
            if is_it {
                return all;
            }
        }
    }
}

fn texts(events: &[Value], key: &str) -> Vec<String> {
    let texts = events.iter().filter_map(|event| event[key].as_str());
    texts.map(ToOwned::to_owned).collect()
}

fn packet(sequence_id: u8, payload: &[u8]) -> Bytes {
    let mut wire = BytesMut::new();
    Splitter::new(sequence_id).payload(&mut wire, payload);
    wire.freeze()
}

#[test]
fn a_watcher_sees_what_follows_on_connections_that_are_open_and_on_new_ones() {
    let server = server("caching_sha2_password", TlsMode::Preferred);
    let (front, address) = before(&server);
    for level in 0..=4 {
        let mut old = Connection::log_in(address, level > 2, "ada", PASSWORD).unwrap();
        old.query("do 'before'").unwrap();
        let (mut watcher, connections) = Watcher::new(&front, &format!("level={level}"));
        // Those of the levels before may still be listed.
        let listed = connections.as_array().unwrap().iter();
        let old_one = listed.max_by_key(|one| one["id"].as_u64()).unwrap();
        let old_id = old_one["id"].clone();
        assert_eq!(old_one["user"], "ada", "{connections}");
        old.query("rows").unwrap();
        let mut new = Connection::log_in(address, false, "ada", PASSWORD).unwrap();
        new.query("do 'new'").unwrap();
        new.quit().unwrap();
        let of_new = |event: &Value| event["connection"].as_u64() > old_id.as_u64();
        let mut events = Vec::new();
        while !events.last().is_some_and(of_new) {
            events.extend(watcher.until("event", "close"));
        }
        // What has its answer may be seen a little later.
        events.retain(|event| event["sql"] != "do 'before'");
        let of_old = |event: &&Value| event["connection"] == old_id;
        let names = |of: &[Value]| texts(of, "event");
        let new_ones: Vec<_> = events
            .iter()
            .filter(|event| of_new(event))
            .cloned()
            .collect();
        let old_ones: Vec<_> = events.iter().filter(of_old).cloned().collect();
        assert_eq!(new_ones[0]["event"], "connect");
        assert!(names(&new_ones).contains(&"logged_in".to_owned()));
        let rows = texts(&old_ones, "event");
        let rows = rows.iter().filter(|event| **event == "row").count();
        assert_eq!(rows, if level >= 2 { 3 } else { 0 }, "{events:?}");
        let has = |name: &str| names(&old_ones).contains(&name.to_owned());
        assert_eq!((has("command"), has("packet")), (level >= 1, level >= 3));
        let has_hex = events.iter().any(|event| event.get("hex").is_some());
        assert_eq!(has_hex, level == 4);
        if level >= 1 {
            // Those of two connections come in any order.
            let mut sql = texts(&events, "sql");
            sql.sort_unstable();
            assert_eq!(sql, ["do 'new'", "rows"], "{level}");
            let command = old_ones.iter().find(|event| event["event"] == "command");
            assert_eq!(command.unwrap()["kind"], "unknown");
        }
        drop(old);
        drop(watcher);
    }
}

#[test]
fn a_watcher_of_the_x_protocol_knows_what_was_prepared_before() {
    let server = x_server(TlsMode::Disabled);
    let (front, address) = before(&server);
    let mut client = XConnection::open(address);
    client.log_in(Mechanism::Mysql41, "ada", PASSWORD).unwrap();
    client.prepare(1, "do 1");
    client.prepare(2, "create user x identified by 'SEKRET'");
    let (mut watcher, connections) = Watcher::new(&front, "level=4");
    assert_eq!(connections[0]["user"], "ada");
    for id in [2, 1] {
        client.try_execute(id).unwrap();
    }
    let events = watcher.until("sql", "do 1");
    let all = format!("{events:?}");
    assert!(all.contains("create user x identified by") && !all.contains("SEKRET"));
    assert!(texts(&events, "message").contains(&"Mysqlx.Prepare.Execute".to_owned()));
}

#[test]
fn a_watcher_of_the_classic_protocol_knows_what_was_prepared_before_and_hides_its_secrets() {
    // A statement with one parameter, its execution, and the answer to that.
    let sql = b"\x16create user x identified by ? comment 'card-4711'";
    let definition = b"\x03def\0\0\0\x01?\0\x0c\x3f\0\0\0\0\0\xfd\x80\0\0\0\0";
    let prepared = [
        packet(1, &[0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        packet(2, definition),
        packet(3, b"\xfe\0\0\x02\0"),
    ]
    .concat();
    let execute = b"\x17\x01\0\0\0\0\x01\0\0\0\0\x01\xfd\0\x06SEKRET";
    let error = b"\xff\x28\x04#42000near 'SEKRET card-4711'";
    let exchanges: Vec<(Bytes, Bytes)> = vec![
        (packet(0, sql), prepared.into()),
        (packet(0, execute), packet(1, error)),
        (packet(0, b"\x03do 'last'"), packet(1, b"\0\0\0\x02\0\0\0")),
    ];
    let (send, answers) = channel::<Bytes>();
    let asked = exchanges.clone();
    let backend = backend(move |mut stream| {
        lets_in(&mut stream);
        for (command, _) in asked {
            assert!(read(&mut stream, command.len()) == command);
            stream.write_all(&answers.recv().unwrap()).unwrap();
        }
    });
    let front = watched(backend.port);
    let mut client = logged_in(&front);
    let mut watchers = Vec::new();
    for (at, (command, answer)) in exchanges.iter().enumerate() {
        client.write_all(command).unwrap();
        if at < 2 {
            // The command is open: messages of it aren't shown to a watcher that has not seen its start.
            let new = (0..=4).map(|level| Watcher::new(&front, &format!("level={level}")).0);
            watchers.extend(new);
        }
        send.send(answer.clone()).unwrap();
        assert_eq!(read(&mut client, answer.len()), *answer);
    }
    close_writing(&client);
    read_to_end(&mut client);
    backend.join();
    for (at, watcher) in watchers.iter_mut().enumerate() {
        let (level, is_early) = (at % 5, at < 5);
        let events = watcher.until("event", "close");
        let all = format!("{events:?}");
        assert!(!all.contains("SEKRET") && !all.contains("4711"), "{all}");
        // As hex.
        assert!(!all.contains("53454b524554"), "{all}");
        if level >= 1 {
            let sql = texts(&events, "sql");
            assert_eq!(sql.last().unwrap(), "do 'last'");
            let hidden = all.contains(r#""parameters": Array [Object {"hidden": Bool(true)}]"#);
            // A later one that wants messages may join only when the execution is done.
            let is_seen = texts(&events, "command").contains(&"STMT_EXECUTE".to_owned());
            assert_eq!(hidden, is_seen, "{all}");
            assert!(is_seen || !(is_early || level == 1), "{all}");
        }
        if level == 1 && is_early {
            // It needs no messages, so that it joins while a command is open.
            assert!(texts(&events, "command").contains(&"STMT_PREPARE".to_owned()));
        }
    }
}

#[test]
fn warnings_about_a_statement_before_are_hidden() {
    let ok = || packet(1, b"\0\0\0\x02\0\0\0");
    let warnings = [
        packet(1, b"\x01"),
        packet(
            2,
            b"\x03def\0\0\0\x07Message\0\x0c\x21\0\0\x02\0\0\xfd\x80\0\0\0\0",
        ),
        packet(3, b"\xfe\0\0\x02\0"),
        packet(4, b"\x0dnear 'SEKRET'"),
        packet(5, b"\xfe\0\0\x02\0"),
    ]
    .concat();
    let exchanges: Vec<(Bytes, Bytes)> = vec![
        (packet(0, b"\x03set password = 'SEKRET'"), ok()),
        (packet(0, b"\x03show warnings"), warnings.into()),
        (packet(0, b"\x03do 'last'"), ok()),
    ];
    let asked = exchanges.clone();
    let backend = backend(move |mut stream| {
        lets_in(&mut stream);
        for (command, answer) in asked {
            assert!(read(&mut stream, command.len()) == command);
            stream.write_all(&answer).unwrap();
        }
    });
    let front = watched(backend.port);
    let mut client = logged_in(&front);
    let mut watcher = None;
    for (command, answer) in &exchanges {
        client.write_all(command).unwrap();
        assert_eq!(read(&mut client, answer.len()), *answer);
        watcher.get_or_insert_with(|| Watcher::new(&front, "level=4").0);
    }
    close_writing(&client);
    read_to_end(&mut client);
    backend.join();
    let events = watcher.unwrap().until("event", "close");
    let all = format!("{events:?}");
    assert!(
        !all.contains("SEKRET") && !all.contains("53454b524554"),
        "{all}"
    );
    let rows = events.iter().filter(|event| event["event"] == "row");
    let rows: Vec<_> = rows.map(|row| row["values"].to_string()).collect();
    assert_eq!(rows, [r#"[{"hidden":true}]"#]);
}

#[test]
fn filters_and_one_connection_select() {
    let server = server("caching_sha2_password", TlsMode::Disabled);
    let (front, address) = before(&server);
    let mut clients = [1, 2].map(|_| Connection::log_in(address, false, "ada", PASSWORD).unwrap());
    let (_watcher, connections) = Watcher::new(&front, "");
    let ids: Vec<u64> = connections
        .as_array()
        .unwrap()
        .iter()
        .map(|connection| connection["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    let (mut one, _) = Watcher::new(&front, &format!("connection={}", ids[1]));
    let (mut filtered, _) = Watcher::new(&front, "filter=sql+~+%22wanted%22");
    for client in &mut clients {
        for sql in ["do 'this'", "do 'Wanted'", "do 'end wanted'"] {
            client.query(sql).unwrap();
        }
    }
    let events = one.until("sql", "do 'end wanted'");
    assert_eq!(texts(&events, "sql").len(), 3);
    assert!(events.iter().all(|event| event["connection"] == ids[1]));
    let mut events = filtered.until("sql", "do 'end wanted'");
    events.extend(filtered.until("sql", "do 'end wanted'"));
    let wanted = ["do 'Wanted'", "do 'end wanted'"];
    assert_eq!(texts(&events, "sql"), [wanted, wanted].concat());
}

#[test]
fn mistakes_are_answered_with_their_place() {
    let server = server("caching_sha2_password", TlsMode::Disabled);
    let (front, _) = before(&server);
    for (query, why) in [
        ("level=5", "'5' is no level: use 0 to 4"),
        ("level=+1", "' 1' is no level"),
        ("connection=x", "'x' is no connection"),
        (
            "filter=rows%20%3E%20x",
            "filter, column 8: a number is expected",
        ),
        ("filter=%ff", "filter isn't UTF-8"),
        ("filters=x", "'filters' is unknown: there are level"),
    ] {
        let (status, mut answer) = ask(&front, &format!("/events/?{query}"));
        let mut text = String::new();
        answer.read_to_string(&mut text).unwrap();
        assert_eq!(status, 400, "{query}");
        assert!(text.contains(why), "{text}");
    }
}

#[test]
fn a_watcher_that_sleeps_loses_events_and_learns_how_many_and_holds_nothing_up() {
    let server = server("caching_sha2_password", TlsMode::Disabled);
    let (front, address) = before(&server);
    let (mut watcher, _) = Watcher::new(&front, "level=1");
    let mut client = Connection::log_in(address, false, "ada", PASSWORD).unwrap();
    let long = format!("do '{}'", "x".repeat(1_000_000));
    const COUNT: usize = 40;
    for _ in 0..COUNT {
        client.query(&long).unwrap();
    }
    // It wakes up.
    let (mut seen, mut lost) = (0, 0);
    while seen + lost < COUNT {
        let event = watcher.next();
        match event["event"].as_str().unwrap() {
            "command" => seen += 1,
            "trace_lost" => {
                assert!(event["why"].as_str().unwrap().contains("too slowly"));
                lost += usize::try_from(event["lines"].as_u64().unwrap()).unwrap();
            }
            _ => {}
        }
    }
    assert!(lost > 0 && seen > 0, "{seen} seen, {lost} lost");
    client.query("do 'after'").unwrap();
    watcher.until("sql", "do 'after'");
}

#[test]
fn watchers_have_places_that_are_free_again_when_they_leave() {
    let server = server("caching_sha2_password", TlsMode::Disabled);
    let (front, address) = before(&server);
    let mut client = Connection::log_in(address, false, "ada", PASSWORD).unwrap();
    let mut watchers: Vec<_> = (0..32).map(|_| Watcher::new(&front, "level=4").0).collect();
    let (status, _) = ask(&front, "/events/");
    assert_eq!(status, 503);
    watchers.truncate(31);
    // That it has left is noticed with what follows.
    loop {
        client.query("do 1").unwrap();
        if ask(&front, "/events/").0 == 200 {
            break;
        }
    }
}

#[test]
fn the_page_is_there_without_the_token_and_nothing_else_is() {
    let server = server("caching_sha2_password", TlsMode::Disabled);
    let front = front(server.addresses()[0].port(), |options| {
        options.http = Some(HttpOptions {
            bind: "127.0.0.1".to_owned(),
            port: 0,
            token: Some("secret".to_owned()),
        });
    });
    let all = |target: &str| {
        let (status, mut answer) = ask(&front, target);
        let mut text = String::new();
        answer.read_to_string(&mut text).unwrap();
        (status, text)
    };
    let (status, page) = all("/");
    assert_eq!(status, 200);
    let (_, script) = page.split_once("<script type=\"module\" src=\"").unwrap();
    let (script, _) = script.split_once('"').unwrap();
    assert_eq!(all(script).0, 200);
    for path in [
        "/events/",
        "/connections/",
        "/page/",
        "/page/proxy",
        "/metrics",
    ] {
        assert_eq!(all(path).0, 401, "{path}");
    }
}
