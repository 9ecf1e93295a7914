//! Finds the placeholders of a statement that is prepared.

use mynah_sql::{Characters, Comments, Reading, TokenKind, Tokens};

/// The server's version and `sql_mode`, as far as they decide how a statement is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Whether `"` quotes identifiers instead of strings: ANSI_QUOTES in `sql_mode`.
    pub ansi_quotes: bool,
    /// Whether `\` is an ordinary character in strings: NO_BACKSLASH_ESCAPES in `sql_mode`.
    pub no_backslash_escapes: bool,
    /// The server's version as a number, as version comments (`/*!80000 … */`) have it: 90704 is 9.7.4,
    /// 110809 is 11.8.9.
    pub version: u32,
    /// Whether the server is MariaDB, which has version comments of its own (`/*M! … */`).
    pub is_mariadb: bool,
}

impl Default for Dialect {
    /// MySQL, of any version, with its default `sql_mode`.
    fn default() -> Self {
        Self {
            ansi_quotes: false,
            no_backslash_escapes: false,
            version: 999_999,
            is_mariadb: false,
        }
    }
}

impl Dialect {
    /// The dialect of a server whose greeting has this version: `9.7.4` or `11.8.9-MariaDB`. If the text doesn't begin
    /// with a version number of three parts, the number is that of [`Dialect::default`]; a text with `MariaDB` in it is
    /// that of a MariaDB server, and `5.5.5-` before its version is skipped.
    #[must_use]
    pub fn of_version(server_version: &[u8]) -> Self {
        let text = String::from_utf8_lossy(server_version);
        let is_mariadb = text.contains("MariaDB");
        // MariaDB before 11 greets with a version in front that old replicas know.
        let text = text
            .strip_prefix("5.5.5-")
            .filter(|_| is_mariadb)
            .unwrap_or(&text);
        let mut numbers = text
            .split(|c: char| !c.is_ascii_digit())
            .map(|number| number.parse::<u32>().unwrap_or(100).min(100));
        let mut next = || numbers.next().filter(|&number| number < 100);
        let version = match (next(), next(), next()) {
            (Some(major @ 1..), Some(minor), Some(patch)) => major * 10_000 + minor * 100 + patch,
            _ => Self::default().version,
        };
        Self {
            version,
            is_mariadb,
            ..Self::default()
        }
    }
}

impl From<Dialect> for Reading {
    fn from(dialect: Dialect) -> Self {
        Self {
            ansi_quotes: dialect.ansi_quotes,
            no_backslash_escapes: dialect.no_backslash_escapes,
            comments: Comments::OfServer {
                version: dialect.version,
                is_mariadb: dialect.is_mariadb,
            },
            characters: Characters::Ascii,
        }
    }
}

/// Counts the placeholders of a statement: each `?` outside of strings, quoted identifiers and comments. The text in a
/// comment that a server of this dialect runs, such as `/*! … */`, counts as well.
///
/// The statement may be ASCII or UTF-8. As in a server, a `?` right before a letter, a digit, `_` or `$` is no
/// placeholder.
#[must_use]
pub fn count(statement: &[u8], dialect: Dialect) -> usize {
    let tokens = Tokens::new(statement, dialect.into());
    tokens
        .filter(|token| token.kind == TokenKind::Placeholder)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_server_would_bind_is_counted() {
        for (statement, found) in [
            ("SELECT ?, ? + ?", 3),
            ("SELECT '?', \"?\", `?`, ?", 1),
            (r"SELECT 'it\'s ?', ?", 1),
            (r"SELECT '\\', ?", 1),
            ("SELECT 'it''s ?', ?", 1),
            ("SELECT `a``?`, ?", 1),
            (r"SELECT `a\`, ?", 1),
            ("SELECT 1 -- ?\n, ?", 1),
            ("SELECT 1 --?", 1),
            ("SELECT 1 --", 0),
            ("SELECT 1 # ?\n, ?", 1),
            ("SELECT /* ? */ ?", 1),
            ("SELECT /*! ?, */ ?", 2),
            ("SELECT /*!50000 ?, */ ?", 2),
            ("SELECT /*!080100 '*/', ?, */ ?", 2),
            ("SELECT /*+ ? */ ?", 1),
            ("SELECT /*M! ?, */ ?", 1),
            ("SELECT ?a, ?_, ?)", 1),
            ("SELECT '?", 0),
            ("SELECT /* ?", 0),
            ("", 0),
        ] {
            assert_eq!(
                count(statement.as_bytes(), Dialect::default()),
                found,
                "{statement}"
            );
        }
    }

    #[test]
    fn the_sql_mode_and_the_version_change_what_is_a_placeholder() {
        let ansi = Dialect {
            ansi_quotes: true,
            ..Dialect::default()
        };
        let plain = Dialect {
            no_backslash_escapes: true,
            ..Dialect::default()
        };
        let (mysql, mariadb) = (
            Dialect::of_version(b"9.7.4-2"),
            Dialect::of_version(b"11.8.9-MariaDB-4"),
        );
        for (dialect, statement, found) in [
            (ansi, r#"SELECT "a\", ?"#, 1),
            (Dialect::default(), r#"SELECT "a\", ?"#, 0),
            (plain, r"SELECT 'a\', ?", 1),
            (mysql, "SELECT /*!090800 ?, /* ? */ ? */ ?", 1),
            (mysql, "SELECT /*!80000 ?, */ ?", 2),
            (mariadb, "SELECT /*!80000 ?, */ ?", 1),
            (mariadb, "SELECT /*M!100100 ?, */ ?", 2),
        ] {
            assert_eq!(count(statement.as_bytes(), dialect), found, "{statement}");
        }
        assert_eq!(mysql.version, 90_704);
        assert_eq!(
            Dialect::of_version(b"5.5.5-10.11.3-MariaDB").version,
            101_103
        );
        assert_eq!(
            Dialect::of_version(b"mine").version,
            Dialect::default().version
        );
    }
}
