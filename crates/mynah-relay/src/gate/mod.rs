//! Gates: decide which commands of clients reach their server.

mod answer;
mod command;
mod keeper;
mod logins;
mod release;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use mynah_session::{Failure, Reply};

pub use command::GateCommand;
pub(crate) use keeper::{Admitted, Gatekeeper, Standing};
pub(crate) use logins::LoginGate;
pub use release::{Held, Release};

/// Decides, for each command of a connection, what becomes of it.
///
/// A command is decided once it is there, and once the server has answered all commands before it: so the gate's
/// answer comes where the server's would. A closure is a gate.
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
    /// Decides on this command.
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
    /// The server gets it, as it came.
    Pass,
    /// The server doesn't get it, and the client gets this reply, after the reply's time: an OK,
    /// rows, the results of several statements, an error. Rows have to be there as a whole. Commands that have
    /// no rows get the end of the last result; those that have no answer are dropped; those whose answer
    /// has a form of its own, COM_STMT_PREPARE say, fail with error 1295, upon which drivers continue without
    /// prepared statements.
    Answer(Box<Reply>),
    /// The server doesn't get it, and the client gets this error. Commands that have no answer
    /// are dropped.
    Refuse(Failure),
    /// The server gets it after this time. The client's further commands wait, too.
    Delay(Duration),
    /// It is decided later, by the [`Release`] that belongs to this. The client's further commands wait,
    /// too.
    Hold(Held),
}

impl Decision {
    /// The client gets this reply, and the server doesn't get the command.
    #[must_use]
    pub fn answer(reply: impl Into<Reply>) -> Self {
        Self::Answer(Box::new(reply.into()))
    }
}

/// Opens a [`Gate`] for each connection, or none.
#[derive(Clone)]
pub struct Gates(Arc<Open>);

type Open = dyn Fn(u32) -> Option<Box<dyn Gate>> + Send + Sync;

impl Gates {
    /// Gates that this opens, for the connection of this number.
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
