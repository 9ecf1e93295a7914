//! Bytes that pass, and what happens where they can't.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use mynah_relay::{Address, Protocol, RelayOptions, Route};
use mynah_testkit::{Direction, fixtures};
use proptest::prelude::*;
use support::{
    backend, close_writing, error, front, json_trace, lets_in, logged_in, play, read, read_to_end,
    recording, route,
};

#[test]
fn every_recorded_conversation_passes_byte_for_byte_and_is_traced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let mut all = fixtures("classic").unwrap();
    // Logins of these forms are broken on purpose; a trace says so.
    all.retain(|(path, _)| !path.display().to_string().contains("/login-form-"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let played = all.clone();
    let server = std::thread::spawn(move || {
        for (_, fixture) in &played {
            let (mut stream, _) = listener.accept().unwrap();
            play(&mut stream, fixture, Direction::Server);
        }
    });
    let front = front(port, |options| options.trace = Some(json_trace(&path, 1)));
    for (_, fixture) in &all {
        let mut client = front.client();
        play(&mut client, fixture, Direction::Client);
        close_writing(&client);
        read_to_end(&mut client);
    }
    server.join().unwrap();
    assert!(front.relay.shut_down(Duration::from_secs(10)));

    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in std::fs::read_to_string(&path).unwrap().lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        *counts
            .entry(event["event"].as_str().unwrap().to_owned())
            .or_default() += 1;
        let outcome = event["outcome"].as_str().unwrap_or_default();
        assert!(!["undecodable", "cut off"].contains(&outcome), "{line}");
        assert_ne!(event["event"], "lost", "{line}");
    }
    assert_eq!(counts["connect"], all.len());
    assert_eq!(counts["close"], all.len());
    assert!(counts["command"] > 1000, "{counts:?}");
}

#[test]
fn each_level_shows_more_and_none_stumbles_over_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let all = fixtures("classic").unwrap();
    let mut lines = Vec::new();
    for level in 0..=4 {
        let path = folder.path().join(format!("level-{level}"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        // Levels differ in what they show of a packet, not of 16 MiB of it.
        let short = all.iter().filter(|(_, fixture)| fixture.lines.len() < 200);
        let short = short.filter(|(path, _)| !path.display().to_string().contains("16m"));
        let some: Vec<_> = short.step_by(7).cloned().collect();
        let played = some.clone();
        let server = std::thread::spawn(move || {
            for (_, fixture) in &played {
                let (mut stream, _) = listener.accept().unwrap();
                play(&mut stream, fixture, Direction::Server);
            }
        });
        let front = front(port, |options| {
            options.trace = Some(json_trace(&path, level))
        });
        for (_, fixture) in &some {
            let mut client = front.client();
            play(&mut client, fixture, Direction::Client);
            close_writing(&client);
            read_to_end(&mut client);
        }
        server.join().unwrap();
        assert!(front.relay.shut_down(Duration::from_secs(10)));
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines() {
            let event: Result<serde_json::Value, _> = serde_json::from_str(line);
            assert!(event.is_ok(), "{line}");
        }
        lines.push(text.len());
    }
    assert!(lines.is_sorted_by(|less, more| less < more), "{lines:?}");
}

#[test]
fn a_client_that_does_not_read_holds_its_server_up() {
    const SENT: usize = 96 * 1024 * 1024;
    let (wrote, written) = std::sync::mpsc::channel();
    let backend = backend(move |mut stream| {
        lets_in(&mut stream);
        read(&mut stream, 5);
        stream
            .set_write_timeout(Some(Duration::from_millis(500)))
            .unwrap();
        let (piece, mut sent) = (vec![7; 1 << 20], 0);
        // Until nothing moves any more.
        while sent < SENT {
            match stream.write(&piece) {
                Ok(len) => sent += len,
                Err(_) => break,
            }
        }
        wrote.send(sent).unwrap();
        stream.set_write_timeout(None).unwrap();
        while sent < SENT {
            sent += stream
                .write(&piece[..piece.len().min(SENT - sent)])
                .unwrap();
        }
    });
    let front = front(backend.port, |_| {});
    let mut client = logged_in(&front);
    client.write_all(b"\x01\0\0\0\x09").unwrap();
    let stuck = written.recv().unwrap();
    assert!(stuck < SENT / 2, "{stuck} bytes are somewhere");
    let mut left = SENT;
    let mut piece = vec![0; 1 << 20];
    while left > 0 {
        let read = client.read(&mut piece).unwrap();
        assert!(read > 0 && piece[..read].iter().all(|&byte| byte == 7));
        left -= read;
    }
    backend.join();
}

#[test]
fn a_side_that_has_said_all_still_hears_the_other() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        let said = read_to_end(&mut stream);
        stream.write_all(b"\x03\0\0\x01bye").unwrap();
        said
    });
    let front = front(backend.port, |_| {});
    let mut client = logged_in(&front);
    client.write_all(b"\x01\0\0\0\x09").unwrap();
    close_writing(&client);
    assert_eq!(read_to_end(&mut client)[..], *b"\x03\0\0\x01bye");
    assert_eq!(backend.join()[..], *b"\x01\0\0\0\x09");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let unused = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let front = front(unused, |_| {});
    let (sequence_id, error) = error(&mut front.client());
    assert_eq!((sequence_id, error.error_code), (0, 1105));
    let message = String::from_utf8_lossy(&error.error_message).into_owned();
    assert!(
        message.contains(&format!("127.0.0.1:{unused}")),
        "{message}"
    );
    assert!(message.contains("refused"), "{message}");
}

