//! What a session asks, whatever its protocol. A new question has five places: one in each enum here, the
//! state that asks it, the arm of the loop that drives sessions (`drive/ask.rs` of `mynah-net`), and the method of
//! [`Handler`](crate::Handler).

use std::sync::Arc;

use mynah_auth::LongNonce;
use mynah_auth::rsa::PrivateKey;
use mynah_classic::resultset::ColumnDefinition41;

use crate::{
    Account, Failure, Greeting, Kill, LocalFile, Login, Prepared, Process, Reply, RowSource, Rows,
    Statement, Statistics,
};

/// What a session has to know before it continues. It takes nothing from its client until it has the
/// [`Answer`].
#[derive(Debug, PartialEq)]
pub enum Question {
    /// What the client is greeted with. The answer is [`Answer::Greeting`].
    Greeting,
    /// Which account a client that logs in has. The answer is [`Answer::Account`].
    Account(Box<Login>),
    /// Random bytes for a client that logs in once more. The answer is [`Answer::Nonce`].
    Nonce,
    /// The key that clients encrypt passwords for, which may have to be made first. The answer is
    /// [`Answer::RsaKey`].
    RsaKey,
    /// What a statement comes to. The answer is [`Answer::Reply`].
    Statement(Statement),
    /// What a command comes to that the session could answer itself. The answer is
    /// [`Answer::Command`].
    Command(Statement),
    /// What is known of a statement that is prepared. The answer is [`Answer::Prepared`].
    Prepared(Statement),
    /// More rows. The answer is [`Answer::Rows`].
    Rows(RowSource),
    /// What a file comes to that the client has sent. The answer is [`Answer::Reply`].
    File(LocalFile),
    /// Which columns a table has. The answer is [`Answer::Fields`].
    Fields(Statement),
    /// What a replica is sent. The answer is [`Answer::Reply`].
    Replication(Statement),
    /// How the server is doing. The answer is [`Answer::Statistics`].
    Statistics,
    /// Which connections there are. The answer is [`Answer::Processes`].
    Processes,
    /// To close another connection, or to end its statement. The answer is [`Answer::Killed`].
    Kill(Kill),
}

/// The answer to a [`Question`]. What is large is boxed, as answers are passed on several times.
#[derive(Debug)]
pub enum Answer {
    /// What the client is greeted with.
    Greeting(Result<Box<Greeting>, Failure>),
    /// The account that the client has to be.
    Account(Result<Box<Account>, Failure>),
    /// Random bytes.
    Nonce(LongNonce),
    /// The key; nothing if there is none to be had.
    RsaKey(Option<PrivateKey>),
    /// What a statement, a file or a replica's command comes to.
    Reply(Box<Reply>),
    /// What a command comes to; nothing if it is left to the session.
    Command(Option<Box<Reply>>),
    /// What is known of a statement.
    Prepared(Result<Prepared, Failure>),
    /// The next rows.
    Rows(Result<Rows, Failure>),
    /// The columns of a table.
    Fields(Result<Arc<[ColumnDefinition41]>, Failure>),
    /// How the server is doing.
    Statistics(Statistics),
    /// The connections there are.
    Processes(Vec<Process>),
    /// Whether there was such a connection.
    Killed(bool),
}

impl Answer {
    /// Its name in errors.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Greeting(_) => "Greeting",
            Self::Account(_) => "Account",
            Self::Nonce(_) => "Nonce",
            Self::RsaKey(_) => "RsaKey",
            Self::Reply(_) => "Reply",
            Self::Command(_) => "Command",
            Self::Prepared(_) => "Prepared",
            Self::Rows(_) => "Rows",
            Self::Fields(_) => "Fields",
            Self::Statistics(_) => "Statistics",
            Self::Processes(_) => "Processes",
            Self::Killed(_) => "Killed",
        }
    }
}
