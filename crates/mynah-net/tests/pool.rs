//! Servers that share a thread.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::Read;
use std::net::TcpStream;
use std::thread::ThreadId;
use std::time::Duration;

use mynah_net::{Listener, Pool, Server, ServerOptions};
use mynah_session::Greeting;
use support::{Answers, tcp_address};

const LONG: Duration = Duration::from_secs(20);

fn answers(version: &str) -> Answers {
    Answers {
        greeting: Greeting {
            server_version: Some(version.to_owned().into()),
            ..Greeting::default()
        },
        ..Answers::default()
    }
}

fn start_in(pool: &Pool, answers: &Answers) -> Server {
    let listener = Listener::bind("127.0.0.1", 0).unwrap();
    let options = ServerOptions::default();
    Server::start_in(pool, vec![listener], answers.clone(), options).unwrap()
}

/// Connects, and returns the version in the greeting.
fn connect(server: &Server) -> (TcpStream, String) {
    let mut client = TcpStream::connect(tcp_address(server)).unwrap();
    let mut header = [0; 4];
    client.read_exact(&mut header).unwrap();
    let mut greeting = vec![0; header[0].into()];
    client.read_exact(&mut greeting).unwrap();
    let version = greeting[1..].split(|byte| *byte == 0).next().unwrap();
    (client, String::from_utf8(version.to_vec()).unwrap())
}

/// The thread of the last client.
fn thread(answers: &Answers) -> ThreadId {
    answers.seen.lock().unwrap().connections.last().unwrap().1
}

#[test]
fn servers_on_one_thread_share_only_the_thread() {
    let pool = Pool::new(1, 2 << 20);
    let (one, two) = (answers("8.4.1"), answers("8.4.2"));
    let servers = [start_in(&pool, &one), start_in(&pool, &two)];
    let (_first, version) = connect(&servers[0]);
    assert_eq!(version, "8.4.1");
    for more in 0..3 {
        let (_client, version) = connect(&servers[1]);
        assert_eq!(version, "8.4.2");
        let seen = two.seen.lock().unwrap().connections.last().unwrap().0;
        assert_eq!(seen.id, more + 1, "each server counts its own");
    }
    assert_eq!(thread(&one), thread(&two));
    assert_eq!(one.seen.lock().unwrap().connections.len(), 1);
    assert_eq!(servers[0].connections().count(), 1);
}

#[test]
fn a_server_that_ends_ends_its_clients_and_no_others() {
    let pool = Pool::new(1, 2 << 20);
    let (one, two) = (answers("8.4.1"), answers("8.4.2"));
    let (dropped, shut_down) = (start_in(&pool, &one), start_in(&pool, &one));
    let other = start_in(&pool, &two);
    let clients = [&dropped, &shut_down].map(|server| connect(server).0);
    let (mut client, _version) = connect(&other);
    drop(dropped);
    assert!(shut_down.shut_down(LONG));
    for mut client in clients {
        let mut rest = Vec::new();
        // A reset ends it, too.
        let _end = client.read_to_end(&mut rest);
    }
    assert_eq!(other.connections().count(), 1);
    client.set_nonblocking(true).unwrap();
    let open = client.read(&mut [0]).unwrap_err();
    assert_eq!(open.kind(), std::io::ErrorKind::WouldBlock);
    let (_client, version) = connect(&other);
    assert_eq!(version, "8.4.2");
    assert_eq!(thread(&one), thread(&two));
}

#[test]
fn a_server_outlives_its_pool() {
    let pool = Pool::new(1, 2 << 20);
    let answers = answers("8.4.1");
    let server = start_in(&pool, &answers);
    drop(pool);
    assert_eq!(connect(&server).1, "8.4.1");
}
