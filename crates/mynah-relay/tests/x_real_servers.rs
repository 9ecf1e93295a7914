//! The X Plugin of a real server: its accounts log in through the proxy whichever side is under
//! TLS.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use mynah_auth::x::Mechanism;
use mynah_net::TlsMode;
use mynah_testkit::servers::{RealServer, Server};
use support::client::Connection;
use support::x_client::XConnection;
use support::{front, json_trace};

/// What the server remembers of passwords it forgets.
fn forget(server: &Server) {
    let mut client = Connection::log_in(server.address(), true, "nobody", "").unwrap();
    client.query("FLUSH PRIVILEGES").unwrap().unwrap();
}

#[test]
#[ignore = "fetches and starts real servers"]
fn accounts_get_in_by_the_x_protocol_whichever_side_is_under_tls() {
    let server = match Server::start(RealServer::MySql97) {
        Ok(server) => server,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let x_port = server.x_address().unwrap().port();
    let mut logins = 0;
    for (client_tls, client, servers) in [
        (false, None, None),
        (true, None, None),
        (false, Some(TlsMode::Preferred), Some(TlsMode::Required)),
        (true, Some(TlsMode::Required), Some(TlsMode::Required)),
        (true, Some(TlsMode::Preferred), Some(TlsMode::Disabled)),
        (false, Some(TlsMode::Preferred), Some(TlsMode::Disabled)),
        (true, None, Some(TlsMode::Disabled)),
        (false, Some(TlsMode::Disabled), Some(TlsMode::Preferred)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let front = front(x_port, |options| {
            options.tls.client = client;
            options.tls.server = servers;
            options.trace = Some(json_trace(&path, 4));
        });
        let address = SocketAddr::from(([127, 0, 0, 1], front.port));
        let open = || {
            let mut connection = XConnection::open(address);
            if client_tls {
                connection.start_tls().unwrap();
            }
            connection
        };
        let server_tls = match servers {
            None => client_tls,
            Some(mode) => mode != TlsMode::Disabled,
        };
        for account in RealServer::MySql97.accounts() {
            let (user, password) = (account.user, account.password);
            let what = format!("{user}, {client_tls}, {client:?}, {servers:?}");
            forget(&server);
            let wrong = open().log_in(Mechanism::Plain, user, "not this one");
            assert!(wrong.is_err(), "{what}");
            if client_tls {
                let cold = open().log_in(Mechanism::Plain, user, password);
                assert_eq!(cold.is_ok(), server_tls, "{what}: {cold:?}");
            }
            // The server remembers it from here on.
            let mut warm = XConnection::open(server.x_address().unwrap());
            warm.start_tls().unwrap();
            warm.log_in(Mechanism::Plain, user, password).unwrap();
            let mut connection = open();
            let mechanism = if client_tls {
                Mechanism::Plain
            } else {
                Mechanism::Sha256Memory
            };
            let entered = connection.log_in(mechanism, user, password);
            if password.is_empty() && !(client_tls && server_tls) {
                // The server has it so, with or without a proxy.
                assert_eq!(entered.unwrap_err().code, 1045, "{what}");
                continue;
            }
            entered.unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_eq!(connection.sql("select 1").unwrap(), 1, "{what}");
            connection.log_in_anew(mechanism, user, password).unwrap();
            assert_eq!(connection.sql("select 1").unwrap(), 1, "{what}");
            logins += 2;
        }
        assert!(front.relay.shut_down(SHUTDOWN_TIMEOUT));
        let text = std::fs::read_to_string(&path).unwrap();
        let hex: String = b"throw-away"
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(
            !text.contains("throw-away") && !text.contains(&hex),
            "a password is shown"
        );
        assert!(
            !text.contains("undecodable") && !text.contains("cut off"),
            "{text}"
        );
    }
    println!("{logins} logins");
}

const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
