//! What people read, in the order in which they read it.

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
use std::time::Duration;

use bytes::BytesMut;
use mynah_relay::{TraceFormat, TraceOptions};
use mynah_testkit::Direction;
use mynah_wire::Splitter;
use support::{
    Front, backend, close_writing, front, json_trace, lets_in, logged_in, play, read, read_to_end,
    recording,
};

/// The trace of a relay, as text.
fn text(
    server: impl FnOnce(TcpStream) + Send + 'static,
    change: impl FnOnce(&mut TraceOptions),
    client: impl FnOnce(&Front),
) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let backend = backend(server);
    let front = front(backend.port, |options| {
        let mut trace = json_trace(&path, 1);
        trace.format = TraceFormat::Text;
        change(&mut trace);
        options.trace = Some(trace);
    });
    client(&front);
    backend.join();
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    std::fs::read_to_string(&path).unwrap()
}

fn recorded(name: &'static str, change: impl FnOnce(&mut TraceOptions)) -> String {
    let server =
        move |mut stream: TcpStream| play(&mut stream, &recording(name), Direction::Server);
    text(server, change, |front| {
        let mut client = front.client();
        play(&mut client, &recording(name), Direction::Client);
        close_writing(&client);
        read_to_end(&mut client);
    })
}

#[test]
fn fields_of_a_login_have_a_line_each_and_a_statement_is_said_once() {
    let text = recorded("mysql-9.7/query.hex", |trace| trace.level = 3);
    for line in [
        "    [1]    username: '",
        "    [1]    auth_plugin_name: 'caching_sha2_password'\n",
        "    [1]    attributes:\n",
        "    [1]        _os: 'Linux'\n",
        ", COM_QUERY\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let started: Vec<_> = text
        .lines()
        .filter_map(|line| line.split_once(" > QUERY: "))
        .collect();
    assert!(!started.is_empty());
    for (_, sql) in started {
        assert_eq!(text.matches(sql).count(), 1, "{sql} in\n{text}");
    }
}

#[test]
fn a_statement_is_said_again_where_others_have_begun_since() {
    let wire = |sql: &str| {
        let mut wire = BytesMut::new();
        Splitter::new(0).payload(&mut wire, format!("\x03{sql}").as_bytes());
        wire.freeze()
    };
    let both = [wire("do 1"), wire("do 2")].concat();
    let len = both.len();
    let text = text(
        move |mut stream| {
            lets_in(&mut stream);
            read(&mut stream, len);
            let ok = b"\x07\0\0\x01\0\0\0\x02\0\0\0";
            stream.write_all(&ok.repeat(2)).unwrap();
        },
        |trace| trace.level = 2,
        |front| {
            let mut client = logged_in(front);
            client.write_all(&both).unwrap();
            read(&mut client, 22);
            close_writing(&client);
            read_to_end(&mut client);
        },
    );
    assert_eq!(text.matches("do 1").count(), 2, "{text}");
    assert_eq!(text.matches("do 2").count(), 1, "{text}");
}

#[test]
fn the_end_says_how_long_it_lasted_and_what_there_was() {
    let text = recorded("mysql-9.7/query-errors.hex", |_| {});
    let (_, end) = text.split_once("- closed after ").unwrap();
    let words: Vec<_> = end.split(", ").collect();
    assert!(words[0].ends_with("ms"), "{end}");
    let errors = text.matches("ERROR ").count();
    assert_eq!(words[2], format!("{errors} errors"), "{text}");
    assert!(end.contains(" bytes sent, ") && end.contains(" received"));
}

#[test]
fn colours_distinguish_connections_errors_and_slow_commands() {
    let coloured = |name, slow| {
        recorded(name, |trace| {
            trace.colours = true;
            trace.slow = slow;
        })
    };
    let refused = coloured("mysql-9.7/login-expired-refused.hex", Duration::MAX);
    let red = "the server refuses: \x1b[31mERROR 1862 ";
    assert!(refused.contains(red), "{refused}");
    assert!(refused.contains("\x1b[35m[1]\x1b[0m"), "{refused}");
    let [fast, slow] =
        [Duration::MAX, Duration::ZERO].map(|slow| coloured("mysql-9.7/query.hex", slow));
    let yellow = "\x1b[33mQUERY ";
    assert!(slow.contains(yellow) && !fast.contains(yellow), "{slow}");
}
