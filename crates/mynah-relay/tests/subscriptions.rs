//! A program receives the events of connections, over both protocols, by a channel and by calls.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah_auth::x::Mechanism;
use mynah_net::{Server, TlsMode};
use mynah_relay::observe::{self, Direction, MessageKind, Outcome};
use mynah_relay::{Event, Events, Received, Subscription};
use support::client::Connection;
use support::server::{PASSWORD, server, x_server};
use support::x_client::XConnection;
use support::{Front, front};

/// A relay in front of a server, whose events come by a channel.
fn before(server: &Server, subscription: Subscription) -> (Front, SocketAddr) {
    let front = front(server.addresses()[0].port(), |options| {
        options.subscriptions = vec![subscription];
    });
    let address = SocketAddr::from(([127, 0, 0, 1], front.port));
    (front, address)
}

/// All events, once the relay is gone.
fn events(front: Front, events: Events) -> Vec<Received> {
    assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT));
    assert_eq!(events.dropped(), 0);
    events.collect()
}

/// The statements that were done, each with its user, schema and how many rows it has changed.
fn statements(events: &[Received]) -> Vec<(String, String, String, u64)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let statements = events.iter().filter_map(|received| {
        let Event::Observed(observe::Event::Completed(answer)) = &received.event else {
            return None;
        };
        let timing = answer.timing.unwrap();
        assert!(timing.first_byte <= timing.latency);
        assert_eq!(answer.outcome, Outcome::Done, "{answer:?}");
        let connection = &received.connection;
        let (user, schema) = (text(&connection.user), text(&connection.schema));
        Some((
            text(&answer.command.sql()?),
            user,
            schema,
            answer.affected_rows,
        ))
    });
    statements.collect()
}

/// What a conversation is made of, in words.
fn names(events: &[Received]) -> Vec<&'static str> {
    let names = events.iter().filter_map(|received| match &received.event {
        Event::Connected => Some("connected"),
        Event::Tls {
            side: Direction::Client,
            ..
        } => Some("TLS with the client"),
        Event::Tls { .. } => Some("TLS with the server"),
        Event::Observed(observe::Event::Login(_)) => Some("login"),
        Event::Observed(observe::Event::LoggedIn) => Some("logged in"),
        Event::Observed(observe::Event::Completed(answer)) => Some(answer.command.kind.name()),
        Event::Closed(closed) => {
            assert_eq!(closed.tally.errors, 0);
            assert!(closed.tally.sent > 0 && closed.tally.received > 0);
            Some("closed")
        }
        _ => None,
    });
    names.collect()
}

#[test]
fn a_test_can_assert_on_the_statements_of_a_client_of_the_classic_protocol() {
    let server = server("caching_sha2_password", TlsMode::Preferred);
    for tls in [false, true] {
        let (subscription, received) = Subscription::channel(1000);
        let (front, address) = before(&server, subscription);
        let mut client = Connection::log_in(address, tls, "ada", PASSWORD).unwrap();
        for sql in ["use shop", "do 1"] {
            client.query(sql).unwrap();
        }
        drop(client);
        let events = events(front, received);
        let statement = |sql: &str, schema: &str| {
            let len = sql.len() as u64;
            (sql.to_owned(), "ada".to_owned(), schema.to_owned(), len)
        };
        assert_eq!(
            statements(&events),
            [statement("use shop", ""), statement("do 1", "shop")]
        );
        let mut expected = vec!["connected", "login", "logged in"];
        if tls {
            expected.extend(["TLS with the client", "TLS with the server"]);
        }
        expected.extend(["QUERY", "QUERY", "closed"]);
        assert_eq!(names(&events), expected);
        assert!(events.iter().all(|received| received.connection.id == 1));
    }
}

#[test]
fn a_test_can_assert_on_the_statements_of_a_client_of_the_x_protocol() {
    let server = x_server(TlsMode::Preferred);
    let (subscription, received) = Subscription::channel(1000);
    let (front, address) = before(&server, subscription);
    let mut client = XConnection::open(address);
    client.log_in(Mechanism::Mysql41, "ada", PASSWORD).unwrap();
    for sql in ["use shop", "do 1"] {
        client.sql(sql).unwrap();
    }
    drop(client);
    let events = events(front, received);
    let statement = |sql: &str, schema: &str| {
        let len = sql.len() as u64;
        (sql.to_owned(), "ada".to_owned(), schema.to_owned(), len)
    };
    assert_eq!(
        statements(&events),
        [statement("use shop", ""), statement("do 1", "shop")]
    );
    let names = names(&events);
    let (first, last) = (names.first(), names.last());
    assert_eq!((first, last), (Some(&"connected"), Some(&"closed")));
    let executions = names.iter().filter(|name| **name == "STMT_EXECUTE");
    assert_eq!(executions.count(), 2, "{names:?}");
    assert!(names.contains(&"login") && names.contains(&"logged in"));
}

#[test]
fn messages_are_shown_where_they_are_asked_for_and_only_there() {
    let (classic, x) = (
        server("mysql_native_password", TlsMode::Disabled),
        x_server(TlsMode::Disabled),
    );
    for messages in [false, true] {
        let seen = Arc::new(Mutex::new((0, 0)));
        for server in [&classic, &x] {
            let counted = Arc::clone(&seen);
            let subscription = Subscription::callback(move |_, event| {
                if let Event::Observed(observe::Event::Message(message)) = event {
                    let mut counted = counted.lock().unwrap();
                    match message.kind {
                        MessageKind::Classic { .. } => counted.0 += 1,
                        _ => counted.1 += 1,
                    }
                }
            });
            let subscription = match messages {
                true => subscription.with_messages(),
                false => subscription,
            };
            let (front, address) = before(server, subscription);
            if std::ptr::eq(server, &classic) {
                Connection::log_in(address, false, "ada", PASSWORD).unwrap();
            } else {
                let mut client = XConnection::open(address);
                client.log_in(Mechanism::Mysql41, "ada", PASSWORD).unwrap();
            }
            assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT));
        }
        let (classic, x) = *seen.lock().unwrap();
        assert_eq!((classic > 2, x > 2), (messages, messages), "{classic} {x}");
    }
}

#[test]
fn a_receiver_that_is_too_slow_loses_events_and_holds_nothing_up() {
    let server = server("mysql_native_password", TlsMode::Disabled);
    let (subscription, received) = Subscription::channel(3);
    let (front, address) = before(&server, subscription);
    let mut client = Connection::log_in(address, false, "ada", PASSWORD).unwrap();
    for _ in 0..100 {
        client.query("do 1").unwrap();
    }
    drop(client);
    assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT));
    let dropped = received.dropped();
    let events: Vec<_> = received.collect();
    assert!(matches!(events[0].event, Event::Connected));
    assert_eq!(events.len(), 3);
    assert!(dropped > 200, "{dropped}");
}

const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
