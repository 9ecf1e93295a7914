use std::future::ready;
use std::sync::Arc;

use mynah_classic::command::Command;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_fault::{Drawn, Draws, Fault};

use crate::{
    Account, BulkExecution, Completion, Failure, Greeting, Kill, LocalFile, Login, Notice, Outcome,
    Prepared, Process, Reply, RowSource, Rows, Statement, Statistics,
};

/// Answers the [`Question`](crate::Question)s of a session, about accounts, statements and commands of its client,
/// except for those that the session's caller answers itself. There is one handler per connection, and it gets one
/// question at a time, in order. The mock's handler plays scripts and expectations; a program can have a handler of its
/// own.
pub trait Handler {
    /// Whether [`administration_async`](Self::administration_async) is called; `false` by default, as its questions
    /// delay answers a little.
    const ASKED_ADMINISTRATION: bool = false;

    /// Whether [`bulk_async`](Self::bulk_async) is called; `false` by default.
    const ASKED_BULK: bool = false;

    /// Says what a new connection is greeted with.
    ///
    /// # Errors
    /// The error that the client gets in place of a greeting; the connection is then closed.
    fn greeting(&mut self) -> Result<Greeting, Failure>;

    /// Says which account the user of a login has. The session then checks the login against that. Called at every
    /// login of a connection: at COM_CHANGE_USER, too.
    ///
    /// # Errors
    /// The error that the client gets in place of an OK; the connection is then closed.
    fn login(&mut self, login: &Login) -> Result<Account, Failure>;

