//! What checks of upstreams do, as a server sees it.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mynah_net::TlsMode;
use mynah_relay::{CheckAccount, Protocol, ProxyVersion};

use crate::scene::{Backend, Several, observed, server, wait_until};
use crate::support::server::PASSWORD;
use crate::support::{packet, read, read_to_end, recording};

/// Greets, and refuses the login. What the client sends, up to its end.
fn refuses(stream: &mut TcpStream) -> Vec<u8> {
    let greeting = recording("mysql-5.6/ping.hex").lines[0].wire();
    stream.write_all(&greeting).unwrap();
    let response = packet(stream);
    stream
        .write_all(b"\x0b\0\0\x02\xff\x15\x04#28000no")
        .unwrap();
    read_to_end(stream);
    response
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}

#[test]
fn a_check_without_an_account_has_its_login_refused_instead_of_leaving_without_one() {
    let (port, heard) = observed(refuses);
    let alive = Backend::start(false);
    let several = Several::new(false, &[port, alive.port], |options| {
        options.upstreams.check_rise = 2;
    });
    several.client();
    for _ in 0..2 {
        let response = heard.recv().unwrap();
        assert!(
            contains(&response, b"\0mynah-proxy\0"),
            "{}",
            response.escape_ascii()
        );
    }
    several.wait_for(port, "up");
    let upstream = several.upstream(port);
    assert_eq!(upstream["failed_checks"], 0);
}

#[test]
fn a_login_that_the_check_cannot_go_on_with_does_not_make_the_upstream_down() {
    let (port, heard) = observed(|stream| {
        let greeting = recording("mysql-5.6/ping.hex").lines[0].wire();
        stream.write_all(&greeting).unwrap();
        let response = packet(stream);
        // AuthSwitchRequest.
        stream.write_all(b"\x0d\0\0\x02\xfeno_such_one\0").unwrap();
        read_to_end(stream);
        response
    });
    let alive = Backend::start(false);
    let several = Several::new(false, &[port, alive.port], |_| {});
    several.client();
    assert!(!heard.recv().unwrap().is_empty());
    several.wait_for(port, "up");
    assert_eq!(several.upstream(port)["failed_checks"], 0);
}

#[test]
fn a_check_begins_with_the_header_that_the_server_wants() {
    for (version, header) in [
        (ProxyVersion::V1, &b"PROXY UNKNOWN\r\n"[..]),
        (ProxyVersion::V2, b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"),
    ] {
        let (port, heard) = observed(move |stream| {
            let header = read(stream, header.len());
            refuses(stream);
            header.into()
        });
        let alive = server(|mut stream| {
            read(&mut stream, 16);
            let greeting = recording("mysql-5.6/ping.hex").lines[0].wire();
            stream.write_all(&greeting).unwrap();
        });
        let several = Several::new(false, &[port, alive], |options| {
            options.send_proxy_protocol = Some(version);
        });
        let _refused = several.try_client();
        assert_eq!(heard.recv().unwrap(), header);
    }
}

#[test]
fn a_check_of_the_x_protocol_asks_for_capabilities_and_says_goodbye() {
    for protocol in [Protocol::X, Protocol::Auto] {
        let (port, heard) = observed(|stream| {
            let mut seen = read(stream, 5).to_vec();
            stream.write_all(b"\x01\0\0\0\x02").unwrap();
            seen.extend(read(stream, 5));
            stream.write_all(b"\x01\0\0\0\0").unwrap();
            read_to_end(stream);
            seen
        });
        let alive = Backend::start(true);
        let several = Several::new(true, &[port, alive.port], |options| {
            options.routes[0].protocol = protocol;
            options.upstreams.check_timeout = Duration::from_millis(500);
            options.connect_timeout = Duration::from_millis(500);
        });
        // Servers that are known to be of the X Protocol are checked without a reason.
        if protocol == Protocol::Auto {
            several.client();
        }
        assert_eq!(heard.recv().unwrap(), b"\x01\0\0\0\x01\x01\0\0\0\x03");
        several.wait_for(port, "up");
    }
}

#[test]
fn with_an_account_upstreams_are_checked_while_no_client_is_there() {
    for tls in [None, Some(TlsMode::Required)] {
        let (mut first, second) = (Backend::start(false), Backend::start(false));
        let several = Several::new(false, &[first.port, second.port], |options| {
            options.tls.server = tls;
            options.upstreams.check_account = Some(CheckAccount {
                user: "ada".to_owned(),
                password: PASSWORD.to_owned(),
            });
        });
        wait_until("the first upstream is checked", || {
            !several.upstream(first.port)["checked"].is_null()
        });
        assert_eq!(several.upstream(first.port)["state"], "up");
        first.end();
        several.wait_for(first.port, "down");
        first.start_again();
        several.wait_for(first.port, "up");
        assert_eq!(several.upstream(second.port)["failed_checks"], 0);
        assert_eq!(several.totals(&[first.port, second.port]), [0, 0]);
    }
}

#[test]
fn an_account_that_the_server_refuses_does_not_make_it_down() {
    let backends = [(); 2].map(|()| Backend::start(false));
    let ports = backends.each_ref().map(|backend| backend.port);
    let several = Several::new(false, &ports, |options| {
        options.upstreams.check_fall = 1;
        options.upstreams.check_account = Some(CheckAccount {
            user: "ada".to_owned(),
            password: "wrong".to_owned(),
        });
    });
    let checked = |port| {
        several.upstream(port)["checked"]
            .as_str()
            .map(ToOwned::to_owned)
    };
    let mut first = None;
    wait_until("a check has begun", || {
        first = checked(ports[0]);
        first.is_some()
    });
    wait_until("another check has begun, so the first one is done", || {
        checked(ports[0]) != first
    });
    let upstream = several.upstream(ports[0]);
    assert_eq!(upstream["state"], "up");
    assert_eq!(upstream["failed_checks"], 0);
}

#[test]
fn a_server_that_hangs_is_down_and_has_one_connection_of_checks() {
    let accepted = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&accepted);
    let hangs = server(move |mut stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        read_to_end(&mut stream);
    });
    let alive = Backend::start(false);
    let several = Several::new(false, &[hangs, alive.port], |options| {
        options.routes[0].protocol = Protocol::Classic;
        options.upstreams.check_timeout = Duration::from_millis(200);
        options.upstreams.check_account = Some(CheckAccount {
            user: "ada".to_owned(),
            password: PASSWORD.to_owned(),
        });
    });
    several.wait_for(hangs, "down");
    wait_until("ten checks have failed", || {
        several.upstream(hangs)["failed_checks"].as_u64() >= Some(10)
    });
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
    assert_eq!(several.client().sql("rows"), Ok(3));
}
