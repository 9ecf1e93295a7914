//! Real servers, downloaded, initialised and started for a test, and removed after it.
//!
//! Downloads are kept outside the checkout, in `${MYNAH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mynah}/servers`; a
//! lock keeps two processes from downloading the same thing at once. Nothing is installed on the machine: each server
//! has a separate folder. Servers from Debian have all their libraries there, and run through their own loader; MySQL
//! 5.6 uses the machine's.
//!
//! ```no_run
//! use mynah_testkit::servers::{RealServer, Server};
//!
//! match Server::start(RealServer::MariaDb1011) {
//!     Ok(server) => println!("{} at {}", server.version(), server.address()),
//!     Err(unavailable) => println!("skipped: {unavailable}"),
//! }
//! ```

mod account;
mod apt;
mod borrowed;
mod cache;
mod compile;
mod mariadb;
mod mariadb_1011;
mod mariadb_118;
mod mysql_56;
mod mysql_97;
mod mysqlxtest;
mod program;
mod root;
mod router;
mod router_traces;
mod running;
mod unavailable;

use std::{fmt, path::Path, str::FromStr};

pub use account::{Account, PASSWORD, SCHEMA};
pub use apt::Packages;
pub use borrowed::{Folder, Process, free_addresses, give_all_back};
pub use cache::{filled as cached, folder as cache_folder};
pub use compile::{client_plugins, compile};
pub use mysqlxtest::{Mysqlxtest, mysql_test_programs, mysql_x_suite};
pub use program::{run, run_within};
pub use root::Root;
pub use router::{Bootstrapped, Router, RouterProgram};
pub use router_traces::router_traces;
pub use running::Server;
pub use unavailable::{Reason, Unavailable};

/// A server that can be downloaded and started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RealServer {
    /// MySQL 9.7, from Debian sid. Also speaks the X Protocol.
    MySql97,
    /// MariaDB 11.8, from Debian sid.
    MariaDb118,
    /// MariaDB 10.11, from Debian bookworm.
    MariaDb1011,
    /// MySQL 5.6, from npm.
    MySql56,
}

impl RealServer {
    /// All servers that can be started.
    pub const ALL: [Self; 4] = [
        Self::MySql97,
        Self::MariaDb118,
        Self::MariaDb1011,
        Self::MySql56,
    ];

    /// A name such as `mysql-9.7`, which is also that of its folder of fixtures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MySql97 => "mysql-9.7",
            Self::MariaDb118 => "mariadb-11.8",
            Self::MariaDb1011 => "mariadb-10.11",
            Self::MySql56 => "mysql-5.6",
        }
    }

    /// The name of the product: `MySQL` or `MariaDB`.
    #[must_use]
    pub const fn product(self) -> &'static str {
        match self {
            Self::MySql97 | Self::MySql56 => "MySQL",
            Self::MariaDb118 | Self::MariaDb1011 => "MariaDB",
        }
    }

    /// The accounts of the server: at least one for each authentication method that is tested with it.
    #[must_use]
    pub fn accounts(self) -> &'static [Account] {
        self.recipe().accounts()
    }

    /// Downloads the server, unless that was done before, without starting it. Debian's packages
    /// include their clients.
    ///
    /// # Errors
    /// [`Unavailable`] states what is missing.
    pub fn fetch(self) -> Result<Root, Unavailable> {
        self.recipe().fetch().map_err(|reason| Unavailable {
            server: self,
            reason,
        })
    }

    fn recipe(self) -> &'static dyn Recipe {
        match self {
            Self::MySql97 => &mysql_97::MySql97,
            Self::MariaDb118 => &mariadb_118::MariaDb118,
            Self::MariaDb1011 => &mariadb_1011::MariaDb1011,
            Self::MySql56 => &mysql_56::MySql56,
        }
    }
}

impl fmt::Display for RealServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RealServer {
    type Err = NoSuchServer;

    fn from_str(name: &str) -> Result<Self, NoSuchServer> {
        let found = Self::ALL.into_iter().find(|server| server.name() == name);
        found.ok_or_else(|| NoSuchServer {
            name: name.to_owned(),
        })
    }
}

/// The error for a text that isn't the name of a [`RealServer`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no server is called {name:?}")]
pub struct NoSuchServer {
    /// The text that isn't a name.
    pub name: String,
}

/// How to set up one server: the parts that differ between servers.
trait Recipe: fmt::Debug + Sync {
    /// Downloads the programs.
    fn fetch(&self) -> Result<Root, Reason>;

    /// Makes the folder `data` in `dir`, with the server's own tables in it.
    fn initialise(&self, root: &Root, dir: &Path) -> Result<(), Reason>;

    /// The statements to run at the start, one a line.
    fn statements(&self) -> String;

    /// The command line, without the options that [`running`] adds for all servers.
    fn command(&self, root: &Root, dir: &Path, x_port: u16) -> std::process::Command;

    /// Whether it listens for the X Protocol.
    fn speaks_x(&self) -> bool {
        false
    }

    fn accounts(&self) -> &'static [Account];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_found_by_its_name() {
        for server in RealServer::ALL {
            assert_eq!(server.name().parse(), Ok(server));
        }
        assert_eq!(
            "mysql".parse::<RealServer>(),
            Err(NoSuchServer {
                name: "mysql".to_owned()
            })
        );
    }

    #[test]
    #[ignore = "fetches and starts real servers"]
    fn every_available_server_starts_and_is_removed() {
        for server in RealServer::ALL {
            match Server::start(server) {
                Ok(running) => {
                    println!("{server}: {} at {}", running.version(), running.address());
                    let log = running.log().unwrap();
                    let errors: Vec<_> =
                        log.lines().filter(|line| line.contains("ERROR")).collect();
                    assert!(errors.is_empty(), "{errors:#?}");
                }
                Err(unavailable) => println!("{server}: skipped: {unavailable}"),
            }
        }
    }
}
