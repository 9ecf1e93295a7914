//! Upstreams that accept connections and are silent, while clients are less patient than the proxy.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use mynah_relay::{CheckAccount, Protocol, RelayOptions};

use crate::scene::{Backend, Several, server, wait_until};
use crate::support::read_to_end;
use crate::support::server::PASSWORD;

/// A server that accepts, and never answers.
fn hanging() -> u16 {
    server(|mut stream| {
        read_to_end(&mut stream);
    })
}

/// A hanging upstream and one that serves; the proxy waits for either as long as it takes.
fn in_front_of(hangs: u16, alive: &Backend, change: impl FnOnce(&mut RelayOptions)) -> Several {
    let is_x = alive.is_x();
    Several::new(is_x, &[hangs, alive.port], |options| {
        options.connect_timeout = Duration::from_secs(3600);
        options.upstreams.check_timeout = Duration::from_millis(200);
        change(options);
    })
}

/// A client that has no greeting after this time, and leaves if it doesn't stay.
fn impatient(several: &Several, patience: Duration) -> TcpStream {
    let mut client = TcpStream::connect(several.address()).unwrap();
    client.set_read_timeout(Some(patience)).unwrap();
    client.read_exact(&mut [0]).unwrap_err();
    client
}

#[test]
fn an_upstream_that_hangs_is_down_though_clients_leave_before_the_connect_timeout() {
    let (soon, later) = (Duration::from_millis(150), Duration::from_millis(700));
    for (name, protocol, patience, stays) in [
        ("leaves soon", Protocol::Auto, soon, false),
        ("leaves later", Protocol::Auto, later, false),
        ("stays", Protocol::Auto, soon, true),
        ("leaves soon, classic", Protocol::Classic, soon, false),
        ("stays, classic", Protocol::Classic, soon, true),
        ("leaves soon, X", Protocol::X, soon, false),
    ] {
        let (hangs, alive) = (hanging(), Backend::start(protocol == Protocol::X));
        let several = in_front_of(hangs, &alive, |options| {
            options.routes[0].protocol = protocol;
            // Regular checks, which routes of the X Protocol have, don't find it out.
            options.upstreams.check_fall = 1000;
        });
        let client = impatient(&several, patience);
        let _stayed = stays.then_some(client);
        several.wait_for(hangs, "down");
        let upstream = several.upstream(hangs);
        let why = upstream["why"].as_str().unwrap();
        assert!(why.contains("did not answer within 0.2 s"), "{name}: {why}");
        assert_eq!(several.client().sql("rows"), Ok(3), "{name}");
    }
}

#[test]
fn a_regular_check_that_hangs_is_enough_once_clients_wait_too() {
    let (hangs, alive) = (hanging(), Backend::start(false));
    let several = in_front_of(hangs, &alive, |options| {
        options.upstreams.check_fall = 1000;
        options.upstreams.check_account = Some(CheckAccount {
            user: "ada".to_owned(),
            password: PASSWORD.to_owned(),
        });
    });
    wait_until("a check has taken too long", || {
        several.upstream(hangs)["failed_checks"].as_u64() >= Some(1)
    });
    assert_eq!(several.upstream(hangs)["state"], "up");
    impatient(&several, Duration::from_millis(150));
    several.wait_for(hangs, "down");
    assert_eq!(several.client().sql("rows"), Ok(3));
}

#[test]
fn a_client_that_only_tries_the_port_is_no_reason_for_a_check() {
    // A machine that is busy may take long to notice that the client has left.
    let is_unchecked = |_| {
        let (hangs, alive) = (hanging(), Backend::start(false));
        let several = in_front_of(hangs, &alive, |_| {});
        drop(TcpStream::connect(several.address()).unwrap());
        wait_until("the connection was there", || {
            let metrics = several.ask("GET /metrics").1;
            metrics.contains("mynah_proxy_connections_total 1\n")
        });
        several.wait_until_all_have_left();
        several.wait_for_checks(alive.port);
        several.upstream(hangs)["checked"].is_null()
    };
    assert!((0..20).any(is_unchecked));
}

#[test]
fn a_client_that_has_left_is_not_sent_on() {
    for protocol in [Protocol::Auto, Protocol::Classic, Protocol::X] {
        let (hangs, alive) = (hanging(), Backend::start(protocol == Protocol::X));
        let several = in_front_of(hangs, &alive, |options| {
            options.routes[0].protocol = protocol;
            options.connect_timeout = Duration::from_millis(300);
        });
        let client = TcpStream::connect(several.address()).unwrap();
        wait_until("the client is sent to the first upstream", || {
            several.upstream(hangs)["connections"] == 1
        });
        drop(client);
        several.wait_until_all_have_left();
        assert_eq!(several.totals(&[hangs, alive.port]), [0, 0], "{protocol:?}");
    }
}
