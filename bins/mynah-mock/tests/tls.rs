//! TLS as users set it up, with an independent client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::PathBuf;
use std::process::Command;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder, SslOpts};
use support::{Mock, program, trace_file};

const TRACE: &str = "({ stmts: function(stmt) {
    return { result: { columns: [{ name: 'cipher', type: 'STRING' }],
                       rows: [[mysqld.session.ssl_cipher]] } };
  } })";

fn pem(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/tls")
        .join(name)
}

/// A mock with a certificate, and the folder of its trace.
fn mock(args: &[&str]) -> (tempfile::TempDir, Mock) {
    let (folder, trace) = trace_file("trace.js", TRACE);
    let mut mock: Command = program();
    mock.args(args).arg("--filename").arg(trace);
    mock.arg("--ssl-cert").arg(pem("server.pem"));
    mock.arg("--ssl-key").arg(pem("server-key.pem"));
    (folder, Mock::start(&mut mock))
}

/// A client that trusts only the authority of the tests.
fn encrypted(mock: &Mock) -> OptsBuilder {
    let tls = SslOpts::default().with_root_certs(vec![pem("ca.pem").into()]);
    mock.options().ssl_opts(Some(tls))
}

async fn cipher(options: OptsBuilder) -> Result<String, Error> {
    let mut conn = Conn::new(options).await?;
    let cipher: Option<String> = conn.query_first("cipher").await?;
    conn.disconnect().await?;
    Ok(cipher.unwrap())
}

#[tokio::test]
async fn preferred_serves_clients_with_and_without_tls() {
    let (_folder, mock) = mock(&["--ssl-mode", "PREFERRED"]);
    let encrypted = cipher(encrypted(&mock)).await.unwrap();
    assert!(encrypted.starts_with("TLS_"), "{encrypted}");
    assert_eq!(cipher(mock.options()).await.unwrap(), "");
}

#[tokio::test]
async fn required_refuses_a_plain_login() {
    let (_folder, mock) = mock(&["--ssl-mode=required"]);
    assert!(cipher(encrypted(&mock)).await.is_ok());
    let Err(Error::Server(error)) = cipher(mock.options()).await else {
        panic!("a plain login was accepted");
    };
    assert_eq!((error.code, &*error.state), (3159, "HY000"));
}

#[tokio::test]
async fn disabled_offers_none() {
    let (_folder, mock) = mock(&["--ssl-mode", "Disabled"]);
    assert!(cipher(encrypted(&mock)).await.is_err());
    assert_eq!(cipher(mock.options()).await.unwrap(), "");
}

#[tokio::test]
async fn a_certificate_that_is_made_in_a_folder_is_verified_by_clients_at_each_start() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("server-cert.pem");
    let mut made = Vec::new();
    for _start in ["first", "second"] {
        let (_trace, trace) = trace_file("trace.js", TRACE);
        let mut mock: Command = program();
        mock.arg("--filename").arg(trace);
        let mock = Mock::start(mock.arg("--ssl-self-signed").arg(folder.path()));
        for host in ["127.0.0.1", "localhost"] {
            let tls = SslOpts::default().with_root_certs(vec![certificate.clone().into()]);
            let options = mock.options().ip_or_hostname(host).ssl_opts(Some(tls));
            assert!(cipher(options).await.unwrap().starts_with("TLS_"), "{host}");
        }
        let stranger = SslOpts::default().with_root_certs(vec![pem("ca.pem").into()]);
        assert!(
            cipher(mock.options().ssl_opts(Some(stranger)))
                .await
                .is_err()
        );
        made.push(std::fs::read(&certificate).unwrap());
    }
    assert_eq!(made[0], made[1]);
}

#[tokio::test]
async fn a_certificate_that_is_made_in_memory_serves_clients_that_do_not_verify() {
    let (_trace, trace) = trace_file("trace.js", TRACE);
    let mut mock: Command = program();
    mock.arg("--filename").arg(trace);
    let mock = Mock::start(mock.arg("--ssl-self-signed"));
    let tls = SslOpts::default().with_danger_accept_invalid_certs(true);
    let options = mock.options().ssl_opts(Some(tls));
    assert!(cipher(options).await.unwrap().starts_with("TLS_"));
    assert_eq!(cipher(mock.options()).await.unwrap(), "");
}

#[tokio::test]
async fn version_and_cipher_are_the_configured_ones() {
    let name = "ECDHE-RSA-AES128-GCM-SHA256";
    let (_folder, mock) = mock(&[
        "--ssl-mode=preferred",
        "--tls-version=TLSv1.2",
        "--ssl-cipher",
        name,
    ]);
    assert_eq!(cipher(encrypted(&mock)).await.unwrap(), name);
}
