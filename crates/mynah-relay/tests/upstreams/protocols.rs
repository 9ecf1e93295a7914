//! Routes that find out their protocol, and upstreams that are in routes of several protocols.

use std::io::Write;
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use mynah_relay::{Protocol, Relay, RelayError, RelayOptions, Route};

use crate::scene::{Backend, Closed, Several, address, observed, wait_until};
use crate::support::{packet, read_to_end, recording};

/// A server that closes the first connection at once, and greets on the others when the sender says so. What it got there.
fn slow() -> (u16, Sender<()>, Receiver<Vec<u8>>) {
    let (go, goes) = channel();
    let (port, heard) = observed(move |stream: &mut TcpStream| {
        let _told = goes.recv();
        let greeting = recording("mysql-5.6/ping.hex").lines[0].wire();
        stream.write_all(&greeting).unwrap();
        let response = packet(stream);
        stream
            .write_all(b"\x0b\0\0\x02\xff\x15\x04#28000no")
            .unwrap();
        read_to_end(stream);
        response
    });
    (port, go, heard)
}

/// Routes of these protocols to these ports.
fn with_routes(options: &mut RelayOptions, ports: &[u16], protocols: &[Protocol]) {
    let upstreams = ports.iter().map(|port| address(*port).parse().unwrap());
    let upstreams: Vec<_> = upstreams.collect();
    let routes = protocols.iter().map(|protocol| Route {
        listen: "127.0.0.1:0".parse().unwrap(),
        protocol: *protocol,
        upstreams: upstreams.clone(),
        ..Route::to(upstreams[0].clone())
    });
    options.routes = routes.collect();
}

#[test]
fn a_slow_server_of_the_classic_protocol_is_not_asked_by_the_x_protocol() {
    let (alive, dead) = (Backend::start(false), Closed::new());
    // The protocol of the route is known by the other upstream, or not at all.
    for other in [alive.port, dead.port] {
        let (port, go, heard) = slow();
        let several = Several::new(false, &[port, other], |options| {
            options.upstreams.check_timeout = Duration::from_millis(50);
        });
        assert_eq!(several.try_client().is_ok(), other == alive.port);
        wait_until("four checks have failed", || {
            several.upstream(port)["failed_checks"].as_u64() >= Some(4)
        });
        go.send(()).unwrap();
        let response = heard.recv().unwrap();
        let user = b"\0mynah-proxy\0";
        assert!(
            response.windows(user.len()).any(|part| part == user),
            "{}",
            response.escape_ascii()
        );
    }
}

#[test]
fn an_upstream_of_several_routes_has_the_protocol_that_one_of_them_names() {
    for protocols in [
        [Protocol::Auto, Protocol::X],
        [Protocol::X, Protocol::Auto],
        [Protocol::Auto, Protocol::Classic],
        [Protocol::Classic, Protocol::Auto],
    ] {
        let is_x = protocols.contains(&Protocol::X);
        let backends = [(); 2].map(|()| Backend::start(is_x));
        let ports = backends.each_ref().map(|backend| backend.port);
        let several = Several::new(is_x, &ports, |options| {
            with_routes(options, &ports, &protocols);
        });
        assert_eq!(several.client().sql("rows"), Ok(3));
        let listeners = several.upstream(ports[0])["listeners"].clone();
        assert_eq!(listeners.as_array().unwrap().len(), 2);
        // Those of the X Protocol are checked without a reason.
        if is_x {
            wait_until("the second upstream is checked", || {
                !several.upstream(ports[1])["checked"].is_null()
            });
        }
        for port in ports {
            let upstream = several.upstream(port);
            assert_eq!(upstream["state"], "up");
            assert_eq!(upstream["failed_checks"], 0, "{protocols:?}");
        }
    }
}

#[test]
fn an_upstream_can_not_be_of_both_protocols() {
    for protocols in [
        [Protocol::Classic, Protocol::X, Protocol::Auto],
        [Protocol::Auto, Protocol::X, Protocol::Classic],
    ] {
        let mut options = RelayOptions::default();
        with_routes(&mut options, &[1, 2], &protocols);
        let error = Relay::start(options).unwrap_err();
        let RelayError::TwoProtocols { upstream, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(upstream.to_string(), address(1));
        let text = error.to_string();
        assert!(
            text.ends_with("has another protocol in another route (--protocol)"),
            "{text}"
        );
    }
    // A route with this one upstream takes no part in checks.
    let mut options = RelayOptions::default();
    with_routes(&mut options, &[1, 2], &[Protocol::Classic]);
    options.routes.push(Route {
        protocol: Protocol::X,
        ..Route::to(address(1).parse().unwrap())
    });
    Relay::start(options).unwrap();
}
