//! Requests that are refused on any path, and clients that misbehave.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use support::{CONNECTIONS, GLOBALS, JSON, Reply, Rest};

#[test]
fn unknown_paths_are_a_page_that_is_not_found() {
    let rest = Rest::start(&[]);
    for path in [
        "/",
        "/api/v1/mock_server/",
        "/api/v1/mock_server/globals",
        "/api/v1/mock_server/connections",
        "/api/v1/mock_server/globals/a/b",
        "/api/v2/mock_server/globals/",
        "/favicon.ico",
    ] {
        for method in ["GET", "PUT", "OPTIONS"] {
            let answer = rest.ask(method, path, &[("Content-Range", "bytes 0-1/2")], "");
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(answer.header("content-type"), Some("text/html"), "{path}");
        }
    }
    assert_eq!(rest.get(&format!("{GLOBALS}%ff")).status, 400);
}

#[test]
fn other_methods_are_answered_with_the_allowed_ones() {
    let rest = Rest::start(&[]);
    let range = [("Content-Range", "bytes 0-1/2")];
    for (path, allow) in [
        (GLOBALS, "GET, PUT, PATCH"),
        (CONNECTIONS, "DELETE, GET"),
        ("/api/v1/mock_server/globals/a", "GET, PUT, DELETE"),
        ("/api/v1/mock_server/connections/1", "DELETE"),
    ] {
        for method in ["HEAD", "POST", "OPTIONS", "TRACE", "BREW"] {
            for headers in [&range[..], &[]] {
                let answer = rest.ask(method, path, headers, "");
                assert_eq!(answer.status, 405, "{method} {path}");
                assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
                // The original mock has no others, and an empty body.
                let is_original = [GLOBALS, CONNECTIONS].contains(&path);
                let (content, body) = match is_original {
                    true => ("text/html", ""),
                    false => (
                        "application/problem+json",
                        r#"{"title":"Method Not Allowed","status":405}"#,
                    ),
                };
                assert_eq!(answer.header("content-type"), Some(content));
                let body = if method == "HEAD" { "" } else { body };
                assert_eq!(answer.body, body, "{method} {path}");
            }
        }
        let first = allow.split(',').next().unwrap();
        let answer = rest.ask(first, path, &range, "");
        assert_eq!(answer.status, 501, "{first} {path}");
    }
}

#[test]
fn a_connection_that_is_not_there_is_named() {
    let rest = Rest::start(&[]);
    for id in ["0", "7", "-1", "+7", "x", "99999999999999999999"] {
        let answer = rest.ask("DELETE", &format!("{CONNECTIONS}{id}"), &[], "");
        assert_eq!(answer.status, 404, "{id}");
        assert!(answer.body.contains(&format!("'{id}'")), "{}", answer.body);
    }
    assert_eq!(rest.get(CONNECTIONS).body, "[]");
    let answer = rest.ask("DELETE", CONNECTIONS, &[], "");
    assert_eq!((answer.status, &*answer.body), (200, ""));
}

#[test]
fn a_body_of_more_than_16_mib_is_too_large() {
    let rest = Rest::start(&[]);
    let most = 16 * 1024 * 1024;
    let text = |len: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(len - 8));
    assert_eq!(rest.ask("PUT", GLOBALS, JSON, text(most)).status, 204);
    let length = rest.globals.get("a").unwrap().len();
    assert_eq!(length, most - 6);
    // Sent in chunks, so that the length isn't known in advance; the reply comes before the end.
    let mut stream = TcpStream::connect(rest.address).unwrap();
    let head = format!(
        "PUT {GLOBALS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
    for _ in 0..16 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    stream.write_all(b"1\r\nx\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = Reply::read(&answer);
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("16777216 bytes"), "{}", answer.body);
    assert_eq!(rest.globals.get("a").unwrap().len(), length);
}

#[test]
fn a_request_that_is_not_http_is_a_bad_request() {
    let rest = Rest::start(&[]);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/v1/mock_server/globals/ HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/mock_server/globals/ HTTP/1.1\r\nConnection: close\r\nHost: a\r\nHost: a\r\n\r\n",
    ] {
        let answer = String::from_utf8(rest.send(bytes)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{bytes:?}: {answer}");
    }
    assert_eq!(rest.get(GLOBALS).status, 200);
}

#[test]
fn web_pages_of_other_sites_change_and_read_nothing() {
    let rest = Rest::start(&[("n", "1")]);
    let path = format!("{GLOBALS}n");
    let request =
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\nHost: rebound.example\r\n\r\n");
    let answer = String::from_utf8(rest.send(request.as_bytes())).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    for header in [
        "Host: rebound.example",
        "Host: localhost\r\nOrigin: http://site.example",
    ] {
        let request = format!("DELETE {path} HTTP/1.1\r\nConnection: close\r\n{header}\r\n\r\n");
        let answer = String::from_utf8(rest.send(request.as_bytes())).unwrap();
        assert!(answer.starts_with("HTTP/1.1 403 "), "{header}: {answer}");
    }
    assert_eq!(rest.held(), "n=1");
}

#[test]
fn one_connection_carries_many_requests() {
    let rest = Rest::start(&[("n", "1")]);
    let path = format!("{GLOBALS}n");
    let again = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(99);
    let last = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let answers = String::from_utf8(rest.send((again + &last).as_bytes())).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK\r\n").count(), 100);
}

#[test]
fn silent_clients_do_not_delay_others() {
    let rest = Rest::start(&[]);
    let silent: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(rest.address).unwrap();
            stream
                .write_all(b"PUT /api/v1/mock_server/globals/ HT")
                .unwrap();
            stream
        })
        .collect();
    assert_eq!(rest.get(GLOBALS).status, 200);
    drop(silent);
}

#[test]
fn the_port_is_free_when_the_server_is_dropped() {
    let rest = Rest::start(&[]);
    let address = rest.address;
    let mut open = TcpStream::connect(address).unwrap();
    assert_eq!(rest.get(GLOBALS).status, 200);
    drop(rest);
    assert_eq!(open.read(&mut [0; 16]).unwrap_or(0), 0);
    assert!(TcpStream::connect(address).is_err());
}
