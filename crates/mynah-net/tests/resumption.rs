//! Resumption of TLS sessions, with OpenSSL's own program as the client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::path::Path;

use mynah_net::{ServerOptions, TlsMode, TlsOptions, TlsServer};
use mynah_testkit::s_client;
use support::authority::Authority;
use support::client::{LogIn, tcp, tls};
use support::{Answers, tcp_address, tls_options};

#[test]
fn a_resumed_session_is_counted() {
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
        let Some(new) = s_client(address, &[version, "-sess_out", session]) else {
            println!("skipped: there is no program openssl");
            return;
        };
        assert!(new.contains("New, TLSv1"), "{version}: {new}");
        assert_eq!(tls_server.session_cache_hits(), hits, "{version}");
        let again = s_client(address, &[version, "-sess_in", session]).unwrap();
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

#[test]
fn a_server_that_reloads_its_certificate_forgets_its_sessions() {
    for version in ["-tls1_2", "-tls1_3"] {
        let authority = Authority::new("zoo");
        let options = tls_options(&authority, TlsMode::Preferred);
        let tls_server = TlsServer::new(&options).unwrap();
        let server = Answers::default().start_tcp(ServerOptions {
            tls: Some(tls_server.clone()),
            ..ServerOptions::default()
        });
        let address = tcp_address(&server);
        let session = authority.file("session.pem");
        let session = Path::to_str(&session).unwrap();
        let Some(old) = s_client(address, &[version, "-sess_out", session]) else {
            println!("skipped: there is no program openssl");
            return;
        };
        assert!(old.contains("CN = zoo"), "{version}: {old}");

        let (cert, key) = (options.cert.unwrap(), options.key.unwrap());
        std::fs::write(&cert, "no certificate").unwrap();
        tls_server.reload().unwrap_err();
        let again = s_client(address, &[version, "-sess_in", session]).unwrap();
        assert!(again.contains("Reused, TLSv1"), "{version}: {again}");

        let other = Authority::new("other zoo");
        let others = tls_options(&other, TlsMode::Preferred);
        std::fs::copy(others.cert.unwrap(), &cert).unwrap();
        std::fs::copy(others.key.unwrap(), &key).unwrap();
        tls_server.reload().unwrap();
        let new = s_client(address, &[version, "-sess_in", session]).unwrap();
        assert!(new.contains("New, TLSv1"), "{version}: {new}");
        assert!(new.contains("CN = other zoo"), "{version}: {new}");
    }
}
