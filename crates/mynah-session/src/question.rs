//! What a session asks, whatever its protocol. A new question needs a variant in [`Question`] and in [`Answer`] (unless
//! an existing answer fits), code in the state that asks it and in `drive/ask.rs` of `mynah-net`, a method of
//! [`Handler`](crate::Handler) (unless `mynah-net` answers the question itself), and an arm wherever tests and fuzz
//! targets match questions.

use std::sync::Arc;

use mynah_auth::LongNonce;
use mynah_auth::rsa::PrivateKey;
use mynah_classic::command::Command;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_fault::Fault;
use strum::IntoStaticStr;

use crate::{
    Account, BulkExecution, Failure, Greeting, Kill, LocalFile, Login, Prepared, Process, Reply,
    RowSource, Rows, Statement, Statistics,
};

/// A question of a session to the caller that drives it. The session handles no more of its client's messages until
/// it gets the [`Answer`]. The caller asks its [`Handler`](crate::Handler), except for [`Nonce`](Self::Nonce) and
/// [`RsaKey`](Self::RsaKey), which it answers itself. Sessions of both protocols ask by this type; those of the X
/// Protocol ask only some of the questions.
#[derive(Debug, PartialEq)]
pub enum Question {
    /// What is the client greeted with? Answered by [`Answer::Greeting`].
    Greeting,
    /// Which account is this login checked against? Answered by [`Answer::Account`].
    Account(Box<Login>),
    /// Which random bytes are the nonce of a login that repeats an earlier one on the connection? The caller makes
    /// them, without the handler. Answered by [`Answer::Nonce`].
    Nonce,
    /// Which RSA key can clients encrypt their passwords for? The caller has it, without the handler; making one
    /// takes time. Answered by [`Answer::RsaKey`].
    RsaKey,
    /// What is the answer to this statement? Answered by [`Answer::Reply`].
    Statement(Statement),
    /// Does the handler have an answer to this command of the X Plugin, or to COM_INIT_DB? Without one, the session
    /// answers. Answered by [`Answer::Command`].
    Command(Statement),
    /// Does the handler have an answer to this command of the classic protocol about the connection or the server?
    /// These are COM_PING, COM_SET_OPTION, COM_DEBUG, COM_REFRESH, COM_SHUTDOWN, and those that sessions don't support.
    /// Without an answer, the session answers. Asked only if
    /// [`asks_administration`](crate::classic::server::Options::asks_administration) is set. Answered by
    /// [`Answer::Command`].
    Administration(Box<Command>),
    /// Does the handler have an answer to this bulk execution (MariaDB) as a whole? Without one, the session asks about
    /// each row. Asked only if [`asks_bulk`](crate::classic::server::Options::asks_bulk) is set. Answered by
    /// [`Answer::Command`].
    Bulk(Box<BulkExecution>),
    /// Can this statement be prepared, and which placeholders and columns does it have? Answered by
    /// [`Answer::Prepared`].
    Prepared(Statement),
    /// Which rows follow in this result? Answered by [`Answer::Rows`].
    Rows(RowSource),
    /// What is the answer to LOAD DATA, now that the client has sent the file? Answered by [`Answer::Reply`].
    File(LocalFile),
    /// Which columns does this table have (COM_FIELD_LIST)? Answered by [`Answer::Fields`].
    Fields(Statement),
    /// What does this client get, which registers as a replica or asks for a binary log? Answered by
    /// [`Answer::Reply`].
    Replication(Statement),
    /// Which numbers does COM_STATISTICS report? The caller counts them; the handler may change them. Answered by
    /// [`Answer::Statistics`].
    Statistics,
    /// Which connections are open? The caller lists them; the handler may change or refuse the list. Answered by
    /// [`Answer::Processes`], or [`Answer::Refused`].
    Processes,
    /// Does the connection to close, or whose statement is to end, exist? The caller closes it, or ends the
    /// statement, unless the handler refuses that. Answered by [`Answer::Killed`], or [`Answer::Refused`].
    Kill(Kill),
}

/// The answer to a [`Question`]. Large ones are boxed, because answers are moved several times.
#[derive(Debug, IntoStaticStr)]
pub enum Answer {
    /// What the client is greeted with, or the error that it gets instead.
    Greeting(Result<Box<Greeting>, Failure>),
    /// The account that the login is checked against, or the error that the client gets.
    Account(Result<Box<Account>, Failure>),
    /// The random bytes of the nonce.
    Nonce(LongNonce),
    /// The RSA key that clients encrypt their passwords for; `None` if the server has none.
    RsaKey(Option<PrivateKey>),
    /// The answer to a statement, a file or a replica's command.
    Reply(Box<Reply>),
    /// The answer to a command of the X Plugin, to COM_INIT_DB, to a command about the connection or the server, or to a
    /// bulk execution; `None` leaves the answer to the session.
    Command(Option<Box<Reply>>),
    /// The placeholders and columns of a prepared statement, or the error that the client gets.
    Prepared(Result<Prepared, Failure>),
    /// The next rows, or the error that ends the result.
    Rows(Result<Rows, Failure>),
    /// The columns of a table, or the error that the client gets.
    Fields(Result<Arc<[ColumnDefinition41]>, Failure>),
    /// The numbers that COM_STATISTICS reports.
    Statistics(Statistics),
    /// The open connections, for the list of processes.
    Processes(Vec<Process>),
    /// Whether the connection that was to be ended exists.
    Killed(bool),
    /// The error that the client gets in place of [`Processes`](Self::Processes) or [`Killed`](Self::Killed).
    Refused(Failure),
}

impl Answer {
    /// The fault of this answer: it is played on the bytes that the client gets, if
    /// [`Handler::draw`](crate::Handler::draw) draws it. `None` if the answer has none.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        match self {
            Self::Greeting(Ok(greeting)) => greeting.fault.as_ref(),
            Self::Account(Ok(account)) => account.fault.as_ref(),
            Self::Reply(reply) | Self::Command(Some(reply)) => reply.fault.as_ref(),
            _ => None,
        }
    }

    /// Its name in errors.
    pub(crate) fn name(&self) -> &'static str {
        self.into()
    }
}
