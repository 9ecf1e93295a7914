//! Connections are listed, and end when they are closed.

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
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use mynah_auth::Channel;
use mynah_fault::{Fault, Latency};
use mynah_net::{Connections, ListenAddress, Listener, ServerOptions};
use mynah_session::Account;
use mysql_async::prelude::Queryable;
use mysql_async::{ChangeUserOpts, Conn, OptsBuilder};
use support::client::{LogIn, tcp, unix};
use support::{Answers, tcp_address};

/// Waits until so many connections are open.
fn wait_for(connections: &Connections, count: usize) {
    while connections.list().len() != count {
        std::thread::yield_now();
    }
}

fn two_workers() -> ServerOptions {
    ServerOptions {
        workers: 2,
        ..ServerOptions::default()
    }
}

#[test]
fn a_connection_is_listed_with_what_is_known_of_it() {
    let before = SystemTime::now();
    let server = Answers::default().start_tcp(ServerOptions::default());
    let address = tcp_address(&server);
    let stream = TcpStream::connect(address).unwrap();
    let connections = server.connections();
    wait_for(&connections, 1);
    let mut client = LogIn::default().over(tcp(address)).unwrap();
    client.query("select 1").unwrap();
    client.query("select 2").unwrap();
    let list = connections.list();
    assert_eq!((list[0].id, list[1].id), (1, 2));
    assert_eq!(list[0].username, None);
    assert_eq!(list[0].peer, stream.local_addr().unwrap().to_string());
    assert_eq!(list[1].username.as_deref(), Some("ada"));
    assert_eq!(list[1].schema.as_deref(), Some("zoo"));
    assert_eq!(list[1].listener, ListenAddress::Tcp(address));
    assert_eq!((list[1].statements, list[1].tls), (2, None));
    assert!(list[1].since >= before);
    drop((client, stream));
    wait_for(&connections, 0);
}

#[test]
fn statements_of_clients_that_have_left_are_in_the_statistics() {
    let server = Answers::default().start_tcp(ServerOptions::default());
    let address = tcp_address(&server);
    let mut client = LogIn::default().over(tcp(address)).unwrap();
    client.query("select 1").unwrap();
    let mut gone = LogIn::default().over(tcp(address)).unwrap();
    gone.query("select 2").unwrap();
    gone.query("select 3").unwrap();
    let mut numbers = |threads| {
        let text = client.statistics().unwrap();
        let wanted = format!("Threads: {threads}  Questions: 3  ");
        assert!(text.contains(&wanted), "{text}");
    };
    numbers(2);
    drop(gone);
    wait_for(&server.connections(), 1);
    numbers(1);
}

#[test]
fn a_connection_is_closed_whatever_it_is_doing() {
    let answers = Answers::default();
    let server = answers.start_tcp(two_workers());
    let (address, connections) = (tcp_address(&server), server.connections());
    let close = |id| assert!(connections.close(id), "{id}");

    let mut silent = TcpStream::connect(address).unwrap();
    wait_for(&connections, 1);
    close(1);
    // The greeting, or a part of it, and no more.
    let _reset = silent.read_to_end(&mut Vec::new());

    let mut idle = LogIn::default().over(tcp(address)).unwrap();
    close(2);
    idle.read_to_end();

    let mut waiting = LogIn::default().over(tcp(address)).unwrap();
    waiting.start_query("sleep");
    while connections.list()[0].statements == 0 {
        std::thread::yield_now();
    }
    close(3);
    waiting.read_to_end();

    let mut not_reading = LogIn::default().over(tcp(address)).unwrap();
    not_reading.start_query("many rows");
    while connections.list()[0].statements == 0 {
        std::thread::yield_now();
    }
    close(4);
    wait_for(&connections, 0);
    not_reading.read_to_end();

    let mut blocked = LogIn::default().over(tcp(address)).unwrap();
    blocked.start_query("block");
    answers.gate.wait_for_handler();
    close(5);
    // It is listed until its handler returns.
    assert_eq!(connections.list()[0].id, 5);
    close(5);
    answers.gate.open();
    blocked.read_to_end();
    wait_for(&connections, 0);
    assert!(!connections.close(5));
    assert!(!connections.close(99));
}

#[test]
fn all_connections_of_all_listeners_are_closed_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mynah.sock");
    let listeners = vec![
        Listener::bind("127.0.0.1", 0).unwrap(),
        Listener::bind_unix(&path).unwrap(),
    ];
    let server = Answers::default().start(listeners, two_workers());
    let local = LogIn {
        channel: Channel::Local,
        ..LogIn::default()
    };
    let mut local = local.over(unix(&path)).unwrap();
    let mut remote = LogIn::default().over(tcp(tcp_address(&server))).unwrap();
    let list = server.connections().list();
    assert_eq!(list[0].listener, ListenAddress::Unix(path.clone()));
    assert_eq!(
        (&list[0].peer[..], list[0].id, list[1].id),
        ("localhost", 1, 2)
    );
    assert_eq!(server.connections().close_all(), 2);
    local.read_to_end();
    remote.read_to_end();
    wait_for(&server.connections(), 0);
    assert_eq!(server.connections().close_all(), 0);
}

