//! TLS that ends at the proxy, on either side, and TLS that passes: in front of a server of ours.

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

use mynah_classic::Capabilities;
use mynah_net::{Server, TlsMode, TlsVerify};
use mynah_relay::RelayOptions;
use support::client;
use support::server::{PASSWORD, certificate, server};
use support::{Front, front, json_trace};

fn before(server: &Server, change: impl FnOnce(&mut RelayOptions)) -> (Front, SocketAddr) {
    let front = front(server.addresses()[0].port(), change);
    let address = SocketAddr::from(([127, 0, 0, 1], front.port));
    (front, address)
}

fn log_in(address: SocketAddr, tls: bool) -> Result<client::Connection, String> {
    client::Connection::log_in(address, tls, "ada", PASSWORD).map_err(|error| error.to_string())
}

fn trace(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_client_under_tls_logs_in_and_changes_its_user() {
    for method in [
        "caching_sha2_password",
        "sha256_password",
        "mysql_native_password",
    ] {
        let server = server(method, TlsMode::Preferred);
        for client_tls in [false, true] {
            for server_tls in [None, Some(TlsMode::Disabled), Some(TlsMode::Required)] {
                for compression in [
                    Capabilities::empty(),
                    Capabilities::COMPRESS,
                    Capabilities::ZSTD_COMPRESSION_ALGORITHM,
                ] {
                    logs_in_and_changes_user(&server, client_tls, server_tls, compression);
                }
            }
        }
    }
}

fn logs_in_and_changes_user(
    server: &Server,
    client_tls: bool,
    server_tls: Option<TlsMode>,
    compression: Capabilities,
) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let (front, address) = before(server, |options| {
        options.tls.server = server_tls;
        options.trace = Some(json_trace(&path, 4));
    });
    let what = format!("client {client_tls}, server {server_tls:?}, {compression:?}");
    let log_in =
        |password| client::Connection::log_in_by(address, client_tls, compression, "ada", password);
    let mut connection = log_in(PASSWORD).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(
        connection.is_compressed(),
        !compression.is_empty(),
        "{what}"
    );
    assert_eq!(connection.query("do 1").unwrap(), Some(0), "{what}");
    for again in 0..2 {
        let changed = connection.change_user("ada", PASSWORD);
        changed.unwrap_or_else(|error| panic!("{what}, {again}: {error}"));
        let long = format!("do 2 {}", "+ 0".repeat(100));
        assert_eq!(connection.query(&long).unwrap(), Some(0), "{what}");
    }
    let refused = connection.change_user("ada", "wrong").err();
    let refused = refused.map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("1045"), "{what}: {refused}");
    assert!(log_in("wrong").is_err(), "{what}");
    drop(connection);
    front.relay.shut_down(Duration::from_secs(10));

    let text = trace(&path);
    assert!(text.contains("\"sql\":\"do 2 "), "{what}: {text}");
    assert!(
        !text.contains("undecodable") && !text.contains("cut off"),
        "{what}: {text}"
    );
    let hex: String = PASSWORD.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(
        !text.contains(PASSWORD) && !text.contains(&hex),
        "{what}: {text}"
    );
    let sides = |side| text.contains(&format!("\"side\":\"{side}\",\"version\""));
    let server_has = server_tls.map_or(client_tls, |mode| mode == TlsMode::Required);
    assert_eq!(
        (sides("client"), sides("server")),
        (client_tls, server_has),
        "{what}"
    );
}

#[test]
fn what_is_large_passes_under_tls_on_both_sides() {
    let server = server("mysql_native_password", TlsMode::Preferred);
    let (_front, address) = before(&server, |_| {});
    let mut connection = log_in(address, true).unwrap();
    for len in [100_000, 1 << 20, 17 << 20, 40 << 20] {
        let text = "x".repeat(len);
        assert_eq!(connection.query(&text).unwrap(), Some(0), "{len} bytes");
    }
}

