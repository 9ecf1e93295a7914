use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::{Account, Failure, LocalFile, Login, Prepared, Statement};

use crate::{Column, Finished, Results};

/// Answers the statements of one client. A [`Server`](crate::Server) makes a backend for each connection. The backend
/// stays on the connection's thread, so neither the backend nor its futures need be `Send`.
///
/// Every method but [`query`](Self::query) has a default, which does what a server without data does. Without asking
/// the backend, the session answers commands that concern only the connection or the server (such as COM_PING,
/// COM_STATISTICS, COM_PROCESS_INFO, COM_PROCESS_KILL, COM_STMT_CLOSE and COM_SET_OPTION), unknown commands of the
/// classic protocol (error 1064), and commands of the X Plugin.
pub trait Backend: 'static {
    /// Whether text statements about the session alone, such as drivers send on connect, are answered without asking
    /// [`query`](Self::query); `true` by default. These are SET, BEGIN, START TRANSACTION, COMMIT and ROLLBACK,
    /// which get an OK, and a SELECT of known variables and functions only, such as `@@version_comment` and
    /// `DATABASE()`.
    const ANSWERS_ON_CONNECT: bool = true;

    /// Returns what a client needs to log in: a password, a certificate. By default every login is accepted. Called
    /// for each login, also for COM_CHANGE_USER.
    ///
    /// # Errors
    /// The error that the client gets; the connection is then closed.
    fn authenticate(&self, login: &Login) -> impl Future<Output = Result<Account, Failure>> {
        let _ = login;
        async { Ok(Account::default()) }
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

    /// Describes an SQL statement that a client prepares. By default every statement can be prepared, and the session
    /// counts its placeholders; no columns are announced, so clients learn them from each execution's answer.
    ///
    /// # Errors
    /// The error that the client gets.
    fn prepare(&self, statement: &Statement) -> impl Future<Output = Result<Prepared, Failure>> {
        let _ = statement;
        async { Ok(Prepared::default()) }
    }

    /// Answers an execution of a prepared SQL statement, with the values in [`params`](Statement::params). For a
    /// bulk execution (MariaDB), this is called for each row, up to the first error. By default calls
    /// [`query`](Self::query).
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

    /// Returns the columns of a table, for COM_FIELD_LIST; by default none.
    ///
    /// # Errors
    /// The error that the client gets.
    fn field_list(&self, table: &str) -> Result<Vec<Column>, Failure> {
        let _ = table;
        Ok(Vec::new())
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
        let unknown = Failure {
            code: error_code::ER_UNKNOWN_COM_ERROR,
            sql_state: SqlState(*b"08S01"),
            message: "Unknown command".into(),
        };
        async { Err(unknown) }
    }

    /// Answers a client that registers as a replica, or requests a binary log, as the statement's
    /// [`command`](Statement::command) says; returns the events of the log, which the client gets before an EOF packet.
    /// A client that registers gets OK and no events. By default the client gets error 1227.
    ///
    /// # Errors
    /// The error that the client gets.
    fn replicate(&self, statement: &Statement) -> Result<Vec<bytes::Bytes>, Failure> {
        let _ = statement;
        Err(Failure::access_denied("REPLICATION SLAVE"))
    }

    /// Called with the content of the file that [`Results::local_infile`] asked for; returns the number of affected
    /// rows for the OK. By default 0.
    ///
    /// # Errors
    /// The error that the client gets.
    fn file(&self, file: &LocalFile) -> Result<u64, Failure> {
        let _ = file;
        Ok(0)
    }

    /// Called when the client resets its session, by COM_RESET_CONNECTION or by a `Session.Reset` of the X Protocol
    /// that keeps the session open, so that the backend can forget the session's state.
    fn reset(&self) {}
}
