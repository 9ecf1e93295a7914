//! TLS sessions that are taken up again, by OpenSSL's own program: the binding for Rust has no
//! safe way for a client to do so.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use mynah_net::{ServerOptions, TlsMode, TlsOptions, TlsServer};
use support::authority::Authority;
use support::client::{LogIn, tcp, tls};
use support::{Answers, tcp_address, tls_options};

/// Starts TLS as a client does, and says what OpenSSL told of it; nothing if there is no such
/// program.
fn s_client(address: SocketAddr, version: &str, session: [&str; 2]) -> Option<String> {
    let mut program = Command::new("openssl")
        .args(["s_client", "-starttls", "mysql", "-connect"])
        .args([&address.to_string(), version])
        .args(session)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    // No login, so the server says so and closes the connection. The session comes before.
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(b"\x01\0\0\x02\x01").unwrap();
    stdin.flush().unwrap();
    let output = program.wait_with_output().unwrap();
    drop(stdin);
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_session_that_is_taken_up_again_is_counted() {
    let authority = Authority::new("zoo");
    let answers = Answers::default();
    let options = TlsOptions {
        // With authorities a session is bound to its context.
        ca: Some(authority.file("ca.pem")),
        ..tls_options(&authority, TlsMode::Preferred)
    };
    let tls_server = TlsServer::new(&options).unwrap();
    let server = answers.start_tcp(ServerOptions {
        tls: Some(tls_server.clone()),
        ..ServerOptions::default()
    });
    let address = tcp_address(&server);
    let mut hits = 0;
    for version in ["-tls1_2", "-tls1_3"] {
        let session = authority.file("session.pem");
        let session = Path::to_str(&session).unwrap();
        let Some(new) = s_client(address, version, ["-sess_out", session]) else {
            println!("skipped: there is no program openssl");
            return;
        };
        assert!(new.contains("New, TLSv1"), "{version}: {new}");
        assert_eq!(tls_server.session_cache_hits(), hits, "{version}");
        let again = s_client(address, version, ["-sess_in", session]).unwrap();
        assert!(again.contains("Reused, TLSv1"), "{version}: {again}");
        hits += 1;
        assert_eq!(tls_server.session_cache_hits(), hits, "{version}");
    }
    let tls = tls(None, None);
    let login = LogIn {
        tls: Some(&tls),
        ..LogIn::default()
    };
    login.over(tcp(address)).unwrap();
    assert_eq!(answers.last_login().tls.unwrap().session_cache_hits, hits);
}
