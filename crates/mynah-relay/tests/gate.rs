//! Gates in front of real sessions: what the client gets, and what reaches the server.

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
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use mynah_classic::resultset::ColumnDefinition41;
use mynah_relay::{Decision, GateCommand, Gates, Held, Release};
use mynah_session::{Completion, Failure, Outcome, ResultSet};
use mynah_wire::Splitter;
use mynah_x::ClientMessage;
use mynah_x::sql::StmtExecute;
use support::{Backend, Front, backend, front, lets_in, read, read_to_end, recording};

/// Long enough to be distinguished from none, where a delay is measured from below.
const DELAY: Duration = Duration::from_millis(50);

/// Decides by what a statement says.
fn gates(released: Sender<Release>) -> Gates {
    let released = std::sync::Mutex::new(released);
    Gates::new(move |_connection| {
        let released = released.lock().unwrap().clone();
        Some(Box::new(move |command: &GateCommand<'_>| {
            match command.statement() {
                Some(b"answer") => Decision::answer(Outcome::Ok(Completion {
                    affected_rows: 5,
                    ..Completion::default()
                })),
                Some(b"rows") => Decision::answer(Outcome::Rows(rows())),
                Some(b"refuse") => Decision::Refuse(Failure::general(1105, "not here")),
                Some(b"delay") => Decision::Delay(DELAY),
                Some(b"hold") => {
                    let (held, release) = Held::new();
                    released.send(release).unwrap();
                    Decision::Hold(held)
                }
                _ => Decision::Pass,
            }
        }))
    })
}

fn gated<T>(backend: &Backend<T>) -> (Front, Receiver<Release>) {
    let (sender, released) = channel();
    let front = front(backend.port, |options| options.gates = Some(gates(sender)));
    (front, released)
}

fn query(text: &str) -> Bytes {
    let mut wire = BytesMut::new();
    Splitter::new(0).payload(&mut wire, format!("\x03{text}").as_bytes());
    wire.freeze()
}

const OK: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";

/// Answers so many statements, and gives what they were.
fn answers(stream: &mut TcpStream, texts: &[&str]) {
    for text in texts {
        let wire = query(text);
        assert_eq!(read(stream, wire.len()), wire);
        stream.write_all(OK).unwrap();
    }
}

/// A client that is offered no compression, and has logged in.
fn logged_in(front: &Front) -> TcpStream {
    let fixture = recording("mysql-5.6/ping.hex");
    let [greeting, response, ok] = [0, 1, 2].map(|line| fixture.lines[line].wire());
    let mut client = front.client();
    let offered = read(&mut client, greeting.len());
    let changed = offered.iter().zip(&greeting).filter(|(a, b)| a != b);
    // COMPRESS.
    assert!(changed.eq([(&0xdf, &0xff)]), "{offered:?}");
    client.write_all(&response).unwrap();
    assert_eq!(read(&mut client, ok.len()), ok);
    client
}

fn ask(client: &mut TcpStream, text: &str) {
    client.write_all(&query(text)).unwrap();
}

fn expect_ok(client: &mut TcpStream) {
    assert_eq!(read(client, OK.len())[..], *OK);
}

#[test]
fn commands_are_answered_and_refused_in_place_of_the_server() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        answers(&mut stream, &["select 1", "select 2"]);
        read_to_end(&mut stream)
    });
    let (front, _released) = gated(&backend);
    let mut client = logged_in(&front);
    // Pipelined: each answer has its place.
    let texts = ["select 1", "answer", "refuse", "select 2"];
    let all: Vec<u8> = texts.iter().flat_map(|text| query(text)).collect();
    client.write_all(&all).unwrap();
    expect_ok(&mut client);
    let answered = read(&mut client, OK.len());
    assert_eq!((answered[3], answered[4], answered[5]), (1, 0, 5));
    let header = read(&mut client, 4);
    let refused = read(&mut client, header[0].into());
    assert_eq!((header[3], refused[0]), (1, 0xff));
    assert!(refused.ends_with(b"not here"), "{refused:?}");
    expect_ok(&mut client);
    drop(client);
    assert_eq!(backend.join()[..], *b"");
}

/// Two rows of a column.
fn rows() -> ResultSet {
    ResultSet {
        columns: [ColumnDefinition41::default()].into(),
        rows: [[Some(&b"1"[..])], [None]].into_iter().collect(),
        end: Completion::default(),
        is_out_parameters: false,
    }
}

