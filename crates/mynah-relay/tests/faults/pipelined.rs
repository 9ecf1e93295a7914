//! Commands that a client sends ahead: answers keep their order, and what stands behind a fault waits or is dropped.

use std::io::{Read, Write};
use std::net::TcpStream;

use bytes::{Bytes, BytesMut};
use mynah_relay::{FaultRule, FaultRules};
use mynah_wire::Splitter;

use crate::support::{Backend, Front, backend, front, lets_in, read, read_to_end, recording};

const OK: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";

fn query(text: &str) -> Bytes {
    let mut wire = BytesMut::new();
    Splitter::new(0).payload(&mut wire, format!("\x03{text}").as_bytes());
    wire.freeze()
}

fn queries(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| query(text)).collect()
}

/// A server that expects these statements, each when the one before is answered, and gives what comes behind.
fn serves(texts: &'static [&'static str]) -> Backend<Bytes> {
    backend(move |mut stream| {
        lets_in(&mut stream);
        for (number, text) in texts.iter().enumerate() {
            let wire = query(text);
            assert_eq!(read(&mut stream, wire.len()), wire);
            let mut ok = OK.to_vec();
            ok[5] = u8::try_from(number).unwrap() + 1;
            stream.write_all(&ok).unwrap();
        }
        let mut rest = Vec::new();
        let _reset = stream.read_to_end(&mut rest);
        rest.into()
    })
}

fn ruled<T>(backend: &Backend<T>, rules: &str) -> (Front, FaultRules) {
    let faults = FaultRules::default();
    faults.add(FaultRule::list(rules).unwrap()).unwrap();
    let front = front(backend.port, |options| options.faults = faults.clone());
    (front, faults)
}

/// A client that is offered no compression, and has logged in.
fn logged_in(front: &Front) -> TcpStream {
    let fixture = recording("mysql-5.6/ping.hex");
    let [greeting, response, ok] = [0, 1, 2].map(|line| fixture.lines[line].wire());
    let mut client = front.client();
    let offered = read(&mut client, greeting.len());
    // COMPRESS.
    let changed = offered.iter().zip(&greeting).filter(|(a, b)| a != b);
    assert!(changed.eq([(&0xdf, &0xff)]), "{offered:?}");
    client.write_all(&response).unwrap();
    assert_eq!(read(&mut client, ok.len()), ok);
    client
}

fn expect_ok(client: &mut TcpStream, affected_rows: u8) {
    let ok = read(client, OK.len());
    assert_eq!((ok[3], ok[4], ok[5]), (1, 0, affected_rows), "{ok:?}");
}

#[test]
fn answers_keep_their_order_around_a_fault() {
    for fault in [
        "before_forward latency=5",
        "after_execute latency=5",
        "after_execute slicer=1",
        "after_execute bandwidth=100000",
    ] {
        let backend = serves(&["do 1", "slow", "do 2", "slow", "do 3"]);
        let (front, faults) = ruled(&backend, &format!("sql = slow: {fault}"));
        let mut client = logged_in(&front);
        let all = queries(&["do 1", "slow", "do 2", "slow", "do 3"]);
        client.write_all(&all).unwrap();
        for number in 1..=5 {
            expect_ok(&mut client, number);
        }
        // However the commands are cut.
        assert_eq!(faults.list()[0].played(), 2, "{fault}");
        drop(client);
        assert_eq!(backend.join()[..], *b"", "{fault}");
    }
}

#[test]
fn what_is_sent_behind_a_command_that_ends_the_connection_never_reaches_the_server() {
    for (fault, texts) in [
        ("before_forward timeout=1", &["do 1"][..]),
        ("after_execute timeout=1", &["do 1", "commit"]),
        ("after_execute limit_data=0", &["do 1", "commit"]),
    ] {
        let backend = serves(texts);
        let (front, _faults) = ruled(&backend, &format!("sql = commit: {fault}"));
        let mut client = logged_in(&front);
        let all = queries(&["do 1", "commit", "do 2"]);
        client.write_all(&all).unwrap();
        expect_ok(&mut client, 1);
        assert_eq!(read_to_end(&mut client)[..], *b"", "{fault}");
        assert_eq!(backend.join()[..], *b"", "{fault}");
    }
}

#[test]
fn a_command_that_comes_in_pieces_is_played_once_as_a_whole() {
    let long = Box::leak("x".repeat(200_000).into_boxed_str());
    let texts: &'static [&'static str] = vec![&*long, "do 1"].leak();
    let backend = serves(texts);
    let (front, faults) = ruled(&backend, "sql ~ xxx: after_execute slicer=1");
    let mut client = logged_in(&front);
    for piece in queries(texts).chunks(7_777) {
        client.write_all(piece).unwrap();
    }
    expect_ok(&mut client, 1);
    expect_ok(&mut client, 2);
    assert_eq!(faults.list()[0].played(), 1);
    drop(client);
    assert_eq!(backend.join()[..], *b"");
}

#[test]
fn a_file_that_the_server_asks_for_reaches_it_while_a_fault_is_played() {
    const ASKS: &[u8] = b"\x05\0\0\x01\xfbfile";
    const FILE: &[u8] = b"\x04\0\0\x02rows\0\0\0\x03";
    const DONE: &[u8] = b"\x07\0\0\x04\0\x01\0\x02\0\0\0";
    let backend = backend(|mut stream| {
        lets_in(&mut stream);
        let wire = query("load data");
        assert_eq!(read(&mut stream, wire.len()), wire);
        stream.write_all(ASKS).unwrap();
        assert_eq!(read(&mut stream, FILE.len())[..], *FILE);
        stream.write_all(DONE).unwrap();
        read_to_end(&mut stream)
    });
    let (front, _faults) = ruled(&backend, "sql ~ load: after_execute slicer=2");
    let mut client = logged_in(&front);
    client.write_all(&query("load data")).unwrap();
    assert_eq!(read(&mut client, ASKS.len())[..], *ASKS);
    client.write_all(FILE).unwrap();
    assert_eq!(read(&mut client, DONE.len())[..], *DONE);
    drop(client);
    assert_eq!(backend.join()[..], *b"");
}
