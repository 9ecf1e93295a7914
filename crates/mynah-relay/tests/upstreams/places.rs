//! Each connection takes a place of its upstream, and gives it back however it ends. With one place for each upstream, a
//! place that is lost would show at the next connection, too.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mynah_auth::x::Mechanism;
use mynah_net::{TlsMode, TlsVerify};
use mynah_relay::{Protocol, RelayOptions};

use crate::scene::{Backend, Client, Closed, Several, address, server, wait_until};
use crate::support::client::Connection;
use crate::support::read_to_end;
use crate::support::server::certificate;
use crate::support::x_client::XConnection;

/// One place in each upstream, and no checks but those of a suspicion.
fn with_one_place(is_x: bool, ports: &[u16], change: impl FnOnce(&mut RelayOptions)) -> Several {
    Several::new(is_x, ports, |options| {
        options.upstreams.max_connections = Some(1);
        change(options);
    })
}

/// Waits until no place is taken.
fn are_given_back(several: &Several, ports: &[u16], name: &str) {
    for port in ports {
        wait_until(&format!("the place is given back: {name}"), || {
            several.upstream(*port)["connections"] == 0
        });
    }
}

/// How many connections there are to each.
fn taken(several: &Several, ports: &[u16]) -> Vec<u64> {
    let taken = |port: &u16| several.upstream(*port)["connections"].as_u64().unwrap();
    ports.iter().map(taken).collect()
}

#[test]
fn a_place_is_given_back_by_an_upstream_that_can_not_be_used() {
    type Serve = fn(TcpStream);
    let closes: Serve = drop;
    let is_full: Serve = |mut stream| {
        let _sent = stream.write_all(b"\x17\0\0\0\xff\x10\x04Too many connections");
        read_to_end(&mut stream);
    };
    let is_http: Serve = |mut stream| {
        let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        read_to_end(&mut stream);
    };
    let hangs: Serve = |mut stream| {
        read_to_end(&mut stream);
    };
    let (dead, alive) = (Closed::new(), Backend::start(false));
    for (name, port) in [
        ("refuses", dead.port),
        ("closes", server(closes)),
        ("is full", server(is_full)),
        ("is HTTP", server(is_http)),
        ("hangs", server(hangs)),
    ] {
        let ports = [port, alive.port];
        let several = with_one_place(false, &ports, |options| {
            options.connect_timeout = Duration::from_millis(300);
        });
        for _ in 0..2 {
            let client = several.client();
            assert_eq!(taken(&several, &ports), [0, 1], "{name}");
            drop(client);
            are_given_back(&several, &ports, name);
        }
        assert_eq!(several.totals(&ports), [0, 2], "{name}");
    }
    // Neither can be used, so the client has an error.
    let ports = [dead.port, server(is_full)];
    let several = with_one_place(false, &ports, |_| {});
    for _ in 0..2 {
        let Err(error) = several.try_client() else {
            panic!("there is no server");
        };
        assert!(error.contains("error 1040"), "{error}");
        are_given_back(&several, &ports, "none can be used");
    }
}

#[test]
fn a_place_is_given_back_when_the_client_leaves() {
    let hangs = server(|mut stream| {
        read_to_end(&mut stream);
    });
    for is_x in [false, true] {
        let alive = Backend::start(is_x);
        let named = match is_x {
            true => Protocol::X,
            false => Protocol::Classic,
        };
        // While it waits for a greeting.
        for protocol in [Protocol::Auto, named] {
            let ports = [hangs, alive.port];
            let several = with_one_place(is_x, &ports, |options| {
                options.routes[0].protocol = protocol;
                options.connect_timeout = Duration::from_millis(300);
            });
            for _ in 0..2 {
                let client = TcpStream::connect(several.address()).unwrap();
                wait_until("the client is sent to an upstream", || {
                    taken(&several, &ports).contains(&1)
                });
                drop(client);
                are_given_back(&several, &ports, "left before the greeting");
                several.wait_until_all_have_left();
            }
        }
        let other = Backend::start(is_x);
        let ports = [alive.port, other.port];
        let several = with_one_place(is_x, &ports, |options| {
            options.routes[0].protocol = named;
        });
        for _ in 0..2 {
            // Before its login, which begins with a greeting of the classic protocol.
            let mut client = TcpStream::connect(several.address()).unwrap();
            if is_x {
                client.write_all(b"\x01\0\0\0\x01").unwrap();
            }
            client.read_exact(&mut [0; 5]).unwrap();
            assert_eq!(taken(&several, &ports), [1, 0]);
            drop(client);
            are_given_back(&several, &ports, "left before the login");
            // After it, with a goodbye and without.
            let client = several.client();
            assert_eq!(taken(&several, &ports), [1, 0]);
            match client {
                Client::Classic(mut client) => client.quit().unwrap(),
                Client::X(client) => drop(client),
            }
            are_given_back(&several, &ports, "left after the login");
            several.client();
            are_given_back(&several, &ports, "left without a goodbye");
        }
    }
}

