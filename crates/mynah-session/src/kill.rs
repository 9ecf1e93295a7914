use mynah_classic::error_code;
use mynah_classic::response::SqlState;

use crate::Failure;

/// A request to end another connection, or the statement that it runs: KILL, COM_PROCESS_KILL or
/// `kill_client`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kill {
    /// The id of the connection that is to end, or whose statement is.
    pub connection_id: u32,
    /// Whether only the statement that the connection runs ends (KILL QUERY), and the connection stays open.
    pub only_statement: bool,
}

impl Kill {
    /// A request to end the connection of this id.
    #[must_use]
    pub const fn connection(connection_id: u32) -> Self {
        Self {
            connection_id,
            only_statement: false,
        }
    }

    /// Error 1094 (unknown thread id), for a connection that doesn't exist.
    #[must_use]
    pub fn unknown(self) -> Failure {
        Failure::general(
            error_code::ER_NO_SUCH_THREAD,
            format!("Unknown thread id: {}", self.connection_id),
        )
    }
}

impl Failure {
    /// Error 1317, for a client whose statement another client ended, or that asks to end its own connection or
    /// statement.
    #[must_use]
    pub fn interrupted() -> Self {
        Self {
            code: error_code::ER_QUERY_INTERRUPTED,
            sql_state: SqlState(*b"70100"),
            message: "Query execution was interrupted".into(),
        }
    }
}