#[test]
fn rows_are_answered_in_place_of_the_server() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        answers(&mut stream, &["select 1"]);
        read_to_end(&mut stream)
    });
    let (front, _released) = gated(&backend);
    let mut client = logged_in(&front);
    let all = [query("rows"), query("select 1")].concat();
    client.write_all(&all).unwrap();
    let mut packet = || {
        let header = read(&mut client, 4);
        (header[3], read(&mut client, header[0].into()))
    };
    assert_eq!(packet(), (1, Bytes::from_static(b"\x01").to_vec().into()));
    assert_eq!(packet().0, 2);
    assert_eq!(packet().1[0], 0xfe);
    assert_eq!(packet().1[..], *b"\x011");
    assert_eq!(packet().1[..], *b"\xfb");
    let (sequence_id, end) = packet();
    assert_eq!((sequence_id, end[0]), (6, 0xfe));
    expect_ok(&mut client);
    drop(client);
    assert_eq!(backend.join()[..], *b"");
}

#[test]
fn commands_are_delayed() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        answers(&mut stream, &["delay", "select 1"]);
    });
    let (front, _released) = gated(&backend);
    let mut client = logged_in(&front);
    let start = Instant::now();
    ask(&mut client, "delay");
    ask(&mut client, "select 1");
    expect_ok(&mut client);
    assert!(start.elapsed() >= DELAY, "{:?}", start.elapsed());
    expect_ok(&mut client);
    backend.join();
}

#[test]
fn commands_are_held_back_until_they_are_released() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        answers(&mut stream, &["hold", "select 1"]);
    });
    let (front, released) = gated(&backend);
    let mut client = logged_in(&front);
    ask(&mut client, "hold");
    released.recv().unwrap().decide(Decision::Pass);
    expect_ok(&mut client);
    ask(&mut client, "hold");
    ask(&mut client, "select 1");
    let refused = Failure::general(1105, "not here");
    released.recv().unwrap().decide(Decision::Refuse(refused));
    let header = read(&mut client, 4);
    assert_eq!(read(&mut client, header[0].into())[0], 0xff);
    expect_ok(&mut client);
    backend.join();
}

#[test]
fn a_client_that_leaves_while_its_command_is_held_back_leaves() {
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        read_to_end(&mut stream)
    });
    let (front, released) = gated(&backend);
    let mut client = logged_in(&front);
    ask(&mut client, "hold");
    let release = released.recv().unwrap();
    front.relay.shut_down(Duration::ZERO);
    release.decide(Decision::Pass);
    assert_eq!(backend.join()[..], *b"");
}

fn execute(text: &'static str) -> Bytes {
    let mut wire = BytesMut::new();
    ClientMessage::from(StmtExecute {
        stmt: text.into(),
        ..StmtExecute::default()
    })
    .put(&mut wire);
    wire.freeze()
}

#[test]
fn the_same_by_the_x_protocol() {
    const NOTICE: &[u8] = b"\x05\0\0\0\x0b\x08\x05\x1a\0";
    const AUTHENTICATE: &[u8] = b"\x0a\0\0\0\x04\x0a\x07MYSQL41";
    const AUTHENTICATED: &[u8] = b"\x01\0\0\0\x04";
    const EXECUTED: &[u8] = b"\x01\0\0\0\x11";
    let backend = backend(|mut stream| {
        stream.write_all(NOTICE).unwrap();
        assert_eq!(read(&mut stream, AUTHENTICATE.len())[..], *AUTHENTICATE);
        stream.write_all(AUTHENTICATED).unwrap();
        for text in ["select 1", "delay", "hold"] {
            let wire = execute(text);
            assert_eq!(read(&mut stream, wire.len()), wire);
            stream.write_all(EXECUTED).unwrap();
        }
        read_to_end(&mut stream)
    });
    let (front, released) = gated(&backend);
    let mut client = front.client();
    assert_eq!(read(&mut client, NOTICE.len())[..], *NOTICE);
    client.write_all(AUTHENTICATE).unwrap();
    assert_eq!(read(&mut client, AUTHENTICATED.len())[..], *AUTHENTICATED);
    let texts = ["select 1", "answer", "refuse", "rows", "delay", "hold"];
    let start = Instant::now();
    for text in texts {
        client.write_all(&execute(text)).unwrap();
    }
    let mut seen = Vec::new();
    let mut frame = || {
        let header = read(&mut client, 5);
        let rest = read(&mut client, usize::from(header[0]) - 1);
        seen.push(header[4]);
        rest
    };
    frame();
    // What was changed, and that it is done; what was refused.
    frame();
    frame();
    let refused = frame();
    assert!(refused.ends_with(b"not here") || refused.windows(8).any(|part| part == b"not here"));
    // A column, two rows, their end, what was changed, and that it is done.
    for _ in 0..6 {
        frame();
    }
    frame();
    assert!(start.elapsed() >= DELAY, "{:?}", start.elapsed());
    released.recv().unwrap().decide(Decision::Pass);
    frame();
    assert_eq!(
        seen,
        [
            0x11, 0x0b, 0x11, 0x01, 0x0c, 0x0d, 0x0d, 0x0e, 0x0b, 0x11, 0x11, 0x11
        ]
    );
    drop(client);
    assert_eq!(backend.join()[..], *b"");
}
