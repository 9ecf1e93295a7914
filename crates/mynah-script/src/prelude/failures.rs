//! Errors with the texts of servers.

use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::Failure;

/// There is nothing but comments.
pub(super) fn empty() -> Failure {
    Failure {
        code: error_code::ER_EMPTY_QUERY,
        sql_state: SqlState(*b"42000"),
        message: "Query was empty".into(),
    }
}

pub(super) fn unknown_variable(name: &str) -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_SYSTEM_VARIABLE,
        format!("Unknown system variable '{name}'"),
    )
}

/// A variable of sessions is read as a global one.
pub(super) fn session_variable_read_as_global(name: &str) -> Failure {
    Failure::general(
        error_code::ER_INCORRECT_GLOBAL_LOCAL_VAR,
        format!("Variable '{name}' is a SESSION variable"),
    )
}

/// A global variable is read as one of the session.
pub(super) fn global_variable_read_as_session(name: &str) -> Failure {
    Failure::general(
        error_code::ER_INCORRECT_GLOBAL_LOCAL_VAR,
        format!("Variable '{name}' is a GLOBAL variable"),
    )
}

/// A variable of every session, or of the server, can't be set.
pub(super) fn read_only(name: &str) -> Failure {
    Failure::general(
        error_code::ER_INCORRECT_GLOBAL_LOCAL_VAR,
        format!("Variable '{name}' is a read only variable"),
    )
}

/// A variable of sessions is set as a global one.
pub(super) fn only_of_sessions(name: &str) -> Failure {
    Failure::general(
        error_code::ER_LOCAL_VARIABLE,
        format!("Variable '{name}' is a SESSION variable and can't be used with SET GLOBAL"),
    )
}

/// A global variable is set as one of the session.
pub(super) fn only_global(name: &str) -> Failure {
    Failure::general(
        error_code::ER_GLOBAL_VARIABLE,
        format!("Variable '{name}' is a GLOBAL variable and should be set with SET GLOBAL"),
    )
}

/// The session's value follows the global one.
pub(super) fn read_only_in_session(name: &str) -> Failure {
    Failure::general(
        error_code::ER_VARIABLE_IS_READONLY,
        format!("SESSION variable '{name}' is read-only. Use SET GLOBAL to assign the value"),
    )
}

pub(super) fn wrong_value(name: &str, value: &str) -> Failure {
    Failure::wrong_value(name, value)
}

pub(super) fn unknown_character_set(name: &str) -> Failure {
    syntax_class(
        error_code::ER_UNKNOWN_CHARACTER_SET,
        format!("Unknown character set: '{name}'"),
    )
}

pub(super) fn unknown_collation(name: &str) -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_COLLATION,
        format!("Unknown collation: '{name}'"),
    )
}

/// A collation is of another character set than the one it is named with.
pub(super) fn other_character_set(collation: &str, character_set: &str) -> Failure {
    syntax_class(
        error_code::ER_COLLATION_CHARSET_MISMATCH,
        format!("COLLATION '{collation}' is not valid for CHARACTER SET '{character_set}'"),
    )
}

pub(super) fn wrong_type(name: &str) -> Failure {
    syntax_class(
        error_code::ER_WRONG_TYPE_FOR_VAR,
        format!("Incorrect argument type to variable '{name}'"),
    )
}

pub(super) fn unknown_time_zone(name: &str) -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_TIME_ZONE,
        format!("Unknown or incorrect time zone: '{name}'"),
    )
}

pub(super) fn unknown_column(name: &str, is_mariadb: bool) -> Failure {
    unknown_column_in(name, if is_mariadb { "WHERE" } else { "where clause" })
}

pub(super) fn unknown_column_in(name: &str, place: &str) -> Failure {
    Failure {
        code: error_code::ER_BAD_FIELD_ERROR,
        sql_state: SqlState(*b"42S22"),
        message: format!("Unknown column '{name}' in '{place}'").into(),
    }
}

pub(super) fn no_such_table(schema: &str, table: &str) -> Failure {
    Failure {
        code: error_code::ER_NO_SUCH_TABLE,
        sql_state: SqlState(*b"42S02"),
        message: format!("Table '{schema}.{table}' doesn't exist").into(),
    }
}

/// A statement makes no sense from here on.
pub(super) fn syntax(near: &str, is_mariadb: bool) -> Failure {
    let product = if is_mariadb { "MariaDB" } else { "MySQL" };
    syntax_class(
        error_code::ER_PARSE_ERROR,
        format!(
            "You have an error in your SQL syntax; check the manual that corresponds to your {product} \
             server version for the right syntax to use near '{near}' at line 1"
        ),
    )
}

fn syntax_class(code: u16, message: String) -> Failure {
    Failure {
        code,
        sql_state: SqlState(*b"42000"),
        message: message.into(),
    }
}