    /// As [`login`](Self::login), and may wait; see [`statement_async`](Self::statement_async).
    fn login_async<'a>(
        &'a mut self,
        login: &'a Login,
    ) -> impl Future<Output = Result<Account, Failure>> + 'a {
        ready(self.login(login))
    }

    /// Answers a statement that the client sent as text, an execution of a prepared statement, or a CRUD message of
    /// the X Protocol.
    fn statement(&mut self, statement: &Statement) -> Reply;

    /// Answers a statement, and may wait for something before. The thread's other connections continue meanwhile. By
    /// default it is [`statement`](Self::statement), without a wait. Boxed, because a reply is large and handed on
    /// several times.
    ///
    /// While it waits, the future is dropped if the client disconnects, the server shuts down, or another client cancels
    /// the statement (KILL QUERY). A cancelled statement isn't asked for its next rows, nor for the next row of
    /// parameters of a bulk execution. In case of KILL QUERY [`on_answer`](Self::on_answer) is called with the error, and the
    /// handler gets further questions. The same is true of the other methods that may wait, except that another client
    /// can cancel neither a login nor a reset, nor the end of a prepared statement, nor COM_STATISTICS.
    fn statement_async<'a>(
        &'a mut self,
        statement: &'a Statement,
    ) -> impl Future<Output = Box<Reply>> + 'a {
        ready(Box::new(self.statement(statement)))
    }

    /// Called right before the answer to a question of the session is sent: after its [`exec_time`](Reply::exec_time)
    /// and the latency of its fault. If another client cancelled a statement before (KILL QUERY), while the handler
    /// waited or during that time, `cancelled` is the error that the client gets instead; otherwise it is `None`. It
    /// isn't called if the client disconnects, or the server shuts down, before.
    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        let _ = cancelled;
    }

    /// Decides whether the fault of the last answer is played this time, and how; `None` if not. By default, the same
    /// random numbers are drawn each time, so that a given fault is played either each time or never.
    fn draw(&mut self, fault: &Arc<Fault>) -> Option<Drawn> {
        fault.draw(Draws::new(0, None, 0, 0))
    }

    /// Names the part of the handler that gave the last answer, for the log: `entry 3 of stmts, shop.js line 12`.
    /// `None`, as by default, if the handler has only one part.
    fn answered_by(&self) -> Option<String> {
        None
    }

    /// Answers a command of the X Plugin, such as `ping` or `create_collection`, or COM_INIT_DB; the name of the
    /// command, or of the schema, is the statement's text. With `None`, as by default, the session answers a command of
    /// the X Plugin as a server that keeps no data, and switches to the schema of a COM_INIT_DB. For COM_INIT_DB, only
    /// [`Outcome::Ok`] and [`Outcome::Error`] are answers; with another the client gets an error.
    fn command(&mut self, statement: &Statement) -> Option<Reply> {
        let _ = statement;
        None
    }

    /// As [`command`](Self::command), and may wait; see [`statement_async`](Self::statement_async).
    fn command_async<'a>(
        &'a mut self,
        statement: &'a Statement,
    ) -> impl Future<Output = Option<Reply>> + 'a {
        ready(self.command(statement))
    }

    /// Answers a command of the classic protocol about the connection or the server: COM_PING, COM_SET_OPTION,
    /// COM_DEBUG, COM_REFRESH, COM_SHUTDOWN, and commands that sessions don't support, such as COM_CREATE_DB. With
    /// `None`, as by default, the session answers: OK or EOF to the first four, error 1227 to COM_SHUTDOWN, and error
    /// 1064 to others. Called only if [`ASKED_ADMINISTRATION`](Self::ASKED_ADMINISTRATION) is `true`.
    fn administration_async<'a>(
        &'a mut self,
        command: &'a Command,
    ) -> impl Future<Output = Option<Reply>> + 'a {
        let _ = command;
        ready(None)
    }

    /// Answers a bulk execution of a prepared statement (MariaDB's COM_STMT_BULK_EXECUTE) as a whole. With `None`, as by
    /// default, the handler is asked about each row, as a [statement](Self::statement), up to the first error. Called
    /// only if [`ASKED_BULK`](Self::ASKED_BULK) is `true`.
    fn bulk_async<'a>(
        &'a mut self,
        bulk: &'a BulkExecution,
    ) -> impl Future<Output = Option<Reply>> + 'a {
        let _ = bulk;
        ready(None)
    }

    /// Decides whether the client may end another connection or its statement, by COM_PROCESS_KILL, the command
    /// `kill_client` of the X Plugin, or [`Outcome::Kill`]; `target` is that connection, and `None` if there is no such
    /// connection. By default the client may.
    ///
    /// # Errors
    /// The error that the client gets; the other connection isn't touched.
    fn kill(&mut self, kill: Kill, target: Option<&Process>) -> Result<(), Failure> {
        let _ = (kill, target);
        Ok(())
    }

    /// As [`kill`](Self::kill), and may wait; see [`statement_async`](Self::statement_async).
    fn kill_async<'a>(
        &'a mut self,
        kill: Kill,
        target: Option<&'a Process>,
    ) -> impl Future<Output = Result<(), Failure>> + 'a {
        ready(self.kill(kill, target))
    }

    /// Returns the list of connections that the client gets for COM_PROCESS_INFO, or the command `list_clients` of the X
    /// Plugin, from that of all open connections; by default unchanged.
    ///
    /// # Errors
    /// The error that the client gets.
    fn processes(&mut self, open: Vec<Process>) -> Result<Vec<Process>, Failure> {
        Ok(open)
    }

    /// As [`processes`](Self::processes), and may wait; see [`statement_async`](Self::statement_async).
    fn processes_async(
        &mut self,
        open: Vec<Process>,
    ) -> impl Future<Output = Result<Vec<Process>, Failure>> {
        ready(self.processes(open))
    }

    /// Returns the numbers that the client gets for COM_STATISTICS, from those that the server has counted; by default
    /// unchanged.
    fn statistics(&mut self, counted: Statistics) -> Statistics {
        counted
    }

    /// As [`statistics`](Self::statistics), and may wait; see [`statement_async`](Self::statement_async).
    fn statistics_async(&mut self, counted: Statistics) -> impl Future<Output = Statistics> {
        ready(self.statistics(counted))
    }

    /// The notices to send to a client of the X Protocol, each after its delay, which begins at the end of the client's
    /// first login. By default none.
    ///
    /// # Errors
    /// Why they can't be made; the client then gets none.
    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        Ok(Vec::new())
    }

    /// Called when the client prepares a statement. By default, every statement can be prepared, and the
    /// answer to its execution decides what columns it has.
    ///
    /// # Errors
    /// The error that the client gets: the statement can't be prepared.
    fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        let _ = statement;
        Ok(Prepared::default())
    }

    /// As [`prepare`](Self::prepare), and may wait; see [`statement_async`](Self::statement_async).
    fn prepare_async<'a>(
        &'a mut self,
        statement: &'a Statement,
    ) -> impl Future<Output = Result<Prepared, Failure>> + 'a {
        ready(self.prepare(statement))
    }

    /// Called when a prepared statement is gone, because the client closed it, reset its session or logged in again,
    /// or the session couldn't keep the statement. At the end of the connection it isn't called: the handler is dropped.
    fn close_statement(&mut self, statement_id: u32) {
        let _ = statement_id;
    }

    /// As [`close_statement`](Self::close_statement), and may wait; see [`statement_async`](Self::statement_async).
    fn close_statement_async(&mut self, statement_id: u32) -> impl Future<Output = ()> {
        self.close_statement(statement_id);
        ready(())
    }

    /// Called when the client has reset its session by COM_RESET_CONNECTION, or by a `Session.Reset` of the X
    /// Protocol that keeps the session open: prepared statements are gone, and the session's state is reset but for
    /// the schema.
    fn reset(&mut self) {}

    /// As [`reset`](Self::reset), and may wait; see [`statement_async`](Self::statement_async). The client gets its
    /// answer afterwards.
    fn reset_async(&mut self) -> impl Future<Output = ()> {
        self.reset();
        ready(())
    }

    /// Answers LOAD DATA LOCAL INFILE, when the client has sent the file that [`Outcome::LocalInfile`] asked for and
    /// the file isn't too long; by default with OK and 0 affected rows.
    fn file(&mut self, file: &LocalFile) -> Reply {
        let _ = file;
        Outcome::Ok(Completion::default()).into()
    }

    /// As [`file`](Self::file), and may wait; see [`statement_async`](Self::statement_async).
    fn file_async<'a>(&'a mut self, file: &'a LocalFile) -> impl Future<Output = Reply> + 'a {
        ready(self.file(file))
    }

    /// Returns the next rows of a result whose rows named this source. As long as more rows follow, the returned
    /// [`Rows`] name the source again. By default, none follow.
    ///
    /// # Errors
    /// The error that ends the result.
    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let _ = source;
        Ok(Rows::default())
    }

    /// As [`rows`](Self::rows), and may wait; see [`statement_async`](Self::statement_async).
    fn rows_async(&mut self, source: RowSource) -> impl Future<Output = Result<Rows, Failure>> {
        ready(self.rows(source))
    }

    /// Called when the rest of this source's rows isn't needed any more, for instance because the client closed the
    /// cursor or the result has failed. The handler can free the source. At the end of the connection it isn't called:
    /// the handler is dropped.
    fn drop_rows(&mut self, source: RowSource) {
        let _ = source;
    }

    /// Returns the columns of a table, for COM_FIELD_LIST; by default none. The statement's text is the table's
    /// name.
    ///
    /// # Errors
    /// The error that the client gets in place of the columns.
    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let _ = statement;
        Ok([].into())
    }

    /// As [`fields`](Self::fields), and may wait; see [`statement_async`](Self::statement_async).
    fn fields_async<'a>(
        &'a mut self,
        statement: &'a Statement,
    ) -> impl Future<Output = Result<Arc<[ColumnDefinition41]>, Failure>> + 'a {
        ready(self.fields(statement))
    }

    /// Answers a client that registers as a replica or asks for a binary log ([`Outcome::Binlog`]). A client that
    /// registers gets OK in place of a log. By default the client gets error 1227.
    fn replicate(&mut self, statement: &Statement) -> Reply {
        let _ = statement;
        Outcome::Error(Failure::access_denied("REPLICATION SLAVE")).into()
    }

    /// As [`replicate`](Self::replicate), and may wait; see [`statement_async`](Self::statement_async).
    fn replicate_async<'a>(
        &'a mut self,
        statement: &'a Statement,
    ) -> impl Future<Output = Reply> + 'a {
        ready(self.replicate(statement))
    }
}

/// The facts about a connection that are known at its start, for a [`Handler`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The connection's id, counted from 1 on its server. Clients get this id unless the handler's greeting has
    /// another.
    pub id: u32,
    /// The TCP port of the listener that the client connected to; 0 for a Unix socket.
    pub port: u16,
}
