//! Upstreams that can't be used when a client connects.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use mynah_relay::Protocol;
use serde_json::Value;

use crate::scene::{Backend, Closed, Several, address, events, server};
use crate::support::{json_trace, read_to_end};

const BOTH: [bool; 2] = [false, true];

/// The protocols that a route to servers of a protocol may have.
fn protocols(is_x: bool) -> [Protocol; 2] {
    match is_x {
        false => [Protocol::Auto, Protocol::Classic],
        true => [Protocol::Auto, Protocol::X],
    }
}

/// An X error frame of an upstream that has too many connections.
const X_ERROR: &[u8] = b"\x1f\0\0\0\x01\x08\x02\x10\x90\x08\x1a\x10too many clients\x22\x0508004";

#[test]
fn a_client_does_not_notice_that_the_first_upstream_is_dead() {
    for is_x in BOTH {
        for protocol in protocols(is_x) {
            let (dead, alive) = (Closed::new(), Backend::start(is_x));
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("trace");
            let several = Several::new(is_x, &[dead.port, alive.port], |options| {
                options.routes[0].protocol = protocol;
                options.trace = Some(json_trace(&path, 1));
            });
            for _ in 0..2 {
                let mut client = several.client();
                assert_eq!(client.sql("rows"), Ok(3));
                let list: Value =
                    serde_json::from_str(&several.ask("GET /connections/").1).unwrap();
                assert_eq!(list[0]["server"], address(alive.port));
                drop(client);
                several.wait_until_all_have_left();
            }
            let upstream = several.upstream(dead.port);
            assert_eq!(upstream["state"], "down");
            let why = upstream["why"].as_str().unwrap();
            assert!(why.contains("refused"), "{why}");
            // The second client was not sent there.
            assert_eq!(upstream["failures"], 1);
            assert_eq!(several.totals(&[dead.port, alive.port]), [0, 2]);
            assert_eq!(alive.statements(), ["rows", "rows"]);
            let metrics = several.ask("GET /metrics").1;
            let name = address(dead.port);
            for line in ["up", "connections_open", "connections_total"] {
                let line = format!("mynah_proxy_upstream_{line}{{upstream=\"{name}\"}} 0\n");
                assert!(metrics.contains(&line), "{line}{metrics}");
            }
            let line = format!("mynah_proxy_upstream_failures_total{{upstream=\"{name}\"}} 1\n");
            assert!(metrics.contains(&line), "{metrics}");

            assert!(several.front.relay.shut_down(Duration::from_secs(10)));
            let events = events(&path);
            assert_eq!(events[0]["event"], "connect");
            assert_eq!(events[0]["server"], address(alive.port));
            assert_eq!(events[1]["event"], "passed_over");
            assert_eq!(events[1]["server"], address(dead.port));
            let of = |name: &str| events.iter().filter(|event| event["event"] == name).count();
            assert_eq!((of("connect"), of("passed_over"), of("close")), (2, 1, 2));
        }
    }
}