#[test]
fn what_is_no_mysql_server_is_quoted() {
    for (said, code, quoted) in [
        (&b"SSH-2.0-OpenSSH\r\n"[..], 1105, "SSH-2.0-OpenSSH"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 1105, "HTTP/1.1 400"),
    ] {
        let backend = backend(move |mut stream| stream.write_all(said).unwrap());
        let front = front(backend.port, |_| {});
        let (sequence_id, error) = error(&mut front.client());
        assert_eq!((sequence_id, error.error_code), (0, code));
        let message = String::from_utf8_lossy(&error.error_message).into_owned();
        assert!(message.contains(quoted), "{message}");
    }
}

#[test]
fn a_server_that_does_not_greet_is_given_up() {
    let backend = backend(|mut stream| read_to_end(&mut stream));
    let front = front(backend.port, |options| {
        options.connect_timeout = Duration::from_millis(50);
        options.routes[0].protocol = Protocol::Classic;
    });
    let (_, error) = error(&mut front.client());
    assert_eq!(error.error_code, 1159);
    backend.join();
}

#[test]
fn one_client_too_many_gets_an_error() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        read_to_end(&mut stream)
    });
    let front = front(backend.port, |options| options.max_connections = Some(1));
    let first = logged_in(&front);
    let (sequence_id, error) = error(&mut front.client());
    assert_eq!((sequence_id, error.error_code), (0, 1040));
    drop(first);
    backend.join();
}

#[test]
fn a_client_that_is_refused_takes_no_place_while_it_stays() {
    let backend = || {
        backend(|mut stream| {
            lets_in(&mut stream);
            read_to_end(&mut stream)
        })
    };
    let (before, behind) = (backend(), backend());
    let mut front = front(before.port, |options| {
        options.max_connections = Some(1);
        options.routes.push(route(behind.port));
    });
    let first = logged_in(&front);
    let mut stays = front.client();
    // The error, and not yet the end.
    assert_eq!(read(&mut stays, 7)[4..], [0xff, 0x10, 0x04]);
    drop(first);
    let connections = front.relay.connections();
    while connections.list().iter().any(|open| open.id == 1) {
        std::thread::yield_now();
    }
    front.port = front.relay.addresses()[1].port();
    drop((logged_in(&front), stays));
    before.join();
    behind.join();
}

#[test]
fn a_silent_connection_is_closed() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        read_to_end(&mut stream)
    });
    let front = front(backend.port, |options| {
        options.idle_timeout = Some(Duration::from_millis(50));
    });
    let mut client = logged_in(&front);
    read_to_end(&mut client);
    backend.join();
}

