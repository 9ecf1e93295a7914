use mynah_classic::response::SqlState;
use mynah_classic::tables::{Product, ServerError};

use crate::model::did_you_mean;

/// A server's error that was looked up by its name, such as `ER_LOCK_DEADLOCK`, with what the mock answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedError {
    /// The error number, such as 1213.
    pub code: u16,
    /// The SQL state, such as `40001`.
    pub sql_state: SqlState,
    /// The message, for errors of either product that of MySQL 9.7, with sample words in place of its placeholders;
    /// the error's name if the message isn't known.
    pub message: String,
}

/// The error for a name that no error of the product (MySQL or MariaDB) has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no error \"{name}\"{}", .similar.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default())]
pub struct NoSuchError {
    /// The name of an error that was looked up, and isn't known.
    pub name: String,
    /// The name of an error that it may be a misspelling of; `None` if no name is similar.
    pub similar: Option<&'static str>,
}

impl NamedError {
    /// Looks up an error by its name, such as `ER_LOCK_DEADLOCK`.
    ///
    /// # Errors
    /// When the product (MySQL or MariaDB) has no error of this name.
    pub fn by_name(product: Product, name: &str) -> Result<Self, NoSuchError> {
        let error = ServerError::by_name(product, name).ok_or_else(|| NoSuchError {
            name: name.to_owned(),
            similar: did_you_mean(
                name,
                ServerError::all(product).iter().map(|error| error.name),
            ),
        })?;
        let known = TEXTS.iter().find(|&&(code, _)| code == error.code);
        Ok(Self {
            code: error.code,
            sql_state: error.sql_state,
            message: known.map_or_else(|| error.name.to_owned(), |(_, text)| (*text).to_owned()),
        })
    }
}

/// What MySQL 9.7 says, for errors that tests are likely to want.
const TEXTS: &[(u16, &str)] = &[
    (1022, "Can't write; duplicate key in table 't'"),
    (1040, "Too many connections"),
    (
        1044,
        "Access denied for user 'user'@'localhost' to database 'db'",
    ),
    (
        1045,
        "Access denied for user 'user'@'localhost' (using password: YES)",
    ),
    (1046, "No database selected"),
    (1048, "Column 'column' cannot be null"),
    (1049, "Unknown database 'db'"),
    (1050, "Table 't' already exists"),
    (1051, "Unknown table 'db.t'"),
    (1053, "Server shutdown in progress"),
    (1054, "Unknown column 'column' in 'field list'"),
    (1062, "Duplicate entry '1' for key 't.PRIMARY'"),
    (
        1064,
        "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '' at line 1",
    ),
    (1105, "Unknown error"),
    (1114, "The table 't' is full"),
    (1136, "Column count doesn't match value count at row 1"),
    (
        1142,
        "SELECT command denied to user 'user'@'localhost' for table 't'",
    ),
    (1146, "Table 'db.t' doesn't exist"),
    (1153, "Got a packet bigger than 'max_allowed_packet' bytes"),
    (
        1203,
        "User user already has more than 'max_user_connections' active connections",
    ),
    (
        1205,
        "Lock wait timeout exceeded; try restarting transaction",
    ),
    (
        1213,
        "Deadlock found when trying to get lock; try restarting transaction",
    ),
    (
        1216,
        "Cannot add or update a child row: a foreign key constraint fails",
    ),
    (
        1217,
        "Cannot delete or update a parent row: a foreign key constraint fails",
    ),
    (
        1226,
        "User 'user' has exceeded the 'max_queries_per_hour' resource (current value: 1)",
    ),
    (1264, "Out of range value for column 'column' at row 1"),
    (
        1290,
        "The MySQL server is running with the --read-only option so it cannot execute this statement",
    ),
    (1292, "Truncated incorrect DATE value: 'value'"),
    (1317, "Query execution was interrupted"),
    (1364, "Field 'column' doesn't have a default value"),
    (
        1366,
        "Incorrect integer value: 'value' for column 'column' at row 1",
    ),
    (1406, "Data too long for column 'column' at row 1"),
    (
        1451,
        "Cannot delete or update a parent row: a foreign key constraint fails",
    ),
    (
        1452,
        "Cannot add or update a child row: a foreign key constraint fails",
    ),
    (
        1614,
        "Transaction branch was rolled back: deadlock was detected",
    ),
    (1690, "BIGINT value is out of range in 'expression'"),
    (1792, "Cannot execute statement in a READ ONLY transaction."),
    (1836, "Running in read-only mode"),
    (
        1969,
        "Query execution was interrupted (max_statement_time exceeded)",
    ),
    (
        3024,
        "Query execution was interrupted, maximum statement execution time exceeded",
    ),
    (
        3572,
        "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.",
    ),
    (3819, "Check constraint 'c' is violated."),
    (
        4031,
        "The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_by_its_name() {
        let deadlock = NamedError::by_name(Product::MySql, "ER_LOCK_DEADLOCK");
        let found = deadlock.map(|error| (error.code, error.sql_state, error.message));
        let said = "Deadlock found when trying to get lock; try restarting transaction";
        assert_eq!(found, Ok((1213, SqlState(*b"40001"), said.to_owned(),)));
        let error = NamedError::by_name(Product::MySql, "ER_LOCK_DEADLOK")
            .map_err(|error| error.to_string());
        let said = "there is no error \"ER_LOCK_DEADLOK\"; did you mean \"ER_LOCK_DEADLOCK\"?";
        assert_eq!(error, Err(said.to_owned()));
    }

    #[test]
    fn the_texts_are_of_errors_that_there_are() {
        assert!(TEXTS.is_sorted_by_key(|(code, _)| code));
        for (code, text) in TEXTS {
            let found = [Product::MySql, Product::MariaDb]
                .map(|product| ServerError::by_code(product, *code));
            assert!(found.iter().any(Option::is_some), "{code} {text}");
        }
    }
}
