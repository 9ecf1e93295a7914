use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_auth::rsa::PrivateKey;
use mynah_session::observe::Direction;

use super::{Failed, LoginDone};
use crate::LoginFailure;

/// Decides what happens in a login between a client and a server, without sockets and without a clock.
///
/// Events go in by [`handle`](Self::handle), and actions are taken from
/// it by [`next_action`](Self::next_action) until there is nothing left. Then the sides that it
/// [reads](Self::reads) are waited for.
pub(crate) trait Mediator {
    /// The order in which the sides are read where both have sent something.
    const READ_ORDER: [Direction; 2];

    /// Handles an event.
    fn handle(&mut self, event: Event);

    /// The next thing to do; the last is [`Action::Done`]. `answer_is_due` says whether the observer has seen
    /// a request of the client without an answer.
    fn next_action(&mut self, answer_is_due: bool) -> Option<Action>;

    /// Whether more bytes of a side are to be read. Otherwise they stay in the socket, so that they can't
    /// fill memory.
    fn reads(&self, side: Direction) -> bool;
}

/// What happens to a login.
#[derive(Debug)]
pub(crate) enum Event {
    /// A side has sent these bytes.
    Received(Direction, BytesMut),
    /// A side has closed its stream.
    Closed(Direction),
    /// Reading from or writing to a side failed.
    Lost(Direction, io::Error),
    /// TLS with a side is established, as an action asked.
    Encrypted(Direction),
    /// TLS with a side failed.
    NotEncrypted(Direction, io::Error),
    /// The key that [`Action::MakeKey`] asked for.
    Key(Result<PrivateKey, LoginFailure>),
    /// The login took longer than this limit.
    TimedOut(Duration),
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Action {
    /// Send these bytes to the client, then show them to the observer.
    ToClient(Bytes),
    /// Send these bytes to the server.
    ToServer(Bytes),
    /// Show the observer these bytes of the client.
    Observe(Bytes),
    /// Start TLS with the client; these bytes are the start of its handshake. [`Event::Encrypted`] or
    /// [`Event::NotEncrypted`] reports the result.
    AcceptTls(Bytes),
    /// From here on, give the observer decrypted bytes.
    ObserveDecrypted,
    /// Start TLS with the server; the same events report the result.
    ConnectTls,
    /// Get the RSA key that clients encrypt passwords for, made once per proxy, and pass it as
    /// [`Event::Key`].
    MakeKey,
    /// Close the client's connection without another byte.
    CloseClient,
    /// The login is over: how the connection continues, or why it failed.
    Done(Result<LoginDone, Failed>),
}

/// A failure that is a side's: it was lost.
pub(super) fn lost(side: Direction, error: io::Error) -> LoginFailure {
    match side {
        Direction::Client => LoginFailure::Client(error),
        Direction::Server => LoginFailure::Server(error),
    }
}

/// A failure that is a side's: it has closed.
pub(super) fn closed(side: Direction) -> LoginFailure {
    lost(side, io::ErrorKind::UnexpectedEof.into())
}
