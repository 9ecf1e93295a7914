//! Asks for the answers to statements, which are counted and logged.

use std::io::Result;
use std::pin::pin;
use std::time::Instant;

use mynah_session::{BulkExecution, Failure, Handler, Outcome, Reply, Statement};

use super::Drive;
use super::ask::{Interruptible, Made};
use super::io::Wait;
use super::session::Session;
use crate::Worker;

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// The answer to a statement, which is counted and logged.
    pub(super) async fn reply(
        &mut self,
        handler: &mut W::Handler,
        statement: &Statement,
    ) -> Result<Made<Box<Reply>>> {
        // For a row of a bulk execution: the rows before it may all have been answered at once.
        if self.connection.is_interrupted() {
            return Ok(Err(Wait::Interrupted));
        }
        self.connection.count_statement();
        if !log::log_enabled!(log::Level::Info) {
            let making = pin!(handler.statement_async(statement));
            return self.attend(making, Interruptible::Yes).await;
        }
        let started = Instant::now();
        let made = {
            let making = pin!(handler.statement_async(statement));
            self.attend(making, Interruptible::Yes).await?
        };
        self.log_made(handler, statement, made.as_deref(), started);
        Ok(made)
    }

    /// The answer to a bulk execution as a whole; `None` if its rows are asked for one by one, which are counted and
    /// logged then.
    pub(super) async fn bulk_reply(
        &mut self,
        handler: &mut W::Handler,
        bulk: &BulkExecution,
    ) -> Result<Made<Option<Box<Reply>>>> {
        let started = Instant::now();
        let made = {
            let making = pin!(handler.bulk_async(bulk));
            self.attend(making, Interruptible::Yes).await?
        };
        let made = match made {
            Ok(None) => return Ok(Ok(None)),
            Ok(Some(reply)) => Ok(Box::new(reply)),
            Err(reason) => Err(reason),
        };
        self.connection.count_statement();
        if log::log_enabled!(log::Level::Info) {
            self.log_made(handler, &bulk.statement, made.as_deref(), started);
        }
        Ok(made.map(Some))
    }

    /// Logs a statement, unless the client has disconnected or the server shuts down.
    fn log_made(
        &self,
        handler: &W::Handler,
        statement: &Statement,
        made: std::result::Result<&Reply, &Wait>,
        started: Instant,
    ) {
        let interrupted;
        let reply = match made {
            Ok(reply) => reply,
            Err(Wait::Interrupted) => {
                interrupted = Outcome::Error(Failure::interrupted()).into();
                &interrupted
            }
            Err(_) => return,
        };
        self.log_statement(handler.answered_by(), statement, reply, started.elapsed());
    }
}
