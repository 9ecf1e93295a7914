//! What a statement does, as far as its first words say it.

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It changes the session's state, and no data that others see.
    Session,
    /// It reads.
    Reading,
    /// It may change data.
    Changing,
    /// It changes what a transaction can't undo, such as tables, and ends the transaction.
    Committing,
}

impl Kind {
    pub(crate) fn of(statement: &str) -> Self {
        let text = statement.to_ascii_lowercase();
        let mut words = words(&text);
        let first = words.next().unwrap_or_default();
        let second = words.next().unwrap_or_default();
        match (first, second) {
            ("create" | "drop", "temporary") => Self::Session,
            (word, _) if SESSION.contains(&word) => Self::Session,
            (word, _)
                if READING.contains(&word) && IN_SESSION.iter().any(|part| text.contains(part)) =>
            {
                Self::Session
            }
            (word, _) if READING.contains(&word) => Self::Reading,
            (word, _) if COMMITTING.contains(&word) => Self::Committing,
            // In doubt a statement counts as changing data: if the recording answers it, the gate notes that the
            // server lacks the change.
            _ => Self::Changing,
        }
    }

    /// What a command of the X Plugin does.
    pub(crate) fn of_admin(name: &str) -> Self {
        match name {
            "list_objects" | "get_collection_options" => Self::Reading,
            "ping" | "list_notices" | "enable_notices" | "disable_notices" | "list_clients"
            | "kill_client" => Self::Session,
            _ => Self::Committing,
        }
    }
}

/// What a statement asks of those before it on the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asks {
    /// For the last id that an insert generated.
    pub(crate) insert_id: bool,
    /// For what the last statement has left: numbers of rows, warnings, errors.
    pub(crate) last: bool,
}

impl Asks {
    pub(crate) fn of(statement: &str) -> Self {
        let text = statement.to_ascii_lowercase();
        let last = ["row_count(", "found_rows(", "show warnings", "show errors"];
        Self {
            insert_id: text.contains("last_insert_id("),
            last: last.iter().any(|part| text.contains(part)),
        }
    }

    pub(crate) fn any(self) -> bool {
        self.insert_id || self.last
    }
}

/// The words of a text, without comments and parentheses before the first.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    loop {
        let after = match (
            rest.strip_prefix("/*"),
            rest.strip_prefix("-- "),
            rest.strip_prefix('#'),
        ) {
            (Some(comment), ..) => comment.split_once("*/").map(|(_, after)| after),
            (_, Some(line), _) | (_, _, Some(line)) => {
                line.split_once('\n').map(|(_, after)| after)
            }
            _ => break,
        };
        rest = after.unwrap_or_default();
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    }
    rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '@'))
        .filter(|word| !word.is_empty())
}

const SESSION: [&str; 16] = [
    "set",
    "use",
    "begin",
    "start",
    "commit",
    "rollback",
    "savepoint",
    "release",
    "lock",
    "unlock",
    "xa",
    "prepare",
    "execute",
    "deallocate",
    "kill",
    "handler",
];

/// Statements that end a transaction.
const COMMITTING: [&str; 8] = [
    "create", "drop", "alter", "truncate", "rename", "grant", "revoke", "install",
];

const READING: [&str; 8] = [
    "select", "show", "desc", "describe", "explain", "with", "table", "values",
];

/// Parts of a statement that reads by which it changes the session's state.
const IN_SESSION: [&str; 4] = [":=", " into @", "get_lock(", "release_lock("];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_say_what_a_statement_does() {
        for (statement, kind) in [
            ("SET NAMES utf8mb4", Kind::Session),
            ("/* app */ begin", Kind::Session),
            ("-- why\nuse shop", Kind::Session),
            ("create temporary table t (a int)", Kind::Session),
            ("select @n := 1", Kind::Session),
            ("(select 1) union (select 2)", Kind::Reading),
            ("WITH a AS (SELECT 1) SELECT * FROM a", Kind::Reading),
            ("insert into t values (1)", Kind::Changing),
            ("create table t (a int)", Kind::Committing),
            ("DROP VIEW v", Kind::Committing),
            ("call p()", Kind::Changing),
            ("", Kind::Changing),
            ("/* only a comment", Kind::Changing),
        ] {
            assert_eq!(Kind::of(statement), kind, "{statement}");
        }
    }
}
