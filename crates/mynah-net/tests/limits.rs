//! The limits for clients: at each limit, and beyond.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use mynah_net::{Limits, Listener, Protocol, Server, ServerOptions};
use support::client::{LogIn, refusal, tcp};
use support::{Answers, tcp_address};

fn limited(limits: Limits) -> ServerOptions {
    ServerOptions {
        limits,
        ..ServerOptions::default()
    }
}

const SHORT: Duration = Duration::from_millis(100);

#[test]
fn one_connection_too_many_gets_an_error_until_another_ends() {
    let server = Answers::default().start_tcp(limited(Limits {
        connections: 2,
        ..Limits::default()
    }));
    let address = tcp_address(&server);
    let first = LogIn::default().over(tcp(address)).unwrap();
    let mut second = LogIn::default().over(tcp(address)).unwrap();

    let refused = LogIn::default().over(tcp(address));
    assert_eq!(refusal(refused), (1040, "Too many connections".to_owned()));
    second.query("select 1").unwrap();

    drop(first);
    while server.connections().count() > 1 {
        std::thread::yield_now();
    }
    LogIn::default().over(tcp(address)).unwrap();
}

#[test]
fn one_connection_too_many_gets_an_error_over_the_x_protocol_too() {
    let listener = Listener::bind("127.0.0.1", 0).unwrap();
    let server = Answers::default().start(
        vec![listener.speaking(Protocol::X)],
        limited(Limits {
            connections: 1,
            ..Limits::default()
        }),
    );
    let address = tcp_address(&server);
    let mut first = TcpStream::connect(address).unwrap();
    first.read_exact(&mut [0; 9]).unwrap();

    let mut received = Vec::new();
    TcpStream::connect(address)
        .unwrap()
        .read_to_end(&mut received)
        .unwrap();
    let received = String::from_utf8_lossy(&received);
    assert!(received.contains("Too many connections"), "{received:?}");
}

#[test]
fn a_client_that_sends_nothing_for_too_long_is_disconnected() {
    let server = Answers::default().start_tcp(limited(Limits {
        idle_timeout: SHORT,
        ..Limits::default()
    }));
    let mut client = LogIn::default().over(tcp(tcp_address(&server))).unwrap();
    client.query("select 1").unwrap();
    let received = client.read_to_end();
    assert!(
        received.ends_with(b"for configuring this behavior."),
        "{received:?}"
    );
    while server.connections().count() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_client_that_reads_nothing_for_too_long_is_disconnected() {
    let server = Answers::default().start_tcp(limited(Limits {
        write_timeout: SHORT,
        ..Limits::default()
    }));
    let mut client = LogIn::default().over(tcp(tcp_address(&server))).unwrap();
    client.start_query("many rows");
    while server.connections().count() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_large_statement_beyond_the_memory_limit_is_answered_after_others() {
    let server = Answers::default().start_tcp(limited(Limits {
        input: 1 << 20,
        ..Limits::default()
    }));
    let address = tcp_address(&server);
    let large = |text: &str| format!("{text} {}", "x".repeat(800_000));
    let mut sleeping = LogIn::default().over(tcp(address)).unwrap();
    let mut small = LogIn::default().over(tcp(address)).unwrap();
    let mut waiting = LogIn::default().over(tcp(address)).unwrap();
    sleeping.start_query(&large("sleep"));
    small.query("select 1").unwrap();

    std::thread::scope(|scope| {
        let answered = scope.spawn(|| waiting.query(&large("select")).unwrap());
        small.query(&"y".repeat(60_000)).unwrap();
        drop(sleeping);
        answered.join().unwrap();
    });
    small.query(&"y".repeat(20 << 20)).unwrap();
}

/// Reads the error 1040, and leaves the connection open.
fn refused(server: &Server) -> TcpStream {
    let mut client = TcpStream::connect(tcp_address(server)).unwrap();
    let mut header = [0; 7];
    client.read_exact(&mut header).unwrap();
    assert_eq!(header[4..], [0xff, 0x10, 0x04]);
    client
}

#[test]
fn a_client_that_is_refused_takes_no_place_while_it_stays() {
    let server = Answers::default().start_tcp(limited(Limits {
        connections: 1,
        ..Limits::default()
    }));
    let address = tcp_address(&server);
    let first = LogIn::default().over(tcp(address)).unwrap();
    let mut stays = refused(&server);
    drop(first);
    while server.connections().list().iter().any(|open| open.id == 1) {
        std::thread::yield_now();
    }
    let mut second = LogIn::default().over(tcp(address)).unwrap();
    second.query("select 1").unwrap();
    // A place that was never taken isn't freed.
    let other = refused(&server);
    stays.read_to_end(&mut Vec::new()).unwrap();
    drop((stays, other));
    while server.connections().count() > 1 {
        std::thread::yield_now();
    }
    refused(&server);
}

#[test]
fn a_client_whose_connection_is_ended_takes_no_place_while_it_stays() {
    let server = Answers::default().start_tcp(limited(Limits {
        connections: 1,
        idle_timeout: SHORT,
        ..Limits::default()
    }));
    let address = tcp_address(&server);
    let mut idle = LogIn::default().over(tcp(address)).unwrap();
    let error = idle.read_to_end();
    assert!(!error.is_empty());
    LogIn::default().over(tcp(address)).unwrap();
    drop(idle);
}
