//! Logins to real servers by each method that their accounts have, except `mysql_old_password`. The servers are
//! downloaded and started, so these tests run on request only: `cargo test -p mynah-auth -- --ignored`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod classic;
mod stream;
mod x;

use mynah_auth::Channel;
use mynah_auth::client::ServerKey;
use mynah_auth::x::Mechanism;
use mynah_testkit::servers::{PASSWORD, RealServer, Server};

/// Starts a server; if it isn't available here, prints why.
fn start(kind: RealServer) -> Option<Server> {
    Server::start(kind)
        .inspect_err(|reason| println!("{kind}: skipped: {reason}"))
        .ok()
}

#[test]
#[ignore = "fetches and starts real servers"]
fn every_account_of_every_server_accepts_its_own_password_and_no_other() {
    for kind in RealServer::ALL {
        let Some(server) = start(kind) else { continue };
        for account in kind.accounts() {
            if account.plugin == "mysql_old_password" {
                continue;
            }
            let tls = [RealServer::MySql97, RealServer::MariaDb118].contains(&kind);
            let channels = [Channel::Insecure, Channel::Tls];
            for channel in channels.into_iter().take(if tls { 2 } else { 1 }) {
                for (password, right) in [("not this one", false), (account.password, true)] {
                    let what = format!("{kind}: {} {channel:?} {password:?}", account.user);
                    let login = classic::Login {
                        user: account.user,
                        password,
                        channel,
                        server_key: ServerKey::Ask,
                    };
                    let outcome = login.run(server.address());
                    assert_eq!(outcome.is_ok(), right, "{what}: {outcome:?}");
                }
            }
        }
    }
}

#[test]
#[ignore = "fetches and starts real servers"]
fn the_second_login_by_caching_sha2_password_takes_the_fast_path() {
    let Some(server) = start(RealServer::MySql97) else {
        return;
    };
    let login = |server_key| {
        let login = classic::Login {
            user: "sha2",
            password: PASSWORD,
            channel: Channel::Insecure,
            server_key,
        };
        login.run(server.address())
    };
    assert!(login(ServerKey::Refuse).is_err(), "nothing is remembered");
    let said = login(ServerKey::Ask).unwrap();
    assert_eq!(said[0], [4]);
    let key = mynah_auth::rsa::PublicKey::from_pem(&said[1]).unwrap();
    assert_eq!(login(ServerKey::Refuse).unwrap(), [[3]]);
    drop(server);

    let Some(server) = start(RealServer::MySql97) else {
        return;
    };
    let login = classic::Login {
        user: "sha2",
        password: PASSWORD,
        channel: Channel::Insecure,
        server_key: ServerKey::Known(key),
    };
    // Another server has another key, and can't read what is encrypted for this one.
    assert!(login.run(server.address()).is_err());
}

#[test]
#[ignore = "fetches and starts real servers"]
fn the_x_protocol_accepts_the_right_password() {
    let Some(server) = start(RealServer::MySql97) else {
        return;
    };
    let address = server.x_address().unwrap();
    let login = |mechanism, password, channel| x::log_in(address, mechanism, password, channel);
    assert!(
        !login(Mechanism::Sha256Memory, PASSWORD, Channel::Insecure),
        "forgotten"
    );
    assert!(!login(Mechanism::Plain, "not this one", Channel::Tls));
    assert!(login(Mechanism::Plain, PASSWORD, Channel::Tls));
    assert!(
        login(Mechanism::Sha256Memory, PASSWORD, Channel::Insecure),
        "remembered"
    );
    assert!(!login(
        Mechanism::Sha256Memory,
        "not this one",
        Channel::Insecure
    ));
    assert!(
        !login(Mechanism::Mysql41, PASSWORD, Channel::Insecure),
        "has no such hash"
    );
}
