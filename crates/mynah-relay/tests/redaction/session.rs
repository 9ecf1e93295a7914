//! One client for both protocols.

use std::net::SocketAddr;

use mynah_auth::x::Mechanism;

use crate::generator::Statement;
use crate::support::client::Connection;
use crate::support::x_client::XConnection;

pub(crate) enum Session {
    Classic(Box<Connection>),
    X(XConnection),
}

impl Session {
    /// `x` says which protocol.
    pub(crate) fn log_in(address: SocketAddr, x: bool, user: &str, password: &str) -> Self {
        if !x {
            let connection = Connection::log_in(address, false, user, password);
            return Self::Classic(Box::new(connection.unwrap()));
        }
        let mut connection = XConnection::open(address);
        connection.start_tls().unwrap();
        let done = connection.log_in(Mechanism::Plain, user, password);
        done.unwrap();
        Self::X(connection)
    }

    /// Whether the server takes a statement.
    pub(crate) fn runs(&mut self, statement: &Statement) -> bool {
        let Statement { sql, parameters } = statement;
        match self {
            Self::Classic(client) if !parameters.is_empty() => {
                client.execute(sql.clone(), parameters).unwrap()
            }
            Self::Classic(client) => client.query_bytes(sql.clone()).unwrap().is_some(),
            Self::X(client) => client.sql_with(sql.clone(), parameters).is_ok(),
        }
    }

    pub(crate) fn asks(&mut self, sql: &str) -> bool {
        self.runs(&Statement {
            sql: sql.into(),
            parameters: Vec::new(),
        })
    }
}
