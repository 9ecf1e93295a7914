//! The PROXY protocol: senders that may name a client's address, servers that get it, and what is no header.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mynah_net::TlsMode;
use mynah_relay::ProxyVersion;
use mynah_testkit::servers::{RealServer, Server, free_addresses};
use serde_json::Value;
use support::client::Connection;
use support::{backend, error, front, json_trace, lets_in, read, read_to_end, recording};

const V1: &[u8] = b"PROXY TCP4 10.1.2.3 10.0.0.1 4711 3306\r\n";
const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x0a\x01\x02\x03\x0a\0\0\x01\x12\x67\x0c\xea";
/// With a field that says which name the client has asked for.
const V2_WITH_MORE: &[u8] =
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x11\x0a\x01\x02\x03\x0a\0\0\x01\x12\x67\x0c\xea\x02\0\x02db";
const V2_LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
const V1_UNKNOWN: &[u8] = b"PROXY UNKNOWN\r\n";

fn connect_event(path: &std::path::Path) -> Value {
    let trace = std::fs::read_to_string(path).unwrap();
    let lines = trace
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let mut events = lines.filter(|event: &Value| event["event"] == "connect");
    events.next().unwrap()
}

#[test]
fn a_client_is_where_the_load_balancer_says() {
    let greeting = recording("mysql-5.6/ping.hex").lines[0].wire();
    for (header, client) in [
        (V1, Some("10.1.2.3:4711")),
        (V2, Some("10.1.2.3:4711")),
        (V2_WITH_MORE, Some("10.1.2.3:4711")),
        (V2_LOCAL, None),
        (V1_UNKNOWN, None),
    ] {
        let said = greeting.clone();
        let backend = backend(move |mut stream| {
            stream.write_all(&said).unwrap();
            read_to_end(&mut stream)
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let front = front(backend.port, |options| {
            options.accept_proxy_protocol = "10.0.0.0/8,127.0.0.1".parse().unwrap();
            options.trace = Some(json_trace(&path, 0));
        });
        let mut stream = front.client();
        let own = stream.local_addr().unwrap().to_string();
        // In two pieces.
        let (start, end) = header.split_at(header.len() / 2);
        stream.set_nodelay(true).unwrap();
        stream.write_all(start).unwrap();
        stream.write_all(end).unwrap();
        assert_eq!(read(&mut stream, greeting.len()), greeting);
        let connections = front.relay.connections().list();
        let expected = client.map_or(own.clone(), ToOwned::to_owned);
        assert_eq!(connections[0].peer, expected);
        assert_eq!(connections[0].via, client.map(|_| own.clone()));
        drop(stream);
        assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT));
        let event = connect_event(&path);
        assert_eq!(event["client"], expected);
        assert_eq!(event.get("via").cloned(), client.map(|_| own.into()));
    }
}

#[test]
fn a_connection_that_has_to_begin_with_a_header_is_refused_without_one() {
    let backend = backend(drop);
    let front = front(backend.port, |options| {
        options.accept_proxy_protocol = "127.0.0.1".parse().unwrap();
        options.connect_timeout = Duration::from_millis(100);
    });
    for (said, code) in [
        (&b"\x01\0\0\0\x01"[..], 1043),
        (b"PROXY TCP4 10.", 1159),
        (b"", 1159),
    ] {
        let mut client = front.client();
        client.write_all(said).unwrap();
        let (sequence_id, error) = error(&mut client);
        assert_eq!((sequence_id, error.error_code), (0, code), "{error:?}");
    }
    // A port check.
    drop(front.client());
    drop(TcpStream::connect(("127.0.0.1", backend.port)).unwrap());
    backend.join();
}

/// In front of what the client sends, through as many proxies as there are.
#[test]
fn servers_get_the_addresses_of_clients() {
    for (version, header) in [(ProxyVersion::V1, V1), (ProxyVersion::V2, V2)] {
        let backend = backend(|mut stream| {
            assert_eq!(read(&mut stream, header.len())[..], *header);
            lets_in(&mut stream);
        });
        let last = front(backend.port, |options| {
            options.accept_proxy_protocol = "127.0.0.1".parse().unwrap();
            options.send_proxy_protocol = Some(version);
        });
        let first = front(last.port, |options| {
            options.accept_proxy_protocol = "*".parse().unwrap();
            options.send_proxy_protocol = Some(ProxyVersion::V2);
        });
        let mut client = first.client();
        client.write_all(V2_WITH_MORE).unwrap();
        for line in recording("mysql-5.6/ping.hex").lines.iter().take(3) {
            let wire = line.wire();
            match line.direction {
                mynah_testkit::Direction::Client => client.write_all(&wire).unwrap(),
                mynah_testkit::Direction::Server => assert_eq!(read(&mut client, wire.len()), wire),
            }
        }
        backend.join();
    }
}

