use std::fmt;

use bytes::Bytes;
use mynah_classic::Capabilities;

use super::{Answer, Command, Loss, Message, ServerError};

/// What an [`Observer`](super::Observer) saw, of either protocol.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The server has greeted; servers of the X Protocol don't.
    Greeting {
        /// Its version.
        server_version: Bytes,
        /// Its number of the connection.
        thread_id: u32,
    },
    /// The client has asked for TLS, and the server hasn't refused it.
    TlsRequested,
    /// The client has sent its login.
    Login(LoginAttempt),
    /// The server has accepted the login.
    LoggedIn,
    /// From here on the session has another user or schema than before: after a login, a change of the
    /// user, a USE, or another change that the server reports.
    Identified {
        /// The user's name, as far as it was said in plain.
        user: Bytes,
        /// The schema; empty if there is none.
        schema: Bytes,
    },
    /// Both sides compress from here on, or may.
    Compressed(Compression),
    /// The server has refused the login.
    Refused(ServerError),
    /// The server says an error that answers nothing, as it does before it closes a connection.
    Unasked(ServerError),
    /// A message, of those that [`Options::messages`](super::Options::messages) asks for.
    Message(Message),
    /// The client has sent a command.
    Started(Command),
    /// A command has all of its answer.
    Completed(Box<Answer>),
    /// From here on the bytes can't be followed.
    Lost(Loss),
}

/// A user that a client logs in as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginAttempt {
    /// The user's name, as far as it is said in plain.
    pub user: Bytes,
    /// The schema to start in.
    pub schema: Bytes,
    /// The authentication method.
    pub method: Bytes,
    /// The client's capabilities; the X Protocol has none of this kind.
    pub capabilities: Option<Capabilities>,
}

/// How a connection is compressed. It displays as the algorithm's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Packets of the classic protocol are.
    Classic(mynah_wire::compress::Algorithm),
    /// Messages of the X Protocol are.
    X(mynah_x::compress::Algorithm),
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Classic(algorithm) => f.write_str(&format!("{algorithm:?}").to_ascii_lowercase()),
            Self::X(algorithm) => f.write_str(algorithm.name()),
        }
    }
}
