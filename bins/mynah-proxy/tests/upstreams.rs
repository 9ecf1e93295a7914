//! `--upstream` with several addresses: fail-over, round robin, limits, draining.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};
use serde_json::Value;
use support::upstream::{Upstream, options};
use support::{Proxy, ask, run};

/// The machine may be slow.
const PATIENT: &str = "--upstream-check-timeout=60s";

/// A server that says its name.
fn start(name: &str) -> Upstream {
    Upstream::start(&format!(
        r#"({{ stmts: function (stmt) {{ return {{ result: {{ columns: [{{ name: "name", type: "STRING" }}], rows: [["{name}"]] }} }}; }} }})"#
    ))
}

async fn connect(port: u16) -> Result<Conn, Error> {
    let options = options(port).user(Some("ada"));
    Conn::new(options).await
}

/// The name of the server that a new connection gets.
async fn name(port: u16) -> String {
    let mut conn = connect(port).await.unwrap();
    let name = conn.query_first("select name").await.unwrap().unwrap();
    conn.disconnect().await.unwrap();
    name
}

fn upstream(http: u16, address: &str) -> Value {
    let answer = ask(http, &format!("GET /upstreams/{address}"));
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

/// Waits until a value of an upstream is this one.
fn wait_for(http: u16, address: &str, key: &str, wanted: &str) {
    let wanted: Value = serde_json::from_str(wanted).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while upstream(http, address)[key] != wanted {
        assert!(
            Instant::now() < deadline,
            "{key} is not {wanted} within a minute"
        );
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_sent_to_the_second_server_until_the_first_is_back() {
    let (mut first, second) = (start("first"), start("second"));
    let upstreams = format!("{}, {}", first.address(), second.address());
    let args = [
        "--http-port=0",
        "--upstream-check-interval=20ms",
        "--upstream-check-rise=1",
        PATIENT,
        "--upstream-slow-start=off",
    ];
    let proxy = Proxy::start_to(&[upstreams], &args);
    let [port, http] = proxy.ports[..] else {
        panic!("{:?}", proxy.ports);
    };
    assert_eq!(name(port).await, "first");
    first.end();
    assert_eq!(name(port).await, "second");
    wait_for(http, &first.address(), "state", "\"down\"");
    first.start_again();
    wait_for(http, &first.address(), "state", "\"up\"");
    assert_eq!(name(port).await, "first");
    let (text, log) = proxy.end_with_errors();
    let said = format!(
        "= not to {}: Connection refused (os error 111)\n",
        first.address()
    );
    assert!(text.contains(&said), "{text}");
    let opened = format!(" to {}\n", second.address());
    assert!(text.contains(&opened), "{text}");
    for said in ["is down: Connection refused", "is up again"] {
        let said = format!("the upstream {} {said}", first.address());
        assert!(log.contains(&said), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_take_turns_and_one_is_drained() {
    let upstreams = ["a", "b", "c"].map(start);
    let addresses = upstreams.each_ref().map(Upstream::address);
    let args = [
        "--http-port=0",
        "--upstream-policy=round-robin",
        PATIENT,
        "--trace=off",
    ];
    let proxy = Proxy::start_to(&[addresses.join(",")], &args);
    let (port, http) = (proxy.ports[0], proxy.ports[1]);
    let mut names = Vec::new();
    for _ in 0..6 {
        names.push(name(port).await);
    }
    assert_eq!(names, ["a", "b", "c", "a", "b", "c"]);
    let drain = format!("/upstreams/{}/drain", addresses[1]);
    assert!(ask(http, &format!("PUT {drain}")).starts_with("HTTP/1.1 204"));
    let mut names = Vec::new();
    for _ in 0..4 {
        names.push(name(port).await);
    }
    assert_eq!(names, ["a", "c", "a", "c"]);
    proxy.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_no_server_has_room_for_gets_error_1040() {
    let upstreams = ["a", "b"].map(start);
    let addresses = upstreams.each_ref().map(Upstream::address);
    let args = [
        "--http-port=0",
        "--upstream-max-connections=1",
        PATIENT,
        "--trace=off",
    ];
    let proxy = Proxy::start_to(&[addresses.join(",")], &args);
    let port = proxy.ports[0];
    let (_first, _second) = (connect(port).await.unwrap(), connect(port).await.unwrap());
    let error = connect(port).await.unwrap_err();
    let Error::Server(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code, 1040);
    let [a, b] = addresses;
    let full = "it is full (--upstream-max-connections 1)";
    let expected = format!("Too many connections: {a}: {full}; {b}: {full}");
    assert_eq!(error.message, expected);
    drop((_first, _second));
    proxy.end();
}

#[test]
fn an_upstream_that_is_there_twice_is_an_error() {
    let output = run(&["-l127.0.0.1:0", "-u1,2,127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    let said = "is there more than once";
    assert!(
        text.contains("the upstream 127.0.0.1:1 of 127.0.0.1:") && text.contains(said),
        "{text}"
    );
}
