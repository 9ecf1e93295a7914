use mynah_classic::error_code;
use mynah_classic::response::SqlState;

use crate::Failure;

/// A connection that is to be ended, or what it is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kill {
    /// The connection's number.
    pub connection_id: u32,
    /// Whether the connection stays, and only the statement ends that it is waiting for.
    pub only_statement: bool,
}

impl Kill {
    /// Of a connection.
    #[must_use]
    pub const fn connection(connection_id: u32) -> Self {
        Self {
            connection_id,
            only_statement: false,
        }
    }

    /// The error if there is no such connection.
    #[must_use]
    pub fn unknown(self) -> Failure {
        Failure::general(
            error_code::ER_NO_SUCH_THREAD,
            format!("Unknown thread id: {}", self.connection_id),
        )
    }
}

impl Failure {
    /// The error for a statement that another connection has ended.
    #[must_use]
    pub fn interrupted() -> Self {
        Self {
            code: error_code::ER_QUERY_INTERRUPTED,
            sql_state: SqlState(*b"70100"),
            message: "Query execution was interrupted".into(),
        }
    }
}
