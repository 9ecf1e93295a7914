use std::fmt;

use mynah_testkit::servers::RealServer;

/// A real client, with its task: a file of the folder `record`, or the arguments of a tool.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Client {
    /// A C program on a client library.
    C(Library, &'static str),
    /// A Python program.
    Python(&'static str),
    /// A Node.js program.
    Node(&'static str),
    /// The command line client that comes with a server.
    Cli(RealServer),
}

/// A client library for C, named by the server it comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Library(pub(crate) RealServer);

/// Oracle's library: requests DEPRECATE_EOF.
pub(crate) const LIBMYSQLCLIENT: Library = Library(RealServer::MySql97);
/// MariaDB's library: doesn't request it.
pub(crate) const LIBMARIADB: Library = Library(RealServer::MariaDb1011);
/// The library that supports parsec.
pub(crate) const LIBMARIADB_118: Library = Library(RealServer::MariaDb118);

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::C(_, source) | Self::Python(source) | Self::Node(source) => {
                write!(f, "{source} with ")
            }
            Self::Cli(_) => Ok(()),
        }
    }
}
