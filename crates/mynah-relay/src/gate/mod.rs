//! Gates: code that decides which commands of clients reach their server.

mod answer;
mod command;
mod keeper;
mod logins;
mod release;
#[cfg(test)]
mod tests;
mod x_form;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use mynah_session::{Failure, Reply};

pub use command::GateCommand;
pub(crate) use command::Prepared;
pub(crate) use keeper::{Admitted, Gatekeeper, Standing};
pub(crate) use logins::LoginGate;
pub use release::{Held, Release};

/// Decides for each command of one connection whether it is forwarded, answered, refused or delayed;
/// [`RelayOptions::gates`](crate::RelayOptions::gates) has the exceptions.
///
/// A gate is asked only after the server has answered all earlier commands, so that a gate's answer comes in the same
/// order as the server's. A closure of this form is a gate.
///
/// ```
/// use std::time::Duration;
/// use mynah_relay::{Decision, GateCommand, Gates, RelayOptions};
/// use mynah_session::{Completion, Failure, Outcome};
///
/// let gates = Gates::new(|_connection| {
///     let mut statements = 0;
///     Some(Box::new(move |command: &GateCommand<'_>| {
///         let Some(statement) = command.statement() else {
///             return Decision::Pass;
///         };
///         statements += 1;
///         match statement {
///             b"do sleep(1)" => Decision::answer(Outcome::Ok(Completion::default())),
///             _ if statement.starts_with(b"drop") => {
///                 Decision::Refuse(Failure::general(1105, "this proxy drops no tables"))
///             }
///             _ if statements > 100 => Decision::Delay(Duration::from_millis(10)),
///             _ => Decision::Pass,
///         }
///     }))
/// });
/// let options = RelayOptions {
///     gates: Some(gates),
///     ..RelayOptions::default()
/// };
/// ```
pub trait Gate {
    /// Decides on a command that the client has sent and that isn't forwarded yet. It is called on the thread of
    /// the connection, so it must not block; [`Decision::Hold`] is for decisions that take time.
    fn decide(&mut self, command: &GateCommand<'_>) -> Decision;
}

impl<F: FnMut(&GateCommand<'_>) -> Decision> Gate for F {
    fn decide(&mut self, command: &GateCommand<'_>) -> Decision {
        self(command)
    }
}

/// The decision on a command.
#[derive(Debug)]
#[non_exhaustive]
pub enum Decision {
    /// The command is forwarded unchanged.
    Pass,
    /// The command isn't forwarded; the client gets this reply, after the reply's `exec_time`: an OK, rows, several
    /// results, or an error. Rows must be complete ([`Rows`](mynah_session::Rows) without a source). Commands whose
    /// answers have no rows get only the end of the last result. Commands without an answer are dropped. Commands of
    /// the classic protocol whose answer has a form of its own, such as COM_STMT_PREPARE, get error 1295 unless the
    /// reply is an error; drivers then continue without prepared statements.
    Answer(Box<Reply>),
    /// The command isn't forwarded; the client gets this error. Commands without an answer are dropped.
    Refuse(Failure),
    /// The command is forwarded after this time. Later commands of the client wait meanwhile.
    Delay(Duration),
    /// The decision comes later, through the [`Release`] that belongs to this [`Held`]. Later commands of the
    /// client wait meanwhile.
    Hold(Held),
}

impl Decision {
    /// Shorthand for [`Answer`](Self::Answer): the client gets this reply, and the command isn't forwarded.
    #[must_use]
    pub fn answer(reply: impl Into<Reply>) -> Self {
        Self::Answer(Box::new(reply.into()))
    }
}

/// Makes a [`Gate`] for each connection, or none for connections that aren't to be decided on.
#[derive(Clone)]
pub struct Gates(Arc<Open>);

type Open = dyn Fn(u32) -> Option<Box<dyn Gate>> + Send + Sync;

impl Gates {
    /// Gates that are made by this function. Its argument is the id of the connection; with `None`, all commands of
    /// the connection are forwarded.
    pub fn new(open: impl Fn(u32) -> Option<Box<dyn Gate>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(open))
    }

    pub(crate) fn open(&self, connection: u32) -> Option<Box<dyn Gate>> {
        (self.0)(connection)
    }
}

impl fmt::Debug for Gates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gates").finish_non_exhaustive()
    }
}