#[test]
fn shutting_down_waits_for_open_connections() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        read_to_end(&mut stream)
    });
    let front = front(backend.port, |_| {});
    let client = logged_in(&front);
    let relay = front.relay;
    let ending = std::thread::spawn(move || relay.shut_down(Duration::from_secs(30)));
    drop(client);
    assert!(ending.join().unwrap(), "a connection had to be closed");
    backend.join();
}

#[test]
fn the_x_protocol_passes_and_is_recognised_by_its_greeting() {
    for greets in [true, false] {
        let backend = backend(move |mut stream| {
            if greets {
                stream.write_all(b"\x05\0\0\0\x0b\x08\x05\x1a\0").unwrap();
            }
            let asked = read(&mut stream, 5);
            stream.write_all(b"\x01\0\0\0\x00").unwrap();
            asked
        });
        let front = front(backend.port, |_| {});
        let mut client = front.client();
        if greets {
            assert_eq!(read(&mut client, 9)[4], 0x0b);
        }
        client.write_all(b"\x01\0\0\0\x01").unwrap();
        assert_eq!(read(&mut client, 5)[..], *b"\x01\0\0\0\x00");
        assert_eq!(backend.join()[..], *b"\x01\0\0\0\x01");
    }
}

#[test]
fn unix_sockets_are_carried_like_ports() {
    let folder = tempfile::tempdir().unwrap();
    let (inner, outer) = (folder.path().join("server"), folder.path().join("proxy"));
    let listener = UnixListener::bind(&inner).unwrap();
    let fixture = recording("mariadb-10.11/query.hex");
    let played = fixture.clone();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for line in &played.lines {
            let wire = line.wire();
            if line.direction == Direction::Server {
                stream.write_all(&wire).unwrap();
            } else {
                let mut seen = vec![0; wire.len()];
                stream.read_exact(&mut seen).unwrap();
                assert_eq!(seen[..], wire[..]);
            }
        }
    });
    let options = RelayOptions {
        routes: vec![
            Route {
                listen: Address::Unix(outer.clone()),
                ..Route::to(Address::Unix(inner))
            },
            route(1),
        ],
        ..RelayOptions::default()
    };
    let relay = mynah_relay::Relay::start(options).unwrap();
    assert_eq!(relay.addresses().len(), 2);
    let mut client = UnixStream::connect(&outer).unwrap();
    for line in &fixture.lines {
        let wire = line.wire();
        if line.direction == Direction::Client {
            client.write_all(&wire).unwrap();
        } else {
            let mut seen = vec![0; wire.len()];
            client.read_exact(&mut seen).unwrap();
            assert_eq!(seen[..], wire[..]);
        }
    }
    server.join().unwrap();
    drop(relay);
    assert!(!outer.exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn bytes_pass_in_order_however_they_are_cut(
        up in prop::collection::vec(1usize..200_000, 1..12),
        down in prop::collection::vec(1usize..200_000, 1..12),
    ) {
        let stream_of = |pieces: &[usize], salt: u8| -> Vec<u8> {
            let len: usize = pieces.iter().sum();
            (0..len).map(|at| (at as u64).wrapping_mul(2_654_435_761).to_le_bytes()[2] ^ salt).collect()
        };
        let (to_server, to_client) = (stream_of(&up, 1), stream_of(&down, 2));
        let (expected, sent) = (to_server.clone(), to_client.clone());
        let backend = backend(move |mut stream| {
            lets_in(&mut stream);
            let mut writing = stream.try_clone().unwrap();
            let writer = std::thread::spawn(move || {
                let mut rest = &sent[..];
                for len in down {
                    writing.write_all(&rest[..len]).unwrap();
                    rest = &rest[len..];
                }
            });
            let seen = read(&mut stream, expected.len());
            writer.join().unwrap();
            seen[..] == expected[..]
        });
        let front = front(backend.port, |_| {});
        let mut client = logged_in(&front);
        let mut reading = client.try_clone().unwrap();
        let expected = to_client.clone();
        let reader = std::thread::spawn(move || read(&mut reading, expected.len())[..] == expected[..]);
        let mut rest = &to_server[..];
        for len in up {
            client.write_all(&rest[..len]).unwrap();
            rest = &rest[len..];
        }
        prop_assert!(reader.join().unwrap());
        prop_assert!(backend.join());
    }
}