#[test]
fn a_client_that_connects_directly_is_shown_with_its_own_address() {
    let backend = backend(|mut stream| {
        let mut header = Vec::new();
        while !header.ends_with(b"\r\n") {
            header.extend_from_slice(&read(&mut stream, 1));
        }
        String::from_utf8(header).unwrap()
    });
    let front = front(backend.port, |options| {
        options.send_proxy_protocol = Some(ProxyVersion::V1);
    });
    let mut client = front.client();
    let from = client.local_addr().unwrap().port();
    read_to_end(&mut client);
    let expected = format!("PROXY TCP4 127.0.0.1 127.0.0.1 {from} {}\r\n", front.port);
    assert_eq!(backend.join(), expected);
}

/// Ends with the test.
struct Haproxy(Child);

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _ended = (self.0.kill(), self.0.wait());
    }
}

/// A proxy that sends its server the addresses of clients.
fn haproxy(folder: &std::path::Path, option: &str, server: u16) -> Option<(Haproxy, SocketAddr)> {
    let [address] = free_addresses().unwrap();
    let config = folder.join("haproxy.cfg");
    let text = format!(
        "defaults\n mode tcp\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n\
         listen l\n bind {address}\n server s 127.0.0.1:{server} {option}\n"
    );
    std::fs::write(&config, text).unwrap();
    let mut command = Command::new("haproxy");
    command
        .arg("-db")
        .arg("-f")
        .arg(&config)
        .stderr(Stdio::null());
    let haproxy = Haproxy(command.spawn().ok()?);
    while TcpStream::connect(address).is_err() {
        std::thread::yield_now();
    }
    Some((haproxy, address))
}

/// The client's address as the trace and the server see it: haproxy's header is read, and the server is
/// sent one.
#[test]
#[ignore = "fetches and starts real servers, and needs haproxy"]
fn haproxy_in_front_and_mariadb_behind_agree_on_the_client() {
    for kind in [RealServer::MariaDb1011, RealServer::MariaDb118] {
        let option = ["--proxy-protocol-networks=127.0.0.1".to_owned()];
        let server = match Server::start_with(kind, &option) {
            Ok(server) => server,
            Err(reason) => {
                println!("{kind}: skipped: {reason}");
                continue;
            }
        };
        for option in [
            "send-proxy",
            "send-proxy-v2",
            "send-proxy-v2 check inter 50",
        ] {
            for version in [None, Some(ProxyVersion::V1), Some(ProxyVersion::V2)] {
                for tls in [TlsMode::Disabled, TlsMode::Required] {
                    let folder = tempfile::tempdir().unwrap();
                    let path = folder.path().join("trace");
                    let front = front(server.address().port(), |options| {
                        options.accept_proxy_protocol = "127.0.0.0/8".parse().unwrap();
                        options.send_proxy_protocol = version;
                        options.tls.client = Some(tls);
                        options.trace = Some(json_trace(&path, 1));
                    });
                    let Some((haproxy, address)) = haproxy(folder.path(), option, front.port)
                    else {
                        return println!("skipped: there is no haproxy");
                    };
                    let account = kind.accounts()[0];
                    let (user, password) = (account.user, account.password);
                    let is_tls = tls == TlsMode::Required;
                    let mut client = Connection::log_in(address, is_tls, user, password).unwrap();
                    let port = client.local_port();
                    // The server's own list has the address and the port of the client.
                    let whole = format!("127.0.0.1:{port}");
                    let sql = format!(
                        "select 1 from information_schema.processlist where id = connection_id() \
                         and host = '{whole}'"
                    );
                    let expected = usize::from(version.is_some());
                    let rows = client.query(&sql).unwrap();
                    assert_eq!(
                        rows,
                        Some(expected),
                        "{kind}, {option}, {version:?}, {tls:?}"
                    );
                    drop(client);
                    drop(haproxy);
                    assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT));
                    let trace = std::fs::read_to_string(&path).unwrap();
                    let is_there = trace.contains(&format!("\"client\":\"{whole}\",\"via\":"));
                    assert!(is_there, "{whole}: {trace}");
                }
            }
        }
    }
}

const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
