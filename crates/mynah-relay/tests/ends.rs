//! Sides that end a connection: the other side sees the same end, and the trace says whose it is.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use mynah_relay::Protocol;
use serde_json::Value;
use socket2::SockRef;
use support::{Front, backend, front, json_trace, lets_in, logged_in, read, recording};

/// How far a conversation has come when its server ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    BeforeTheGreeting,
    BehindTheGreeting,
    BehindTheResponse,
    NothingIsDue,
    BeforeTheAnswer,
    BetweenRows,
    InsideARow,
    BetweenRowsOfX,
}

use When::*;

const ALL: [When; 8] = [
    BeforeTheGreeting,
    BehindTheGreeting,
    BehindTheResponse,
    NothingIsDue,
    BeforeTheAnswer,
    BetweenRows,
    InsideARow,
    BetweenRowsOfX,
];

fn serve(stream: &mut TcpStream, when: When) {
    let fixture = recording("mysql-5.6/ping.hex");
    let wire = |line: usize| fixture.lines[line].wire();
    match when {
        BeforeTheGreeting => {}
        BehindTheGreeting => stream.write_all(&wire(0)).unwrap(),
        BehindTheResponse => {
            stream.write_all(&wire(0)).unwrap();
            read(stream, wire(1).len());
        }
        NothingIsDue => lets_in(stream),
        BeforeTheAnswer | BetweenRows | InsideARow => {
            lets_in(stream);
            read(stream, QUERY.len());
            stream.write_all(answer(when)).unwrap();
        }
        BetweenRowsOfX => {
            stream.write_all(X_HELLO).unwrap();
            read(stream, START.len() + 5);
            stream.write_all(answer(when)).unwrap();
        }
    }
}

/// The other side sees a reset when it is dropped.
fn resets(stream: &TcpStream) {
    let linger = Some(Duration::ZERO);
    SockRef::from(stream).set_linger(linger).unwrap();
}

fn answer(when: When) -> &'static [u8] {
    match when {
        BetweenRows => ONE_ROW,
        InsideARow => HALF_A_ROW,
        // Let in, and a row of nothing.
        BetweenRowsOfX => b"\x01\0\0\0\x04\x01\0\0\0\x0d",
        _ => b"",
    }
}

fn ask(front: &Front, when: When) -> TcpStream {
    let fixture = recording("mysql-5.6/ping.hex");
    let wire = |line: usize| fixture.lines[line].wire();
    let mut client;
    match when {
        BeforeTheGreeting => return front.client(),
        BehindTheGreeting => {
            client = front.client();
            read(&mut client, wire(0).len());
        }
        BehindTheResponse => {
            client = front.client();
            read(&mut client, wire(0).len());
            client.write_all(&wire(1)).unwrap();
        }
        NothingIsDue => client = logged_in(front),
        BeforeTheAnswer | BetweenRows | InsideARow => {
            client = logged_in(front);
            client.write_all(QUERY).unwrap();
        }
        BetweenRowsOfX => {
            client = front.client();
            read(&mut client, X_HELLO.len());
            client.write_all(START).unwrap();
            client.write_all(b"\x01\0\0\0\x0c").unwrap();
        }
    }
    let expected = answer(when);
    assert_eq!(read(&mut client, expected.len())[..], *expected);
    client
}

