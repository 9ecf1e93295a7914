//! Upstreams that get clients' addresses, and refuse some of them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mynah_relay::{CheckAccount, Protocol, ProxyVersion, RelayOptions};

use crate::scene::{Several, server, wait_until};
use crate::support::{read, read_to_end, recording};

const WELCOME: &str = "10.0.0.1";
const BLOCKED: &str = "10.6.6.6";

/// A server that greets clients from one address, and sends this to others. How many of these it had.
fn blocking(error: &'static [u8]) -> (u16, Arc<AtomicUsize>) {
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    let port = server(move |mut stream| {
        let is_welcome = header(&mut stream).contains(WELCOME);
        let answer = match is_welcome {
            true => greeting(),
            false => error.to_vec(),
        };
        count.fetch_add(usize::from(!is_welcome), Ordering::SeqCst);
        let _sent = stream.write_all(&answer);
        let _read = stream.read_to_end(&mut Vec::new());
    });
    (port, refused)
}

/// A server that greets all clients.
fn greeting_all() -> u16 {
    server(|mut stream| {
        header(&mut stream);
        let _sent = stream.write_all(&greeting());
        let _read = stream.read_to_end(&mut Vec::new());
    })
}

fn header(stream: &mut TcpStream) -> String {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n") {
        header.extend(read(stream, 1));
    }
    String::from_utf8(header).unwrap()
}

fn greeting() -> Vec<u8> {
    recording("mysql-5.6/ping.hex").lines[0].wire().into()
}

/// A client that has this address, as a load balancer says, and gets a greeting.
fn client(several: &Several, address: &str) {
    let mut client = TcpStream::connect(several.address()).unwrap();
    write!(client, "PROXY TCP4 {address} 10.0.0.2 4711 3306\r\n").unwrap();
    let greeting = greeting();
    assert_eq!(read(&mut client, greeting.len()), greeting);
    client.shutdown(std::net::Shutdown::Write).unwrap();
    read_to_end(&mut client);
}

fn with_addresses(options: &mut RelayOptions) {
    options.routes[0].protocol = Protocol::Classic;
    options.accept_proxy_protocol = "127.0.0.1".parse().unwrap();
    options.send_proxy_protocol = Some(ProxyVersion::V1);
}

const IS_BLOCKED: &[u8] = b"\x0a\0\0\0\xff\x69\x04blocked";
const IS_NOT_ALLOWED: &[u8] = b"\x0e\0\0\0\xff\x6a\x04not allowed";
const SHUTS_DOWN: &[u8] = b"\x0b\0\0\0\xff\x1d\x04shutdown";

#[test]
fn an_upstream_that_refuses_the_address_of_one_client_serves_the_others() {
    for (error, state, totals) in [
        (IS_BLOCKED, "up", [2, 1]),
        (IS_NOT_ALLOWED, "up", [2, 1]),
        (SHUTS_DOWN, "down", [1, 2]),
    ] {
        let ports = [blocking(error).0, greeting_all()];
        let several = Several::new(false, &ports, |options| {
            with_addresses(options);
            // No check changes the state meanwhile.
            options.upstreams.check_interval = Duration::from_secs(3600);
        });
        for address in [WELCOME, BLOCKED, WELCOME] {
            client(&several, address);
        }
        let upstream = several.upstream(ports[0]);
        assert_eq!(upstream["state"], state, "{}", error.escape_ascii());
        assert_eq!(upstream["failures"], 1);
        assert_eq!(several.totals(&ports), totals);
    }
}

#[test]
fn an_upstream_that_refuses_the_address_of_the_proxy_passes_checks() {
    for (error, state) in [
        (IS_BLOCKED, "up"),
        (IS_NOT_ALLOWED, "up"),
        (SHUTS_DOWN, "down"),
    ] {
        let (blocking, checks) = blocking(error);
        let ports = [blocking, greeting_all()];
        let several = Several::new(false, &ports, |options| {
            with_addresses(options);
            options.upstreams.check_fall = 1;
            options.upstreams.check_account = Some(CheckAccount {
                user: "ada".to_owned(),
                password: String::new(),
            });
        });
        wait_until("a second check has begun, so the first one is done", || {
            checks.load(Ordering::SeqCst) >= 2
        });
        let upstream = several.upstream(ports[0]);
        assert_eq!(upstream["state"], state, "{}", error.escape_ascii());
        assert_eq!(upstream["failed_checks"] == 0, state == "up");
    }
}