#[test]
fn tls_that_passes_is_traced_up_to_the_request_for_it() {
    let server = server("caching_sha2_password", TlsMode::Required);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let (front, address) = before(&server, |options| {
        options.tls.passthrough = true;
        options.trace = Some(json_trace(&path, 1));
    });
    let mut connection = log_in(address, true).unwrap();
    assert_eq!(connection.query("do 1").unwrap(), Some(0));
    drop(connection);
    front.relay.shut_down(Duration::from_secs(10));
    let text = trace(&path);
    assert!(
        text.contains("tls_requested") && text.contains("encrypted end to end"),
        "{text}"
    );
    assert!(
        !text.contains("do 1") && !text.contains("\"login\""),
        "{text}"
    );
}

#[test]
fn clients_get_tls_or_not_as_is_said_and_not_as_the_server_has_it() {
    for (server_mode, client_mode, tls, gets_in) in [
        (TlsMode::Disabled, None, true, false),
        (TlsMode::Disabled, Some(TlsMode::Preferred), true, true),
        (TlsMode::Preferred, Some(TlsMode::Disabled), true, false),
        (TlsMode::Preferred, Some(TlsMode::Disabled), false, true),
        (TlsMode::Preferred, Some(TlsMode::Required), true, true),
        (TlsMode::Preferred, Some(TlsMode::Required), false, false),
    ] {
        let server = server("caching_sha2_password", server_mode);
        let (_front, address) = before(&server, |options| options.tls.client = client_mode);
        let entered = log_in(address, tls);
        let what = format!(
            "{server_mode:?} {client_mode:?} {tls}: {:?}",
            entered.as_ref().err()
        );
        assert_eq!(entered.is_ok(), gets_in, "{what}");
        if client_mode == Some(TlsMode::Required) && !tls {
            assert!(what.contains("3159"), "{what}");
        }
    }
}

#[test]
fn a_server_that_should_speak_tls_and_does_not_is_refused() {
    let server = server("caching_sha2_password", TlsMode::Disabled);
    let (_front, address) = before(&server, |options| {
        options.tls.server = Some(TlsMode::Required);
    });
    let error = log_in(address, false).err().unwrap();
    assert!(
        error.contains("1105") && error.contains("offers none"),
        "{error}"
    );
}

#[test]
fn certificates_of_servers_are_verified_as_far_as_is_said() {
    let server = server("caching_sha2_password", TlsMode::Preferred);
    for (verify, ca, name, gets_in) in [
        (TlsVerify::Nothing, false, None, true),
        (TlsVerify::Authority, false, None, false),
        (TlsVerify::Authority, true, None, true),
        (
            TlsVerify::Identity,
            true,
            Some("no-such.example.com"),
            false,
        ),
        (TlsVerify::Identity, true, Some("localhost"), true),
    ] {
        let (_front, address) = before(&server, |options| {
            options.tls.server = Some(TlsMode::Required);
            options.tls.servers.verify = verify;
            options.tls.servers.ca = ca.then(|| certificate("ca.pem"));
            options.tls.servers.server_name = name.map(ToOwned::to_owned);
        });
        let entered = log_in(address, false);
        let error = entered.as_ref().err();
        assert_eq!(
            entered.is_ok(),
            gets_in,
            "{verify:?} {ca} {name:?}: {error:?}"
        );
        if let Some(error) = error {
            assert!(error.contains("1105"), "{error}");
        }
    }
}

#[test]
fn secrets_of_both_sides_are_appended_to_a_key_log() {
    let server = server("caching_sha2_password", TlsMode::Preferred);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let (_front, address) = before(&server, |options| options.tls.key_log = Some(path.clone()));
    log_in(address, true).unwrap();
    let text = trace(&path);
    let secrets = text
        .lines()
        .filter(|line| line.starts_with("CLIENT_TRAFFIC_SECRET_0 "));
    assert_eq!(secrets.count(), 2, "{text}");
}