fn events(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn find<'a>(events: &'a [Value], name: &str) -> &'a Value {
    let found = events.iter().find(|event| event["event"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {events:?}"))
}

#[test]
fn a_client_sees_its_server_end_the_connection_as_it_does() {
    for when in ALL {
        for by_reset in [false, true] {
            for traced in [false, true] {
                let what = format!("{when:?}, reset {by_reset}, traced {traced}");
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("trace");
                let (go, may_go) = std::sync::mpsc::channel::<()>();
                let backend = backend(move |mut stream| {
                    serve(&mut stream, when);
                    // All of it has reached the client.
                    let _gone = may_go.recv();
                    if by_reset {
                        resets(&stream);
                    }
                });
                let front = front(backend.port, |options| {
                    options.trace = traced.then(|| json_trace(&path, 1));
                });
                let mut client = ask(&front, when);
                drop(go);
                let mut rest = Vec::new();
                let end = client.read_to_end(&mut rest);
                assert!(rest.is_empty(), "{what}: {rest:?}");
                match by_reset {
                    false => assert!(end.is_ok(), "{what}: {end:?}"),
                    true => assert_eq!(
                        end.unwrap_err().kind(),
                        ErrorKind::ConnectionReset,
                        "{what}"
                    ),
                }
                drop(client);
                backend.join();
                assert!(front.relay.shut_down(Duration::from_secs(10)));
                if traced {
                    error_is_shown(&events(&path), when, by_reset, &what);
                }
            }
        }
    }
}

fn error_is_shown(events: &[Value], when: When, by_reset: bool, what: &str) {
    let ended = find(events, "ended");
    assert_eq!(ended["side"], "server", "{what}");
    assert_eq!(
        ended["how"],
        if by_reset { "lost" } else { "closed" },
        "{what}"
    );
    let close = find(events, "close");
    assert_eq!(close["by"], "server", "{what}");
    let why = close["why"].as_str().unwrap();
    assert!(why.starts_with("the server "), "{what}: {why}");
    let commands = events.iter().filter(|event| event["event"] == "command");
    let cut_off = commands
        .filter(|event| event["outcome"] == "cut off")
        .count();
    let due = [BeforeTheAnswer, BetweenRows, InsideARow, BetweenRowsOfX].contains(&when);
    assert_eq!(cut_off, usize::from(due), "{what}: {events:?}");
}

/// What a server still says is not lost with it, nor does a silent client keep its place.
#[test]
fn an_error_that_a_server_leaves_behind_is_passed_on_and_shown_as_unasked() {
    let error = b"\x13\0\0\0\xff\xbf\x0f#HY000gone again";
    for when in [BehindTheGreeting, NothingIsDue] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let backend = backend(move |mut stream| {
            if when == BehindTheGreeting {
                let greeting = recording("mysql-5.6/ping.hex").lines[0].wire();
                stream.write_all(&greeting).unwrap();
            } else {
                lets_in(&mut stream);
            }
            stream.write_all(error).unwrap();
        });
        let front = front(backend.port, |options| {
            options.trace = Some(json_trace(&path, 1));
        });
        let mut client = ask(&front, when);
        let mut said = Vec::new();
        client.read_to_end(&mut said).unwrap();
        assert_eq!(said[4..], error[4..], "{when:?}");
        drop(client);
        backend.join();
        assert!(front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        let name = match when {
            BehindTheGreeting => "refused",
            _ => "unasked_error",
        };
        let error = find(&events, name);
        assert_eq!(
            (&error["error"], &error["sql_state"]),
            (&4031.into(), &"HY000".into())
        );
        assert_eq!(error["message"], "gone again");
    }
}

#[test]
fn a_filter_hides_neither_an_unasked_error_nor_its_packet() {
    let error = b"\x13\0\0\0\xff\xbf\x0f#HY000gone again";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let backend = backend(move |mut stream| {
        lets_in(&mut stream);
        stream.write_all(error).unwrap();
    });
    let front = front(backend.port, |options| {
        let mut trace = json_trace(&path, 4);
        trace.filter = Some("command = query".parse().unwrap());
        options.trace = Some(trace);
    });
    let mut client = ask(&front, NothingIsDue);
    client.read_to_end(&mut Vec::new()).unwrap();
    drop(client);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let events = events(&path);
    find(&events, "unasked_error");
    let mut packets = events.iter().filter(|event| event["event"] == "packet");
    let last = packets.next_back().unwrap().to_string();
    assert!(last.contains("gone again"), "{last}");
}

#[test]
fn after_a_goodbye_any_end_is_a_healthy_one() {
    for (x, by_reset) in [(false, false), (false, true), (true, false)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let backend = backend(move |mut stream| {
            if x {
                read(&mut stream, START.len());
                stream.write_all(b"\x01\0\0\0\x04").unwrap();
                read(&mut stream, 5);
                stream.write_all(b"\x01\0\0\0\0").unwrap();
            } else {
                lets_in(&mut stream);
                read(&mut stream, 5);
            }
            if by_reset {
                resets(&stream);
            }
        });
        let front = front(backend.port, |options| {
            options.trace = Some(json_trace(&path, 1));
            if x {
                options.routes[0].protocol = Protocol::X;
            }
        });
        let mut client;
        if x {
            client = front.client();
            client.write_all(START).unwrap();
            read(&mut client, 5);
            client.write_all(b"\x01\0\0\0\x03").unwrap();
            read(&mut client, 5);
        } else {
            client = logged_in(&front);
            client.write_all(b"\x01\0\0\0\x01").unwrap();
        }
        let _end = client.read_to_end(&mut Vec::new());
        drop(client);
        backend.join();
        assert!(front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        let close = find(&events, "close");
        assert!(close.get("why").is_none(), "{close}");
        assert!(
            !events.iter().any(|event| event["event"] == "ended"),
            "{events:?}"
        );
    }
}

#[test]
fn a_client_that_leaves_without_a_goodbye_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        support::read_to_end(&mut stream)
    });
    let front = front(backend.port, |options| {
        options.trace = Some(json_trace(&path, 1));
    });
    drop(logged_in(&front));
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let events = events(&path);
    assert_eq!(find(&events, "ended")["side"], "client");
    let close = find(&events, "close");
    assert_eq!(close["by"], "client");
    assert_eq!(close["why"], "the client closed the connection");
}

#[test]
fn an_error_of_the_proxy_is_shown_as_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    // The server's port is closed now.
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = unused.local_addr().unwrap().port();
    drop(unused);
    let front = front(port, |options| {
        options.trace = Some(json_trace(&path, 0));
    });
    let (_, error) = support::error(&mut front.client());
    assert_eq!(error.error_code, 1105);
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let events = events(&path);
    let error = find(&events, "proxy_error");
    assert_eq!(
        (&error["error"], &error["sql_state"]),
        (&1105.into(), &"HY000".into())
    );
    let close = find(&events, "close");
    assert_eq!(close["by"], "proxy");
    assert!(
        close["why"].as_str().unwrap().contains("Can't connect"),
        "{close}"
    );
}

const QUERY: &[u8] = b"\x02\0\0\0\x031";

/// One column without a name, their end, and a row.
const ONE_ROW: &[u8] = b"\x01\0\0\x01\x01\x16\0\0\x02\x03def\0\0\0\0\0\x0c\x3f\0\x01\0\0\0\x08\x81\0\0\0\0\x05\0\0\x03\xfe\0\0\x02\0\x02\0\0\x04\x011";

/// And the beginning of another.
const HALF_A_ROW: &[u8] = b"\x01\0\0\x01\x01\x16\0\0\x02\x03def\0\0\0\0\0\x0c\x3f\0\x01\0\0\0\x08\x81\0\0\0\0\x05\0\0\x03\xfe\0\0\x02\0\x02\0\0\x04\x011\x09\0\0\x05\x08and";

const X_HELLO: &[u8] = b"\x05\0\0\0\x0b\x08\x05\x1a\0";
/// AuthenticateStart.
const START: &[u8] = b"\x0a\0\0\0\x04\x0a\x07MYSQL41";