#[test]
fn what_shows_before_the_greeting_that_it_serves_no_client_is_passed_over() {
    type Serve = fn(TcpStream);
    let closes: Serve = drop;
    let blocks: Serve = |mut stream| {
        let _sent = stream.write_all(b"\x17\0\0\0\xff\x69\x04Host is blocked, yes");
        read_to_end(&mut stream);
    };
    let is_full: Serve = |mut stream| {
        let _sent = stream.write_all(b"\x17\0\0\0\xff\x10\x04Too many connections");
        read_to_end(&mut stream);
    };
    let is_http: Serve = |mut stream| {
        let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        read_to_end(&mut stream);
    };
    let is_silent: Serve = |mut stream| {
        read_to_end(&mut stream);
    };
    let x_is_full: Serve = |mut stream| {
        let _sent = stream.write_all(X_ERROR);
        read_to_end(&mut stream);
    };
    for (name, is_x, serve, why, state) in [
        (
            "closes",
            false,
            closes,
            "closed the connection before its greeting",
            "down",
        ),
        (
            "blocks",
            false,
            blocks,
            "error 1129: Host is blocked, yes",
            "down",
        ),
        (
            "is full",
            false,
            is_full,
            "error 1040: Too many connections",
            "up",
        ),
        (
            "is HTTP",
            false,
            is_http,
            "it is no MySQL server: it starts with 'HTTP",
            "down",
        ),
        (
            "is silent",
            false,
            is_silent,
            "it did not greet within 2 s",
            "down",
        ),
        ("closes, X", true, closes, "before its greeting", "down"),
        (
            "is full, X",
            true,
            x_is_full,
            "error 1040: too many clients",
            "up",
        ),
        (
            "is HTTP, X",
            true,
            is_http,
            "it does not speak the X Protocol",
            "down",
        ),
        (
            "is silent, X",
            true,
            is_silent,
            "it did not answer within 2 s",
            "down",
        ),
    ] {
        let (bad, alive) = (server(serve), Backend::start(is_x));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let several = Several::new(is_x, &[bad, alive.port], |options| {
            options.routes[0].protocol = protocols(is_x)[1];
            if name.starts_with("is silent") {
                options.connect_timeout = Duration::from_secs(2);
            }
            // No check changes the state meanwhile.
            options.upstreams.check_interval = Duration::from_secs(3600);
            options.trace = Some(json_trace(&path, 1));
        });
        assert_eq!(several.client().sql("rows"), Ok(3), "{name}");
        assert_eq!(several.upstream(bad)["state"], state, "{name}");
        several.wait_until_all_have_left();
        assert!(several.front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        assert_eq!(events[1]["event"], "passed_over", "{name}");
        let message = events[1]["message"].as_str().unwrap();
        assert!(message.contains(why), "{name}: {message}");
    }
}

#[test]
fn a_client_that_speaks_first_is_heard_by_the_upstream_that_it_gets() {
    // Found out by the client's first bytes: those that it has sent before the first upstream closed are not lost.
    let silent = server(|mut stream| {
        read_to_end(&mut stream);
    });
    let alive = Backend::start(true);
    let several = Several::new(true, &[silent, alive.port], |options| {
        options.connect_timeout = Duration::from_secs(2);
    });
    assert_eq!(several.client().sql("rows"), Ok(3));
}

#[test]
fn a_client_is_never_sent_on_once_it_has_a_byte_of_a_greeting() {
    let greets = server(|mut stream| {
        let greeting = crate::support::recording("mysql-5.6/ping.hex").lines[0].wire();
        stream.write_all(&greeting).unwrap();
    });
    let alive = Backend::start(false);
    let several = Several::new(false, &[greets, alive.port], |_| {});
    assert!(several.try_client().is_err());
    assert_eq!(several.totals(&[greets, alive.port]), [1, 0]);
}

#[test]
fn without_any_upstream_the_error_says_why_of_each() {
    for is_x in BOTH {
        let dead = [Closed::new(), Closed::new(), Closed::new()];
        let ports = dead.each_ref().map(|dead| dead.port);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let several = Several::new(is_x, &ports, |options| {
            options.routes[0].protocol = protocols(is_x)[1];
            options.trace = Some(json_trace(&path, 1));
        });
        let drained = address(ports[1]);
        assert_eq!(
            several.ask(&format!("PUT /upstreams/{drained}/drain")).0,
            204
        );
        let Err(error) = several.try_client() else {
            panic!("there is no server");
        };
        let [one, _, other] = ports.map(address);
        let refused = "Connection refused (os error 111)";
        let expected = format!(
            "the server refused: 1105 No upstream can be used: {one}: {refused}; {drained}: it is drained; \
             {other}: {refused}"
        );
        assert!(error.ends_with(&expected), "{error}");
        several.wait_until_all_have_left();
        assert!(several.front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        let names: Vec<_> = events
            .iter()
            .map(|event| event["event"].as_str().unwrap())
            .collect();
        assert_eq!(
            names[..4],
            ["connect", "passed_over", "passed_over", "proxy_error"]
        );
        assert_eq!(events[0]["server"], format!("{one},{drained},{other}"));
        assert_eq!(events[3]["error"], 1105);
    }
}
