//! TLS sessions of clients that end at the proxy, taken up again by OpenSSL's own program.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;

use mynah_net::TlsMode;
use mynah_testkit::s_client;
use support::client::Connection;
use support::server::{PASSWORD, certificate, server};
use support::{Front, front, json_trace};

#[test]
fn a_client_resumes_its_tls_session_on_each_thread_and_route_of_the_proxy() {
    let server = server("caching_sha2_password", TlsMode::Preferred);
    let upstream = server.addresses()[0].port();
    for (authorities, server_tls) in [
        (false, None),
        (false, Some(TlsMode::Disabled)),
        // With authorities a session is bound to its context.
        (true, None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let front = front(upstream, |options| {
            options.routes.push(options.routes[0].clone());
            options.tls.server = server_tls;
            options.tls.key_log = Some(keys.clone());
            options.tls.own.ca = authorities.then(|| certificate("ca.pem"));
        });
        for version in ["-tls1_2", "-tls1_3"] {
            let what = format!("{version} {authorities} {server_tls:?}");
            let path = folder.path().join("session.pem");
            let path = path.to_str().unwrap();
            let [first, second] = addresses(&front);
            let Some(new) = s_client(first, &[version, "-sess_out", path]) else {
                println!("skipped: there is no program openssl");
                return;
            };
            assert!(new.contains("New, TLSv1"), "{what}: {new}");
            // Clients are spread over two threads.
            for address in [first, first, second, second, first] {
                let again = s_client(address, &[version, "-sess_in", path]).unwrap();
                assert!(again.contains("Reused, TLSv1"), "{what}: {again}");
            }
        }
        // Of a session that is taken up again, too, secrets are needed to read it.
        let keys = std::fs::read_to_string(&keys).unwrap();
        for label in ["CLIENT_RANDOM ", "CLIENT_TRAFFIC_SECRET_0 "] {
            let logged = keys.lines().filter(|line| line.starts_with(label));
            assert_eq!(logged.count(), 6, "{label}: {keys}");
        }
    }
}

#[test]
fn where_a_server_reloads_tls_no_earlier_session_is_taken_up() {
    let server = server("caching_sha2_password", TlsMode::Preferred);
    for traced in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let front = front(server.addresses()[0].port(), |options| {
            let trace = json_trace(&folder.path().join("trace"), 1);
            options.trace = traced.then_some(trace);
        });
        let address = SocketAddr::from(([127, 0, 0, 1], front.port));
        let mut client = Connection::log_in(address, true, "ada", PASSWORD).unwrap();
        for version in ["-tls1_2", "-tls1_3"] {
            let path = folder.path().join("session.pem");
            let path = path.to_str().unwrap();
            if s_client(address, &[version, "-sess_out", path]).is_none() {
                println!("skipped: there is no program openssl");
                return;
            }
            for (statement, taken_up) in [
                ("alter instance reload keyring", "Reused, TLSv1"),
                ("alter instance reload tls", "New, TLSv1"),
            ] {
                client.query(statement).unwrap().unwrap();
                let again = s_client(address, &[version, "-sess_in", path]).unwrap();
                assert!(again.contains(taken_up), "{version} {traced}: {again}");
            }
        }
    }
}

fn addresses(front: &Front) -> [SocketAddr; 2] {
    let addresses = front.relay.addresses();
    [0, 1].map(|route| SocketAddr::from(([127, 0, 0, 1], addresses[route].port())))
}
