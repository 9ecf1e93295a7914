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
    /// Which side is read first where both have sent something.
    const READ_FIRST: Direction;

    /// Something has happened.
    fn handle(&mut self, event: Event);

    /// What is to be done next; the last is [`Action::Done`]. `answer_is_due` says whether the client
    /// has asked for something that has no answer yet, as far as the observer has seen.
    fn next_action(&mut self, answer_is_due: bool) -> Option<Action>;

    /// Whether more is to be read of a side. It stays unread otherwise, so that it can't fill memory.
    fn reads(&self, side: Direction) -> bool;
}

/// What happens to a login.
#[derive(Debug)]
pub(crate) enum Event {
    /// A side has sent this.
    Received(Direction, BytesMut),
    /// A side has closed: nothing more comes from it.
    Closed(Direction),
    /// A side can't be read from or written to any more.
    Lost(Direction, io::Error),
    /// TLS with a side has begun, as an action asked for.
    Encrypted(Direction),
    /// TLS with a side could not begin.
    NotEncrypted(Direction, io::Error),
    /// What [`Action::MakeKey`] asked for.
    Key(Result<PrivateKey, LoginFailure>),
    /// The login has taken as long as it may, which is so long.
    TimedOut(Duration),
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Action {
    /// Send this to the client, then show it to the observer.
    ToClient(Bytes),
    /// Send this to the server.
    ToServer(Bytes),
    /// Show the observer what the client has sent.
    Observe(Bytes),
    /// Begin TLS with the client, whose handshake starts with this; the result comes back by
    /// [`Event::Encrypted`] or [`Event::NotEncrypted`].
    AcceptTls(Bytes),
    /// From here on, the observer sees decrypted bytes.
    ObserveDecrypted,
    /// Begin TLS with the server; the result comes back in the same way.
    ConnectTls,
    /// Make the key that clients encrypt passwords for, or take the one there is, and give it by
    /// [`Event::Key`].
    MakeKey,
    /// Close the client's connection: it gets nothing more.
    CloseClient,
    /// Where the connection stands now, or why the login has failed.
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