#[test]
fn a_place_is_given_back_when_the_login_fails() {
    for is_x in [false, true] {
        let backends = [(); 2].map(|()| Backend::start(is_x));
        let ports = backends.each_ref().map(|backend| backend.port);
        let several = with_one_place(is_x, &ports, |options| {
            options.login_timeout = Duration::from_millis(200);
        });
        for _ in 0..2 {
            if is_x {
                let mut client = XConnection::open(several.address());
                let refused = client.log_in(Mechanism::Mysql41, "ada", "wrong");
                assert_eq!(refused.unwrap_err().code, 1045);
            } else {
                let refused = Connection::log_in(several.address(), false, "ada", "wrong");
                assert!(refused.is_err());
            }
            are_given_back(&several, &ports, "the login was refused");
            if !is_x {
                // A request for TLS, and something else in place of TLS.
                let mut client = TcpStream::connect(several.address()).unwrap();
                client.read_exact(&mut [0; 5]).unwrap();
                assert_eq!(taken(&several, &ports), [1, 0]);
                client.write_all(SSL_REQUEST).unwrap();
                client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
                are_given_back(&several, &ports, "TLS with the client failed");
                let mut late = TcpStream::connect(several.address()).unwrap();
                late.read_exact(&mut [0; 5]).unwrap();
                assert_eq!(taken(&several, &ports), [1, 0]);
                are_given_back(&several, &ports, "the client was late");
            }
        }
        let several = with_one_place(is_x, &ports, |options| {
            options.tls.server = Some(TlsMode::Required);
            options.tls.servers.ca = Some(certificate("ca.pem"));
            options.tls.servers.verify = TlsVerify::Identity;
            options.tls.servers.server_name = Some("elsewhere".to_owned());
        });
        for _ in 0..2 {
            let Err(error) = several.try_client() else {
                panic!("the certificate has another name");
            };
            assert!(error.contains("TLS with the server failed"), "{error}");
            are_given_back(&several, &ports, "TLS with the server failed");
        }
        assert_eq!(several.totals(&ports), [2, 0]);
    }
}

#[test]
fn a_place_is_given_back_when_the_connection_is_ended() {
    for is_x in [false, true] {
        let mut backends = [(); 2].map(|()| Backend::start(is_x));
        let ports = backends.each_ref().map(|backend| backend.port);
        let several = with_one_place(is_x, &ports, |_| {});
        let drain = format!("/upstreams/{}/drain", address(ports[0]));
        for round in 0..2 {
            let mut client = several.client();
            assert_eq!(taken(&several, &ports), [1, 0]);
            let request = format!("PUT {drain}?close_after=1ms");
            assert_eq!(several.ask(&request).0, 204);
            are_given_back(&several, &ports, "drained");
            assert!(client.sql("rows").is_err());
            assert_eq!(several.ask(&format!("DELETE {drain}")).0, 204);

            let mut client = several.client();
            backends[0].end();
            are_given_back(&several, &ports, "the server was ended");
            assert!(client.sql("rows").is_err());
            backends[0].start_again();
            several.wait_for(ports[0], "up");

            let mut client = several.client();
            let list: Vec<serde_json::Value> =
                serde_json::from_str(&several.ask("GET /connections/").1).unwrap();
            let id = list.last().unwrap()["id"].as_u64().unwrap();
            let request = format!("DELETE /connections/{id}");
            assert_eq!(several.ask(&request).0, 204, "{round}");
            are_given_back(&several, &ports, "closed by request");
            assert!(client.sql("rows").is_err());
        }
        let several = with_one_place(is_x, &ports, |options| {
            options.idle_timeout = Some(Duration::from_millis(100));
        });
        for _ in 0..2 {
            let mut client = several.client();
            are_given_back(&several, &ports, "idle for too long");
            assert!(client.sql("rows").is_err());
        }
    }
}

/// SSLRequest with the capabilities PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH.
const SSL_REQUEST: &[u8] =
    b"\x20\0\0\x01\0\x8a\x08\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
