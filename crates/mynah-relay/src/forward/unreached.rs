use std::io;
use std::time::Duration;

use crate::LoginFailure;
use crate::refusal::Refusal;
use crate::upstreams::Problem;

/// Why a connection to a server wasn't made, up to the server's greeting.
#[derive(Debug)]
pub(super) enum Unreached {
    /// The client was lost meanwhile.
    Client(io::Error),
    /// The server closed the connection, or was lost.
    Server(io::Error),
    /// The server can't be connected to.
    Refused(io::Error),
    /// The server did not accept the connection within this time.
    NotAccepted(Duration),
    /// The server did not greet within this time.
    NotGreeted(Duration),
    /// It isn't a MySQL server, by its first bytes, which are described.
    NotMysql(String),
}

impl Unreached {
    /// The failure of a connection that has no other server, which has this name.
    pub(super) fn failure(self, name: &str) -> LoginFailure {
        let refusal = match self {
            Self::Client(error) => return LoginFailure::Client(error),
            Self::Server(error) => return LoginFailure::Server(error),
            Self::Refused(error) => Refusal::unreachable(name, &error.to_string()),
            Self::NotAccepted(limit) => {
                let what = format!("the server at '{name}' did not accept the connection");
                Refusal::late(&late(&what, limit))
            }
            Self::NotGreeted(limit) => Refusal::late(&late(
                &format!("the server at '{name}' did not greet"),
                limit,
            )),
            Self::NotMysql(found) => Refusal::not_mysql(name, &found),
        };
        LoginFailure::WithError(refusal)
    }

    /// What is wrong with the server, of which another may be tried.
    ///
    /// # Errors
    /// If the client was lost: then there is nothing to try another for.
    pub(super) fn problem(self) -> Result<Problem, LoginFailure> {
        Ok(Problem::new(match self {
            Self::Client(error) => return Err(LoginFailure::Client(error)),
            Self::Refused(error) => return Ok(Problem::connecting(&error)),
            Self::Server(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                "it closed the connection before its greeting".to_owned()
            }
            Self::Server(error) => format!("it was lost before its greeting: {error}"),
            Self::NotAccepted(limit) => late("it did not accept the connection", limit),
            Self::NotGreeted(limit) => late("it did not greet", limit),
            Self::NotMysql(found) => format!("it is no MySQL server: {found}"),
        }))
    }
}

/// Says that something did not happen in time.
pub(super) fn late(what: &str, connect_timeout: Duration) -> String {
    format!("{what} within {} s", connect_timeout.as_secs_f32())
}
