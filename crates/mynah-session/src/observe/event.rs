use std::fmt;

use bytes::Bytes;
use mynah_classic::Capabilities;

use super::{Answer, Command, Loss, Message, ServerError};

/// Something that an [`Observer`](super::Observer) saw on a connection, of either protocol.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The server sent its greeting. (Servers of the X Protocol don't.)
    Greeting {
        /// The server's version, as in the greeting.
        server_version: Bytes,
        /// The id that the server gave the connection.
        thread_id: u32,
    },
    /// The client asked for TLS; in the X Protocol, the server has agreed to that.
    TlsRequested,
    /// The client asked to log in. COM_CHANGE_USER is a command, reported by [`Started`](Self::Started).
    Login(LoginAttempt),
    /// The server accepted the login, so that commands can follow.
    LoggedIn,
    /// From this event on the session counts as that of this user in this schema: when the client asks to log in, and
    /// after a COM_CHANGE_USER, COM_INIT_DB or USE that succeeded, or another change of schema that the server reports.
    /// It is reported only if the user or the schema is another than before.
    Identified {
        /// The user's name; empty if it wasn't sent in plain text.
        user: Bytes,
        /// The name of the schema; empty if none is in use.
        schema: Bytes,
    },
    /// From this event on both sides compress, or may.
    Compressed(Compression),
    /// The server refused the login, or the connection in place of a greeting, by this error. A refused COM_CHANGE_USER
    /// is reported by [`Completed`](Self::Completed).
    Refused(ServerError),
    /// The server sent an error without being asked, as it does before it closes a connection.
    Unasked(ServerError),
    /// A message passed, in either direction. This event is reported only with
    /// [`Options::messages`](super::Options::messages).
    Message(Message),
    /// The client sent a command.
    Started(Command),
    /// The answer to a command is complete or won't be completed any more, or the command needs none.
    Completed(Box<Answer>),
    /// The observer can't follow the connection any more. No events follow this one.
    Lost(Loss),
}

/// What a client sent to log in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginAttempt {
    /// The name of the user who logs in; empty if it isn't sent in plain text.
    pub user: Bytes,
    /// The name of the schema to use; empty for none.
    pub schema: Bytes,
    /// The name of the authentication method, or in the X Protocol of the mechanism, that the client begins with;
    /// empty if it names none.
    pub method: Bytes,
    /// The client's capability flags; `None` in the X Protocol, which has none.
    pub capabilities: Option<Capabilities>,
}

/// How a connection is compressed. `Display` writes the algorithm's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Packets of the classic protocol, compressed by this algorithm.
    Classic(mynah_wire::compress::Algorithm),
    /// Messages of the X Protocol, compressed by this algorithm.
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