#[test]
fn a_unix_socket_is_removed_when_the_server_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mynah.sock");
    let answers = Answers::default();
    let listener = || vec![Listener::bind_unix(&path).unwrap()];
    let server = answers.start(listener(), ServerOptions::default());
    let local = LogIn {
        channel: Channel::Local,
        ..LogIn::default()
    };
    let mut client = local.over(unix(&path)).unwrap();
    client.query("select 1").unwrap();
    assert_eq!(answers.seen.lock().unwrap().connections[0].0.port, 0);
    assert!(server.shut_down(Duration::from_secs(10)));
    assert!(!path.exists());
    client.read_to_end();
    drop(answers.start(listener(), ServerOptions::default()));
    assert!(!path.exists());
}

#[test]
fn a_client_that_never_logs_in_blocks_no_other_and_is_disconnected() {
    let server = Answers::default().start_tcp(ServerOptions {
        connect_timeout: Duration::from_millis(50),
        workers: 1,
        ..ServerOptions::default()
    });
    let address = tcp_address(&server);
    let mut silent = TcpStream::connect(address).unwrap();
    let mut other = LogIn::default().over(tcp(address)).unwrap();
    let mut greeting = Vec::new();
    silent.read_to_end(&mut greeting).unwrap();
    assert_eq!(greeting[4], 10);
    other.query("select 1").unwrap();
}

#[test]
fn the_time_to_log_in_is_the_clients_and_not_the_handlers() {
    let takes = Duration::from_millis(600);
    // The client is asked for another method, and answers behind the wait.
    let account = || Account {
        auth_method_name: Some("mysql_native_password".into()),
        password: Some("secret".into()),
        ..Account::default()
    };
    let latency = Fault {
        latency: Some(Latency::constant(takes)),
        ..Fault::default()
    };
    let waits = Answers {
        account: account(),
        login_takes: takes,
        ..Answers::default()
    };
    let has_fault = Answers {
        account: Account {
            fault: Some(latency.into()),
            ..account()
        },
        ..Answers::default()
    };
    for answers in [waits, has_fault] {
        let server = answers.start_tcp(ServerOptions {
            connect_timeout: takes.mul_f32(0.8),
            ..ServerOptions::default()
        });
        let mut client = LogIn::default().over(tcp(tcp_address(&server))).unwrap();
        client.query("select 1").unwrap();
    }
}

#[test]
fn three_hundred_connections_are_served_at_once() {
    let server = Answers::default().start_tcp(two_workers());
    let address = tcp_address(&server);
    let mut streams: Vec<_> = (0..300).map(|_| tcp(address)).collect();
    let mut clients: Vec<_> = streams
        .drain(..)
        .map(|stream| LogIn::default().over(stream).unwrap())
        .collect();
    for client in &mut clients {
        client.query("select 1").unwrap();
    }
    assert_eq!(server.connections().list().len(), 300);
    drop(clients);
    wait_for(&server.connections(), 0);
}

#[test]
fn a_worker_that_is_stuck_gets_no_new_clients() {
    let answers = Answers::default();
    let server = answers.start_tcp(two_workers());
    let address = tcp_address(&server);
    let _first = LogIn::default().over(tcp(address)).unwrap();
    let stuck = answers.seen.lock().unwrap().connections[0].1;
    *answers.stuck.lock().unwrap() = Some(stuck);
    let _others: Vec<_> = (0..3)
        .map(|_| LogIn::default().over(tcp(address)).unwrap())
        .collect();
    let seen = answers.seen.lock().unwrap();
    assert!(
        seen.connections[1..]
            .iter()
            .all(|(_, thread)| *thread != stuck)
    );
}

fn options(address: SocketAddr) -> OptsBuilder {
    OptsBuilder::default()
        .ip_or_hostname(address.ip().to_string())
        .tcp_port(address.port())
        .max_allowed_packet(Some(1 << 20))
        .wait_timeout(Some(60))
        .prefer_socket(false)
}

#[tokio::test]
async fn another_client_library_changes_the_user() {
    let mut answers = Answers::default();
    answers.account.password = Some("secret".into());
    let server = answers.start_tcp(ServerOptions::default());
    let options = options(tcp_address(&server));
    let options = options.user(Some("ada")).pass(Some("secret"));
    let mut conn = Conn::new(options).await.unwrap();
    let eve = ChangeUserOpts::new()
        .with_user(Some("eve".to_owned()))
        .with_pass(Some("secret".to_owned()))
        .with_db_name(Some("ark".to_owned()));
    conn.change_user(eve).await.unwrap();
    conn.query_drop("do 1").await.unwrap();
    let info = &server.connections().list()[0];
    assert_eq!(info.username.as_deref(), Some("eve"));
    assert_eq!(info.schema.as_deref(), Some("ark"));
    let wrong = ChangeUserOpts::new().with_pass(Some("guess".to_owned()));
    let error = conn.change_user(wrong).await.unwrap_err();
    assert!(error.to_string().contains("1045"), "{error}");
    assert!(conn.query_drop("do 1").await.is_err());
}
