//! The X Protocol with TLS that ends at the proxy, on either side: in front of a server of ours.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use mynah_auth::x::Mechanism;
use mynah_net::{Server, TlsMode};
use mynah_relay::RelayOptions;
use mynah_x::datatypes::{Object, Scalar};
use support::server::{PASSWORD, x_server};
use support::x_client::XConnection;
use support::{Front, front, json_trace};

fn before(server: &Server, change: impl FnOnce(&mut RelayOptions)) -> (Front, SocketAddr) {
    let front = front(server.addresses()[0].port(), change);
    let address = SocketAddr::from(([127, 0, 0, 1], front.port));
    (front, address)
}

fn trace(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

const MODES: [Option<TlsMode>; 4] = [
    None,
    Some(TlsMode::Disabled),
    Some(TlsMode::Preferred),
    Some(TlsMode::Required),
];

#[test]
fn each_side_has_the_tls_of_its_option_and_the_right_password_logs_in() {
    for has_tls in [true, false] {
        let mode = match has_tls {
            true => TlsMode::Preferred,
            false => TlsMode::Disabled,
        };
        let server = x_server(mode);
        for client in MODES {
            for servers in MODES {
                one_setting(&server, has_tls, client, servers);
            }
        }
    }
}

fn one_setting(server: &Server, has_tls: bool, client: Option<TlsMode>, servers: Option<TlsMode>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let (front, address) = before(server, |options| {
        options.tls.client = client;
        options.tls.server = servers;
        options.trace = Some(json_trace(&path, 4));
    });
    let what =
        format!("a server with TLS: {has_tls}, --client-tls {client:?}, --server-tls {servers:?}");
    let offered = client.map_or(has_tls, |mode| mode != TlsMode::Disabled);
    let impossible = servers == Some(TlsMode::Required) && !has_tls;

    // A client that wants none.
    let mut plain = XConnection::open(address);
    let (tls, mechanisms) = plain.capabilities();
    assert_eq!(tls, offered.then_some(false), "{what}");
    assert_eq!(mechanisms, ["MYSQL41", "SHA256_MEMORY"], "{what}");
    let entered = plain.log_in(Mechanism::Sha256Memory, "ada", PASSWORD);
    match (client, impossible) {
        (Some(TlsMode::Required), _) => assert_eq!(entered.unwrap_err().code, 3159, "{what}"),
        (_, true) => assert_eq!(entered.unwrap_err().code, 1105, "{what}"),
        _ => {
            entered.unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_eq!(plain.sql("do 'plain'").unwrap(), 0, "{what}");
        }
    }

    // One that wants it.
    let mut secure = XConnection::open(address);
    match (secure.start_tls(), offered, impossible) {
        (Ok(()), true, false) => {
            let (tls, mechanisms) = secure.capabilities();
            assert_eq!(tls, Some(true), "{what}");
            assert_eq!(mechanisms, ["MYSQL41", "PLAIN", "SHA256_MEMORY"], "{what}");
            let refused = secure.log_in(Mechanism::Plain, "ada", "not this one");
            assert_eq!(refused.unwrap_err().code, 1045, "{what}");
            secure = XConnection::open(address);
            secure.start_tls().unwrap();
            for _ in 0..2 {
                secure
                    .log_in(Mechanism::Plain, "ada", PASSWORD)
                    .unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_eq!(secure.sql("do 'secure'").unwrap(), 0, "{what}");
                secure
                    .log_in_anew(Mechanism::Plain, "ada", PASSWORD)
                    .unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_eq!(secure.sql("do 'anew'").unwrap(), 0, "{what}");
                secure.say([mynah_x::session::Close {}]);
                secure.expect_ok();
            }
        }
        (Err(error), true, true) => assert_eq!(error.code, 1105, "{what}"),
        (Err(error), false, _) => {
            assert_eq!(
                error.code,
                if impossible && client.is_none() {
                    1105
                } else {
                    5001
                },
                "{what}"
            );
        }
        (other, ..) => panic!("{what}: {other:?}"),
    }
    drop((plain, secure));
    assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT), "{what}");

    let text = trace(&path);
    let hex: String = PASSWORD.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(
        !text.contains(PASSWORD) && !text.contains(&hex),
        "{what}:\n{text}"
    );
    assert!(
        !text.contains("undecodable") && !text.contains("cut off"),
        "{what}:\n{text}"
    );
    let sides = |side| text.contains(&format!("\"side\":\"{side}\",\"version\""));
    assert_eq!(sides("client"), offered && !impossible, "{what}:\n{text}");
    let with_server = match servers {
        None => has_tls && offered,
        Some(TlsMode::Disabled) => false,
        // No client gets so far without TLS where TLS is required.
        Some(_) => has_tls,
    };
    assert_eq!(sides("server"), with_server, "{what}:\n{text}");
}

#[test]
fn tls_is_wanted_in_several_ways_and_with_other_things() {
    let server = x_server(TlsMode::Preferred);
    for servers in MODES {
        let (_front, address) = before(&server, |options| options.tls.server = servers);
        for tls in [Scalar::string("1"), Scalar::uint(1), Scalar::bool(true)] {
            let mut client = XConnection::open(address);
            let attributes: Object = [("program", Scalar::string("zoo").into())]
                .into_iter()
                .collect();
            client
                .set(vec![
                    ("tls", tls.clone().into()),
                    ("session_connect_attrs", attributes.into()),
                ])
                .unwrap();
            client.upgrade().unwrap();
            client.log_in(Mechanism::Plain, "ada", PASSWORD).unwrap();
            assert_eq!(client.sql("do 1").unwrap(), 0, "{servers:?}");

            // What else is wrong with it is the server's to say.
            let mut client = XConnection::open(address);
            let unknown = vec![("tls", tls.into()), ("colour", Scalar::uint(1).into())];
            assert_eq!(client.set(unknown).unwrap_err().code, 5002, "{servers:?}");
            client.log_in(Mechanism::Mysql41, "ada", PASSWORD).unwrap();
        }
    }
}

#[test]
fn a_password_that_the_server_does_not_remember_is_said_to_be_so() {
    let server = x_server(TlsMode::Disabled);
    let (_front, address) = before(&server, |options| {
        options.tls.client = Some(TlsMode::Preferred);
    });
    let mut client = XConnection::open(address);
    client.start_tls().unwrap();
    let refused = client.log_in(Mechanism::Plain, "ada", "guess").unwrap_err();
    assert_eq!(refused.code, 1045);
    assert!(
        refused.msg.contains("no TLS with the server"),
        "{refused:?}"
    );
    // There is another attempt.
    client.log_in(Mechanism::Plain, "ada", PASSWORD).unwrap();
}

/// How long clients that have left may take to be gone.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
