use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;

use crate::{
    Account, Completion, Failure, Greeting, LocalFile, Login, Outcome, Prepared, Reply, RowSource,
    Rows, Statement, x::Notice,
};

/// Answers the questions of one client's session, in order. The script of a mock is one.
pub trait Handler {
    /// The greeting of a new connection.
    ///
    /// # Errors
    /// What the client gets in place of a greeting; the connection then ends.
    fn greeting(&mut self) -> Result<Greeting, Failure>;

    /// The account that a login has to pass.
    ///
    /// # Errors
    /// What the client gets in place of a login; the connection then ends.
    fn login(&mut self, login: &Login) -> Result<Account, Failure>;

    /// The answer to a statement: a text, or one that was prepared.
    fn statement(&mut self, statement: &Statement) -> Reply;

    /// The answer to the last statement or command goes out: the time that it was to take is over. If it was
    /// cancelled meanwhile, the client gets `cancelled` in its place.
    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        let _ = cancelled;
    }

    /// What answered the last statement or command, for the log: `entry 3 of stmts, shop.js line 12`. Absent if
    /// there is only one thing that can.
    fn answered_by(&self) -> Option<String> {
        None
    }

    /// A client of the X Protocol sends a command of the X Plugin, which the statement's text names:
    /// `ping`, `create_collection` and the like. Nothing leaves it to the session, which does what a
    /// server does that keeps nothing.
    fn command(&mut self, statement: &Statement) -> Option<Reply> {
        let _ = statement;
        None
    }

    /// The notices that a client of the X Protocol gets unasked, each some time after it has logged in.
    ///
    /// # Errors
    /// Why they aren't known; the client then gets none.
    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        Ok(Vec::new())
    }

    /// The client prepares a statement. Unless a handler says more, any can be prepared, and what it
    /// answers shows when it is executed.
    ///
    /// # Errors
    /// Why it can't be prepared.
    fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        let _ = statement;
        Ok(Prepared::default())
    }

    /// The client has reset its session to how it was after the login: COM_RESET_CONNECTION.
    fn reset(&mut self) {}

    /// The client sent the file that [`Outcome::LocalInfile`] asked for.
    fn file(&mut self, file: LocalFile) -> Reply {
        let _ = file;
        Outcome::Ok(Completion::default()).into()
    }

    /// More rows are due of a result that gave this source: the next ones, with the source again
    /// unless they are the last.
    ///
    /// # Errors
    /// Why there are no more; the result ends with it.
    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let _ = source;
        Ok(Rows::default())
    }

    /// This source's rows aren't asked for any more, so it can be dropped.
    fn drop_rows(&mut self, source: RowSource) {
        let _ = source;
    }

    /// The client asks for the columns of a table, which is the statement's text.
    ///
    /// # Errors
    /// The error that the client gets in their place.
    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let _ = statement;
        Ok([].into())
    }

    /// The client would be a replica, or wants a binary log ([`Outcome::Binlog`]). Unless a handler
    /// says otherwise it is refused.
    fn replicate(&mut self, statement: &Statement) -> Reply {
        let _ = statement;
        Outcome::Error(Failure::access_denied("REPLICATION SLAVE")).into()
    }
}

/// What is known of a connection when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The connection's number, from 1.
    pub id: u32,
    /// The server's TCP port it came in at; 0 for a local socket.
    pub port: u16,
}
