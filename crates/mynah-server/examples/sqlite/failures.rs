//! SQLite's errors with the numbers of MySQL's.

use mynah_server::{Failure, SqlState, codes};
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// The error that a client gets.
pub(crate) fn failure(error: rusqlite::Error) -> Failure {
    let message = match &error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    let sqlite = error.sqlite_error();
    let of_code = sqlite.and_then(|error| match (error.code, error.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            Some((codes::ER_DUP_ENTRY, b"23000"))
        }
        (_, ffi::SQLITE_CONSTRAINT_NOTNULL) => Some((codes::ER_BAD_NULL_ERROR, b"23000")),
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Some((codes::ER_NO_REFERENCED_ROW_2, b"23000")),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => {
            Some((codes::ER_LOCK_WAIT_TIMEOUT, b"HY000"))
        }
        _ => None,
    });
    let by_text = || {
        let texts = [
            ("no such table", codes::ER_NO_SUCH_TABLE, b"42S02"),
            ("no such column", codes::ER_BAD_FIELD_ERROR, b"42S22"),
            ("already exists", codes::ER_TABLE_EXISTS_ERROR, b"42S01"),
            ("syntax error", codes::ER_PARSE_ERROR, b"42000"),
            ("incomplete input", codes::ER_PARSE_ERROR, b"42000"),
            ("unrecognized token", codes::ER_PARSE_ERROR, b"42000"),
        ];
        let found = texts.iter().find(|(text, ..)| message.contains(text));
        found.map(|(_, code, state)| (*code, *state))
    };
    let (code, state) = of_code
        .or_else(by_text)
        .unwrap_or((codes::ER_UNKNOWN_ERROR, b"HY000"));
    Failure {
        code,
        sql_state: SqlState(*state),
        message: match message.strip_prefix("no such table: ") {
            Some(table) => format!("Table '{table}' doesn't exist").into(),
            None => message.into(),
        },
    }
}

/// The error with the name that clients have for the schema.
pub(crate) fn in_schema(failure: Failure, schema: &str) -> Failure {
    let message = String::from_utf8_lossy(&failure.message);
    let message = message.replace("'main.", &format!("'{schema}."));
    Failure {
        message: message.into(),
        ..failure
    }
}

pub(crate) fn unknown_schema(schema: &str) -> Failure {
    Failure {
        code: codes::ER_BAD_DB_ERROR,
        sql_state: SqlState(*b"42000"),
        message: format!("Unknown database '{schema}'").into(),
    }
}
