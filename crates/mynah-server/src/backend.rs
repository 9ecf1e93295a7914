use mynah_classic::command::Command;
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::{
    Account, BulkExecution, Failure, LocalFile, Login, Prepared, Process, Statement, Statistics,
};

use crate::command::unknown_command;
use crate::{Column, Finished, KillRequest, Results};

/// Answers the statements of one client. A [`Server`](crate::Server) makes a backend for each connection. The backend
/// stays on the connection's thread, so neither the backend nor its futures need be `Send`.
///
/// Every method but [`query`](Self::query) has a default, which does what a server without data does. Without asking
/// the backend, the session gathers the data of COM_STMT_SEND_LONG_DATA for the execution, answers COM_STMT_RESET,
/// fetches rows of cursors, and answers commands of the X Plugin other than `ping`, `list_clients` and `kill_client`.
///
/// Every method is an `async fn`, one at a time for each connection. While its future waits, the future is dropped if
/// the client disconnects, the server shuts down or another client ends the connection; also if another client ends
/// the statement or command (KILL QUERY), whose client then gets error 1317. KILL QUERY ends neither a login nor
/// [`reset`](Self::reset), [`close`](Self::close) and [`statistics`](Self::statistics). A future that writes rows is
/// dropped between two parts of about 64 KiB for the same reasons, even if it never waits. Any other future that doesn't
/// wait isn't dropped: work that takes long belongs into [`blocking`](crate::blocking). A bulk execution that is asked
/// for row by row ends between two rows, too.
pub trait Backend: 'static {
    /// Whether text statements about the session alone, such as drivers send on connect, are answered without asking
    /// [`query`](Self::query); `true` by default. These are SET, BEGIN, START TRANSACTION, COMMIT, ROLLBACK, SAVEPOINT
    /// and RELEASE SAVEPOINT, a SELECT of known variables and functions only, such as `@@version_comment` and
    /// `DATABASE()`, and KILL, about which [`kill`](Self::kill) is asked. A variable has the value that the client
    /// has set; if that was set to an expression, or by a statement that `query` got, `query` gets the SELECT, too.
    /// ROLLBACK TO and RELEASE SAVEPOINT get error 1305 if there is no such savepoint.
    const ANSWERS_ON_CONNECT: bool = true;

    /// Whether the backend has transactions: then [`query`](Self::query) gets BEGIN, START TRANSACTION, COMMIT, ROLLBACK,
    /// SAVEPOINT, RELEASE SAVEPOINT and each SET about `autocommit` in any case. `false` by default. The answers say by
    /// the flags AUTOCOMMIT and IN_TRANS of [`Completion::status_flags`](mynah_session::Completion::status_flags) what
    /// holds afterwards; `SELECT @@autocommit` says the same.
    const HAS_TRANSACTIONS: bool = false;

    /// Returns what a client needs to log in: a password, clear or stored, and a certificate. By default every login is
    /// accepted. The server then checks the login against the account, and doesn't tell the client what is wrong.
    ///
    /// ```
    /// # use mynah_server::{Account, AuthError};
    /// # fn accounts() -> Result<(), AuthError> {
    /// let clear = Account::of_password("secret");
    /// // The columns `plugin` and `authentication_string` of `mysql.user`.
    /// let stored = Account::of_stored_password(
    ///     "mysql_native_password",
    ///     "*14E65567ABDB5135D0CFD9A70B3032C179A49EE7",
    /// )?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The error that the client gets; the connection is then closed.
    fn authenticate(&self, login: &Login) -> impl Future<Output = Result<Account, Failure>> {
        let _ = login;
        async { Ok(Account::default()) }
    }

    /// As [`authenticate`](Self::authenticate), for a client that logs in again by COM_CHANGE_USER. Its prepared
    /// statements are closed already, and its session is a new one. By default calls `authenticate`, as a login again
    /// in the X Protocol does in any case.
    ///
    /// # Errors
    /// The error that the client gets; the connection is then closed.
    fn change_user(&self, login: &Login) -> impl Future<Output = Result<Account, Failure>> {
        self.authenticate(login)
    }

    /// Decides whether the client may switch to another schema by COM_INIT_DB; after `Ok`, the session switches. The
    /// schema of the login is in `login` of [`authenticate`](Self::authenticate). By default no schema exists, so
    /// the client gets error 1049.
    ///
    /// # Errors
    /// The error that the client gets.
    fn init_db(&self, schema: &str) -> impl Future<Output = Result<(), Failure>> {
        let unknown = Failure {
            code: error_code::ER_BAD_DB_ERROR,
            sql_state: SqlState(*b"42000"),
            message: format!("Unknown database '{schema}'").into(),
        };
        async { Err(unknown) }
    }

    /// Answers a statement that the client sent as text, over either protocol, other than those of
    /// [`ANSWERS_ON_CONNECT`](Self::ANSWERS_ON_CONNECT).
    ///
    /// # Errors
    /// The error that the client gets. If rows were already sent, the error ends the result.
    fn query(
        &self,
        statement: &Statement,
        results: Results,
    ) -> impl Future<Output = Result<Finished, Failure>>;

    /// Describes an SQL statement that a client prepares. Its [`statement_id`](Statement::statement_id) is that of its
    /// executions until [`close`](Self::close) is called with it, if this returns `Ok`. By default every statement can be
    /// prepared, and the session counts its placeholders; no columns are announced, so clients learn them from each
    /// execution's answer.
    ///
    /// # Errors
    /// The error that the client gets.
    fn prepare(&self, statement: &Statement) -> impl Future<Output = Result<Prepared, Failure>> {
        let _ = statement;
        async { Ok(Prepared::default()) }
    }

    /// Answers an execution of a prepared SQL statement, with the values in [`params`](Statement::params). By default
    /// calls [`query`](Self::query).
    ///
    /// # Errors
    /// As for [`query`](Self::query).
    fn execute(
        &self,
        statement: &Statement,
        results: Results,
    ) -> impl Future<Output = Result<Finished, Failure>> {
        self.query(statement, results)
    }

    /// Answers a bulk execution as a whole: one prepared SQL statement with many rows of values, which clients of MariaDB
    /// send. With `None`, as by default, [`execute`](Self::execute) is called for each row, up to the first error, and
    /// the client gets the sums of the answers or, if
    /// [`wants_unit_results`](mynah_session::BulkExecution::wants_unit_results), a row for each of them.
    ///
    /// # Errors
    /// As for [`query`](Self::query).
    fn execute_bulk(
        &self,
        bulk: &BulkExecution,
        results: Results,
    ) -> impl Future<Output = Result<Option<Finished>, Failure>> {
        let _ = (bulk, results);
        async { Ok(None) }
    }

    /// Called when a prepared statement is gone, so that the backend can free what it keeps for it: the client has
    /// closed it, has reset its session, or logs in again. At the end of the connection it isn't called: the backend is
    /// dropped.
    fn close(&self, statement_id: u32) -> impl Future<Output = ()> {
        let _ = statement_id;
        async {}
    }

    /// Returns the columns of a table, for COM_FIELD_LIST; by default none.
    ///
    /// # Errors
    /// The error that the client gets.
    fn field_list(&self, table: &str) -> impl Future<Output = Result<Vec<Column>, Failure>> {
        let _ = table;
        async { Ok(Vec::new()) }
    }

    /// Answers CRUD messages of the X Protocol, those for views included, also prepared ones; the statement's
    /// [`text`](Statement::text) is SQL with the same meaning. By default the client gets error 1047.
    ///
    /// # Errors
    /// The error that the client gets.
    fn other(
        &self,
        statement: &Statement,
        results: Results,
    ) -> impl Future<Output = Result<Finished, Failure>> {
        let _ = (statement, results);
        async { Err(unknown_command()) }
    }

    /// Called for COM_PING, and the command `ping` of the X Plugin; by default the client gets an OK.
    ///
    /// # Errors
    /// The error that the client gets.
    fn ping(&self) -> impl Future<Output = Result<(), Failure>> {
        async { Ok(()) }
    }

    /// Returns the numbers for COM_STATISTICS, from those that the server has counted; by default unchanged.
    fn statistics(&self, counted: Statistics) -> impl Future<Output = Statistics> {
        async move { counted }
    }

    /// Returns the connections for COM_PROCESS_INFO, and the command `list_clients` of the X Plugin, from all that are
    /// open. By default unchanged: as far as the backend lets clients log in, they see each other.
    ///
    /// # Errors
    /// The error that the client gets.
    fn processes(&self, open: Vec<Process>) -> impl Future<Output = Result<Vec<Process>, Failure>> {
        async { Ok(open) }
    }

    /// Decides whether the client may end another connection, or the statement that it runs, by COM_PROCESS_KILL, KILL,
    /// [`Results::kill`], or the command `kill_client` of the X Plugin; after `Ok`, the server does it, and the client
    /// gets error 1094 if there is no such connection. By default the client may end connections of its own user, and
    /// gets error 1095 for others.
    ///
    /// # Errors
    /// The error that the client gets.
    fn kill(&self, request: &KillRequest) -> impl Future<Output = Result<(), Failure>> {
        let allowed = match request.target {
            Some(_) if !request.is_of_same_user() => Err(request.denied()),
            _ => Ok(()),
        };
        async { allowed }
    }

    /// Decides whether the client may turn several statements in one text on or off, by COM_SET_OPTION; by default it
    /// may. What it means for a text is the backend's: [`query`](Self::query) gets the whole text.
    ///
    /// # Errors
    /// The error that the client gets.
    fn set_option(&self, multi_statements: bool) -> impl Future<Output = Result<(), Failure>> {
        let _ = multi_statements;
        async { Ok(()) }
    }

    /// Creates a schema, for COM_CREATE_DB; by default error 1047, as with MySQL since 8.0. CREATE DATABASE goes to
    /// [`query`](Self::query).
    ///
    /// # Errors
    /// The error that the client gets.
    fn create_db(&self, schema: &str) -> impl Future<Output = Result<(), Failure>> {
        let _ = schema;
        async { Err(unknown_command()) }
    }

    /// Drops a schema, for COM_DROP_DB; by default error 1047.
    ///
    /// # Errors
    /// The error that the client gets.
    fn drop_db(&self, schema: &str) -> impl Future<Output = Result<(), Failure>> {
        let _ = schema;
        async { Err(unknown_command()) }
    }

    /// Called for COM_SHUTDOWN; by default error 1047, as with MySQL since 8.0. After `Ok` the client gets an OK; the
    /// server doesn't end by itself, but by [`Server::shut_down`](crate::Server::shut_down).
    ///
    /// # Errors
    /// The error that the client gets.
    fn shutdown(&self) -> impl Future<Output = Result<(), Failure>> {
        async { Err(unknown_command()) }
    }

    /// Answers a command of the classic protocol that no other method is about: COM_DEBUG, COM_REFRESH, COM_CLONE,
    /// [`Command::Other`]. With `None`, as by default, the client gets an EOF packet for COM_DEBUG, and error 1047 for
    /// others, as with MySQL 9.7.
    ///
    /// # Errors
    /// The error that the client gets.
    fn command(
        &self,
        command: &Command,
        results: Results,
    ) -> impl Future<Output = Result<Option<Finished>, Failure>> {
        let _ = (command, results);
        async { Ok(None) }
    }

    /// Answers a client that registers as a replica, or requests a binary log, as the statement's
    /// [`command`](Statement::command) says; returns the events of the log, which the client gets before an EOF packet.
    /// A client that registers gets OK and no events. By default the client gets error 1227.
    ///
    /// # Errors
    /// The error that the client gets.
    fn replicate(
        &self,
        statement: &Statement,
    ) -> impl Future<Output = Result<Vec<bytes::Bytes>, Failure>> {
        let _ = statement;
        async { Err(Failure::access_denied("REPLICATION SLAVE")) }
    }

    /// Called with the content of the file that [`Results::local_infile`] asked for; returns the number of affected
    /// rows for the OK. By default 0.
    ///
    /// # Errors
    /// The error that the client gets.
    fn file(&self, file: &LocalFile) -> impl Future<Output = Result<u64, Failure>> {
        let _ = file;
        async { Ok(0) }
    }

    /// Called when the client resets its session, by COM_RESET_CONNECTION or by a `Session.Reset` of the X Protocol
    /// that keeps the session open, so that the backend can forget the session's state. The client gets its answer
    /// afterwards.
    fn reset(&self) -> impl Future<Output = ()> {
        async {}
    }
}
