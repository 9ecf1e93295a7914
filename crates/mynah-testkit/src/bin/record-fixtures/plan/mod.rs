//! The recordings, one file per topic.

mod behind;
mod clients;
mod commands;
mod login;
mod prelude;
mod replication;
mod results;
mod session;
mod statements;
mod transport;

use mynah_testkit::servers::RealServer;

use crate::{
    asked::Asked,
    client::{Client, LIBMARIADB, LIBMARIADB_118, LIBMYSQLCLIENT, Library},
};

/// All fixtures of a server, in the order in which they are recorded.
pub(crate) fn of(server: RealServer) -> Vec<Asked> {
    let side = Side::of(server);
    let topics = [
        login::plan,
        results::plan,
        commands::plan,
        statements::plan,
        session::plan,
        transport::plan,
        clients::plan,
        replication::plan,
        behind::plan,
        prelude::plan,
        // The last one stops the server.
        commands::end,
    ];
    topics.into_iter().flat_map(|plan| plan(side)).collect()
}

/// A server, and the two C libraries its fixtures are recorded with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) server: RealServer,
    /// The C library of the server's maker.
    pub(crate) own: Library,
    /// The C library of the other maker: one of the two requests DEPRECATE_EOF, the other doesn't.
    pub(crate) other: Library,
    /// The suffix for names of fixtures that were recorded with it.
    pub(crate) other_name: &'static str,
}

impl Side {
    const fn of(server: RealServer) -> Self {
        match server {
            RealServer::MariaDb1011 => Self {
                server,
                own: LIBMARIADB,
                other: LIBMYSQLCLIENT,
                other_name: "libmysqlclient",
            },
            RealServer::MariaDb118 => Self {
                server,
                own: LIBMARIADB_118,
                other: LIBMYSQLCLIENT,
                other_name: "libmysqlclient",
            },
            _ => Self {
                server,
                own: LIBMYSQLCLIENT,
                other: LIBMARIADB,
                other_name: "libmariadb",
            },
        }
    }

    fn is_mariadb(self) -> bool {
        self.server.product() == "MariaDB"
    }

    fn is(self, server: RealServer) -> bool {
        self.server == server
    }

    /// A program with the server's own library.
    fn own(self, source: &'static str, name: &str, what: &str) -> Asked {
        Asked::new(name, what, Client::C(self.own, source))
    }

    /// The same program with the other library.
    fn other(self, source: &'static str, name: &str, what: &str) -> Asked {
        Asked::new(
            format!("{name}-{}", self.other_name),
            what,
            Client::C(self.other, source),
        )
    }

    /// The program with both libraries.
    fn both(
        self,
        source: &'static str,
        name: &str,
        what: &str,
        more: impl Fn(Asked) -> Asked,
    ) -> [Asked; 2] {
        [
            more(self.own(source, name, what)),
            more(self.other(source, name, what)),
        ]
    }

    /// Hand-made packets.
    fn raw(self, name: &str, what: &str) -> Asked {
        Asked::new(name, what, Client::Python("raw.py"))
    }
}
