use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::{Account, Failure, LocalFile, Login, Prepared, Statement};

use crate::{Column, Finished, Results};

/// Answers one client. A [`Server`](crate::Server) makes one for each connection, which stays on its thread and is asked
/// one thing at a time; it need not be `Send`, and neither need its futures.
///
/// Every method but [`query`](Self::query) has a default, which does what a server without data does. The session
/// itself answers what is about the connection: ping, statistics, list of processes, kill, closing and resetting of
/// statements, long data, options, and unknown commands (error 1047).
pub trait Backend: 'static {
    /// Whether statements that drivers send on connect (`SET`, `SELECT @@version_comment` and the like) are answered
    /// before [`query`](Self::query) is asked; they are by default.
    const ANSWERS_ON_CONNECT: bool = true;

    /// Says what the client must have to log in: a password, a certificate. By default every login is accepted. Called
    /// again when the client changes its user.
    ///
    /// # Errors
    /// The error that the client gets; the connection is then closed.
    fn authenticate(&self, login: &Login) -> impl Future<Output = Result<Account, Failure>> {
        let _ = login;
        async { Ok(Account::default()) }
    }

    /// Switches to a schema, by COM_INIT_DB; at the login, the schema is in `login`. By default there are none: error
    /// 1049.
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

    /// Answers a statement: a text, of either protocol.
    ///
    /// # Errors
    /// The error that the client gets. After the first rows were sent, it ends the result.
    fn query(
        &self,
        statement: &Statement,
        results: Results,
    ) -> impl Future<Output = Result<Finished, Failure>>;

    /// Describes a statement that is prepared. By default every statement can be, its placeholders are counted, and
    /// its columns are those of the answer.
    ///
    /// # Errors
    /// The error that the client gets.
    fn prepare(&self, statement: &Statement) -> impl Future<Output = Result<Prepared, Failure>> {
        let _ = statement;
        async { Ok(Prepared::default()) }
    }

    /// Answers an execution of a prepared statement, whose [`params`](Statement::params) have the values; bulk
    /// executions come row by row. By default it is a [`query`](Self::query).
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

    /// The columns of a table, for COM_FIELD_LIST; none by default.
    ///
    /// # Errors
    /// The error that the client gets.
    fn field_list(&self, table: &str) -> Result<Vec<Column>, Failure> {
        let _ = table;
        Ok(Vec::new())
    }

    /// Answers what is no SQL: CRUD messages of the X Protocol, whose [`text`](Statement::text) is SQL that means the
    /// same. By default it is error 1047.
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

    /// Answers a client that registers as a replica, or asks for a binary log. By default it is refused.
    ///
    /// # Errors
    /// The error that the client gets.
    fn replicate(&self, statement: &Statement) -> Result<Vec<bytes::Bytes>, Failure> {
        let _ = statement;
        Err(Failure::access_denied("REPLICATION SLAVE"))
    }

    /// Takes the file that [`Results::local_infile`] asked for; returns how many rows it had.
    ///
    /// # Errors
    /// The error that the client gets.
    fn file(&self, file: &LocalFile) -> Result<u64, Failure> {
        let _ = file;
        Ok(0)
    }

    /// The session is reset by COM_RESET_CONNECTION.
    fn reset(&self) {}
}
