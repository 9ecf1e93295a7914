//! Servers that serve each client on a thread of its own.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::HashSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use mynah_auth::Channel;
use mynah_net::{Limits, Listener, Server, ServerOptions, TlsMode, TlsServer};
use support::authority::Authority;
use support::client::{Client, LogIn, tcp, tls, unix};
use support::{Answers, tcp_address, tls_options};

fn options() -> ServerOptions {
    ServerOptions {
        workers: 1,
        thread_per_connection: true,
        ..ServerOptions::default()
    }
}

fn log_in(server: &Server) -> Client {
    LogIn::default().over(tcp(tcp_address(server))).unwrap()
}

/// Waits until so many connections are open.
fn wait_for(server: &Server, count: usize) {
    while server.connections().count() != count {
        thread::yield_now();
    }
}

/// A client that sends a statement as soon as the one before is answered, until it is disconnected.
fn keep_busy(mut client: Client) -> thread::JoinHandle<usize> {
    thread::spawn(move || (0..).find(|_| client.query("select 1").is_err()).unwrap())
}

#[test]
fn a_client_that_keeps_its_thread_busy_holds_up_no_other() {
    let answers = Answers::default();
    let server = answers.start_tcp(options());
    let mut blocking = log_in(&server);
    blocking.start_query("block");
    answers.gate.wait_for_handler();
    let mut other = log_in(&server);
    other.query("select 1").unwrap();
    answers.gate.open();
}

#[test]
fn clients_have_a_thread_each_which_serves_others_after_them() {
    let answers = Answers::default();
    let server = answers.start_tcp(options());
    let threads = || -> Vec<_> {
        let seen = answers.seen.lock().unwrap();
        seen.connections.iter().map(|(_, thread)| *thread).collect()
    };
    let clients: Vec<_> = (0..20).map(|_| log_in(&server)).collect();
    let first: HashSet<_> = threads().into_iter().collect();
    assert_eq!(first.len(), 20);
    drop(clients);
    // A thread is free a moment after its connection is closed, so a new one may be started once or twice.
    let is_used_again = (0..1000).any(|_| {
        wait_for(&server, 0);
        drop(log_in(&server));
        first.contains(threads().last().unwrap())
    });
    assert!(is_used_again);
}

#[test]
fn clients_that_connect_at_once_have_a_thread_each() {
    let answers = Answers::default();
    let server = answers.start_tcp(options());
    let at_once = Barrier::new(40);
    let clients: Vec<_> = thread::scope(|scope| {
        let log_in = || {
            at_once.wait();
            log_in(&server)
        };
        let clients: Vec<_> = (0..40).map(|_| scope.spawn(log_in)).collect();
        clients.into_iter().map(|c| c.join().unwrap()).collect()
    });
    let seen = answers.seen.lock().unwrap();
    let threads: HashSet<_> = seen.connections.iter().map(|(_, thread)| thread).collect();
    assert_eq!((clients.len(), threads.len()), (40, 40));
}

#[test]
fn clients_beyond_the_limit_are_refused() {
    let server = answers_with(Limits {
        connections: 2,
        ..Limits::default()
    });
    let _clients = [log_in(&server), log_in(&server)];
    for _ in 0..3 {
        let refused = LogIn::default().over(tcp(tcp_address(&server)));
        let refused = refused.err().unwrap().to_string();
        assert!(refused.contains("Too many connections"), "{refused}");
    }
}

#[test]
fn a_client_that_is_disconnected_gets_no_further_answer() {
    let server = Answers::default().start_tcp(options());
    let mut client = log_in(&server);
    client.query("select 1").unwrap();
    let id = server.connections().list()[0].id;
    assert!(server.connections().close(id));
    assert!(client.query("select 1").is_err());
}

#[test]
fn a_busy_client_can_be_disconnected() {
    let server = Answers::default().start_tcp(options());
    let busy = keep_busy(log_in(&server));
    while server.connections().list()[0].statements < 100 {
        thread::yield_now();
    }
    let id = server.connections().list()[0].id;
    assert!(server.connections().close(id));
    assert!(busy.join().unwrap() >= 100);
    wait_for(&server, 0);
}

#[test]
fn a_shutdown_ends_busy_and_idle_clients() {
    let server = Answers::default().start_tcp(options());
    let mut idle = log_in(&server);
    idle.query("select 1").unwrap();
    let busy = keep_busy(log_in(&server));
    let sent = || -> u64 {
        server
            .connections()
            .list()
            .iter()
            .map(|c| c.statements)
            .sum()
    };
    while sent() < 100 {
        thread::yield_now();
    }
    assert!(server.shut_down(Duration::from_secs(60)));
    busy.join().unwrap();
    let received = idle.read_to_end();
    let end = b"Server shutdown in progress";
    assert!(received.ends_with(end), "{received:?}");
}

#[test]
fn a_client_that_is_idle_or_does_not_read_for_too_long_is_disconnected() {
    let short = Duration::from_millis(100);
    let server = answers_with(Limits {
        idle_timeout: short,
        write_timeout: short,
        ..Limits::default()
    });
    let mut idle = log_in(&server);
    idle.query("select 1").unwrap();
    let received = idle.read_to_end();
    let end = b"for configuring this behavior.";
    assert!(received.ends_with(end), "{received:?}");

    let mut not_reading = log_in(&server);
    not_reading.query("select 1").unwrap();
    not_reading.start_query("many rows");
    wait_for(&server, 0);
}

#[test]
fn large_results_and_statements_pass_over_tls_and_sockets() {
    let authority = Authority::new("zoo");
    let path = authority.file("mynah.sock");
    let listeners = vec![
        Listener::bind("127.0.0.1", 0).unwrap(),
        Listener::bind_unix(&path).unwrap(),
    ];
    let tls_server = TlsServer::new(&tls_options(&authority, TlsMode::Preferred)).unwrap();
    let server = Answers::default().start(
        listeners,
        ServerOptions {
            tls: Some(tls_server),
            ..options()
        },
    );
    let context = tls(None, None);
    let encrypted = LogIn {
        tls: Some(&context),
        ..LogIn::default()
    };
    let local = LogIn {
        channel: Channel::Local,
        ..LogIn::default()
    };
    let large = format!("select '{}'", "x".repeat(3_000_000));
    for mut client in [
        log_in(&server),
        encrypted.over(tcp(tcp_address(&server))).unwrap(),
        local.over(unix(&path)).unwrap(),
    ] {
        for _ in 0..3 {
            client.query("select 1").unwrap();
            client.query(&large).unwrap();
            assert_eq!(client.query("many rows").unwrap(), 100_000);
        }
    }
}

fn answers_with(limits: Limits) -> Server {
    Answers::default().start_tcp(ServerOptions {
        limits,
        ..options()
    })
}
