//! COMMIT at real servers: done, and the client isn't told; or never seen.

use std::net::SocketAddr;

use mynah_auth::x::Mechanism;
use mynah_classic::Capabilities;
use mynah_relay::{FaultRule, FaultRules};
use mynah_testkit::servers::{RealServer, Server};

use crate::scene::Client;
use crate::support::client::Connection;
use crate::support::front;
use crate::support::x_client::XConnection;

/// A fault at COMMIT, and whether it is done.
const FAULTS: [(&str, bool); 6] = [
    ("before_forward reset_peer", false),
    ("before_forward timeout=1", false),
    ("after_execute reset_peer", true),
    ("after_execute timeout=1", true),
    ("after_execute limit_data=3", true),
    ("after_execute malformed=wrong_length slow_close=1", true),
];

#[test]
#[ignore = "fetches and starts real servers"]
fn a_commit_is_done_or_not_as_the_fault_says() {
    let mut faults_seen = 0;
    for kind in [RealServer::MySql97, RealServer::MariaDb118] {
        let server = match Server::start(kind) {
            Ok(server) => server,
            Err(reason) => {
                println!("{kind}: skipped: {reason}");
                continue;
            }
        };
        let account = kind
            .accounts()
            .iter()
            .find(|account| !account.password.is_empty());
        let (user, password) = account
            .map(|account| (account.user, account.password))
            .unwrap();
        let mut direct = Connection::log_in(server.address(), true, user, password).unwrap();
        direct.query("create schema faults").unwrap().unwrap();
        direct
            .query("create table faults.t (i int)")
            .unwrap()
            .unwrap();
        for is_x in [false, true] {
            let upstream = match is_x {
                false => Some(server.address()),
                true => server.x_address(),
            };
            let Some(upstream) = upstream else { continue };
            let faults = FaultRules::default();
            let front = front(upstream.port(), |options| options.faults = faults.clone());
            let address = SocketAddr::from(([127, 0, 0, 1], front.port));
            for tls in [true, false] {
                // Without TLS the X Plugin takes no password that it doesn't remember.
                if is_x && !tls {
                    continue;
                }
                for (fault, is_done) in FAULTS {
                    let what = format!("{kind}, X {is_x}, TLS {tls}: {fault}");
                    let rule: FaultRule = format!("sql = commit: {fault}").parse().unwrap();
                    faults.clear();
                    let added = faults.add([rule]).unwrap();
                    let mut client = client(is_x, tls, address, user, password);
                    for statement in ["begin", "insert into faults.t values (1)"] {
                        client.sql(statement).unwrap();
                    }
                    assert!(client.sql("commit").is_err(), "{what}");
                    drop(client);
                    assert_eq!(added[0].played(), 1, "{what}");
                    let rows = direct.query("select * from faults.t").unwrap();
                    assert_eq!(rows, Some(is_done.into()), "{what}");
                    direct.query("delete from faults.t").unwrap().unwrap();
                    faults_seen += 1;
                }
            }
        }
    }
    println!("{faults_seen} faults");
}

fn client(is_x: bool, tls: bool, address: SocketAddr, user: &str, password: &str) -> Client {
    if !is_x {
        let none = Capabilities::empty();
        let client = Connection::log_in_by(address, tls, none, user, password);
        return Client::Classic(Box::new(client.unwrap()));
    }
    let mut client = XConnection::open(address);
    client.start_tls().unwrap();
    client.log_in(Mechanism::Plain, user, password).unwrap();
    Client::X(Box::new(client))
}
