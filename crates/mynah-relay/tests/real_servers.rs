//! TLS on one side, on the other, on both, on none: every account of real servers logs in through
//! it, and goes on as another user.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;

use mynah_classic::Capabilities;
use mynah_net::TlsMode;
use mynah_testkit::servers::{RealServer, Server};
use support::client::Connection;
use support::{front, json_trace};

fn start(kind: RealServer) -> Option<Server> {
    Server::start(kind)
        .inspect_err(|reason| println!("{kind}: skipped: {reason}"))
        .ok()
}

/// What the server remembers of passwords it forgets.
fn forget(server: &Server) {
    // All accounts may do that.
    let account = server.kind().accounts()[0];
    let (user, password) = (account.user, account.password);
    let mut connection = Connection::log_in(server.address(), true, user, password).unwrap();
    connection.query("FLUSH PRIVILEGES").unwrap().unwrap();
}

/// How it compresses, if at all.
fn compressions(kind: RealServer) -> Vec<Capabilities> {
    let mut all = vec![Capabilities::empty(), Capabilities::COMPRESS];
    if kind == RealServer::MySql97 {
        all.push(Capabilities::ZSTD_COMPRESSION_ALGORITHM);
    }
    all
}

#[test]
#[ignore = "fetches and starts real servers"]
fn every_account_gets_in_whichever_side_is_under_tls() {
    let mut logins = 0;
    for kind in [RealServer::MySql97, RealServer::MariaDb118] {
        let Some(server) = start(kind) else { continue };
        for (client_tls, server_tls) in [
            (false, None),
            (true, None),
            (false, Some(TlsMode::Required)),
            (true, Some(TlsMode::Required)),
            (true, Some(TlsMode::Disabled)),
            (false, Some(TlsMode::Disabled)),
        ] {
            for compression in compressions(kind) {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("trace");
                let front = front(server.address().port(), |options| {
                    options.tls.client = server_tls.map(|_| TlsMode::Preferred);
                    options.tls.server = server_tls;
                    options.trace = Some(json_trace(&path, 4));
                });
                let address = SocketAddr::from(([127, 0, 0, 1], front.port));
                for account in kind.accounts() {
                    if account.plugin == "mysql_old_password" {
                        continue;
                    }
                    let what = format!(
                        "{kind}, {} of {client_tls} {server_tls:?} {compression:?}",
                        account.user
                    );
                    let log_in = |password| {
                        let user = account.user;
                        Connection::log_in_by(address, client_tls, compression, user, password)
                    };
                    forget(&server);
                    // The client of ours must not send it in clear where nothing protects it.
                    assert!(log_in("not this one").is_err(), "{what}");
                    forget(&server);
                    let mut connection =
                        log_in(account.password).unwrap_or_else(|e| panic!("{what}: {e}"));
                    let compressed = !compression.is_empty();
                    assert_eq!(connection.is_compressed(), compressed, "{what}");
                    assert_eq!(connection.query("select 1").unwrap(), Some(1), "{what}");
                    for other in kind.accounts() {
                        if other.plugin == "mysql_old_password" {
                            continue;
                        }
                        forget(&server);
                        let changed = connection.change_user(other.user, other.password);
                        changed.unwrap_or_else(|error| panic!("{what} to {}: {error}", other.user));
                        assert_eq!(connection.query("select 1").unwrap(), Some(1), "{what}");
                        logins += 1;
                    }
                    logins += 1;
                }
                drop(front);
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(!text.contains("throw-away"), "a password is shown");
                let hex: String = b"throw-away"
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                assert!(!text.contains(&hex), "a password is shown");
                assert!(
                    !text.contains("undecodable") && !text.contains("cut off"),
                    "{kind}"
                );
            }
        }
    }
    println!("{logins} logins");
}
