//! A server of ours, a relay with rules in front of it, and a client of either protocol.

use std::net::SocketAddr;

use mynah_auth::x::Mechanism;
use mynah_classic::Capabilities;
use mynah_net::{Protocol, Server, TlsMode};
use mynah_relay::{FaultRule, FaultRules, RelayOptions};

use crate::support::client::Connection;
use crate::support::server::{PASSWORD, Statements, start};
use crate::support::x_client::{XConnection, execute};
use crate::support::{Front, front};

pub(crate) struct Scene {
    pub(crate) front: Front,
    pub(crate) faults: FaultRules,
    pub(crate) seen: Statements,
    is_x: bool,
    _server: Server,
}

/// A client that blocks.
pub(crate) enum Client {
    Classic(Box<Connection>),
    X(Box<XConnection>),
}

impl Scene {
    pub(crate) fn new(is_x: bool, rules: &str) -> Self {
        Self::with(is_x, rules, |_| {})
    }

    pub(crate) fn with(is_x: bool, rules: &str, change: impl FnOnce(&mut RelayOptions)) -> Self {
        let (protocol, method) = match is_x {
            true => (Protocol::X, None),
            false => (Protocol::Classic, Some("caching_sha2_password")),
        };
        let (server, seen) = start(protocol, method, TlsMode::Preferred);
        let faults = FaultRules::default();
        faults.add(FaultRule::list(rules).unwrap()).unwrap();
        let front = front(server.addresses()[0].port(), |options| {
            options.faults = faults.clone();
            change(options);
        });
        Self {
            front,
            faults,
            seen,
            is_x,
            _server: server,
        }
    }

    /// One that asks to compress, if its protocol is the classic one.
    pub(crate) fn client(&self, tls: bool) -> Client {
        self.client_by(tls, Capabilities::COMPRESS)
    }

    pub(crate) fn client_by(&self, tls: bool, compression: Capabilities) -> Client {
        let address = SocketAddr::from(([127, 0, 0, 1], self.front.port));
        if self.is_x {
            let mut client = XConnection::open(address);
            let mechanism = match tls {
                true => Mechanism::Plain,
                false => Mechanism::Mysql41,
            };
            if tls {
                client.start_tls().unwrap();
            }
            client.log_in(mechanism, "ada", PASSWORD).unwrap();
            return Client::X(Box::new(client));
        }
        let client = Connection::log_in_by(address, tls, compression, "ada", PASSWORD);
        Client::Classic(Box::new(client.unwrap()))
    }

    /// How many of the first rule's commands there were, and how often it was played.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let rules = self.faults.list();
        (rules[0].matched(), rules[0].played())
    }

    /// Waits until no connection is left.
    pub(crate) fn wait_until_all_have_left(&self) {
        while self.front.relay.connections().count() > 0 {
            std::thread::yield_now();
        }
    }
}

impl Client {
    /// How many rows a statement has, or what went wrong.
    pub(crate) fn sql(&mut self, text: &str) -> Result<usize, String> {
        match self {
            Self::Classic(client) => match client.query(text) {
                Ok(rows) => Ok(rows.expect("the server refuses nothing")),
                Err(error) => Err(error.to_string()),
            },
            Self::X(client) => client.try_sql(text).map_err(|error| error.to_string()),
        }
    }

    /// Asks, and doesn't wait for the answer.
    pub(crate) fn send(&mut self, text: &str) {
        match self {
            Self::Classic(client) => client.send_query(text).unwrap(),
            Self::X(client) => client.say([execute(text)]),
        }
    }
}
