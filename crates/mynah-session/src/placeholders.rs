//! Finds the placeholders of a statement that is prepared.

/// What decides how a statement is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// `"` quotes identifiers, not strings: ANSI_QUOTES in `sql_mode`.
    pub ansi_quotes: bool,
    /// `\` escapes nothing in strings: NO_BACKSLASH_ESCAPES in `sql_mode`.
    pub no_backslash_escapes: bool,
    /// The server's version as comments have it: 90704 is 9.7.4, 110809 is 11.8.9.
    pub version: u32,
    /// Whether it is MariaDB, which has comments of its own.
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
    /// That of a server that greets with this version: `9.7.4` or `11.8.9-MariaDB`. Whatever isn't
    /// read so stays as it is.
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

/// How many placeholders a statement has: each `?` that is outside strings, quoted identifiers and
/// comments. The text of a comment that the server runs, `/*! … */`, counts.
///
/// It is read byte by byte, as servers read ASCII and UTF-8. Like a server, it takes `?` for no
/// placeholder where a letter or a digit follows.
#[must_use]
pub fn count(statement: &[u8], dialect: Dialect) -> usize {
    let mut scanner = Scanner {
        rest: statement,
        dialect,
        in_run_comment: false,
    };
    let mut found = 0;
    while let Some(byte) = scanner.next() {
        match byte {
            b'?' if !scanner.rest.first().copied().is_some_and(is_identifier) => found += 1,
            b'\'' => scanner.skip_quoted(byte, !dialect.no_backslash_escapes),
            b'"' => {
                let escapes = !dialect.ansi_quotes && !dialect.no_backslash_escapes;
                scanner.skip_quoted(byte, escapes);
            }
            b'`' => scanner.skip_quoted(byte, false),
            b'#' => scanner.skip_line(),
            b'-' if scanner.starts_line_comment() => scanner.skip_line(),
            b'/' if scanner.rest.first() == Some(&b'*') => scanner.enter_comment(),
            b'*' if scanner.in_run_comment && scanner.rest.first() == Some(&b'/') => {
                scanner.in_run_comment = false;
                scanner.skip(1);
            }
            _ => {}
        }
    }
    found
}

struct Scanner<'a> {
    rest: &'a [u8],
    dialect: Dialect,
    /// Whether it is inside a comment whose text the server runs.
    in_run_comment: bool,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn skip(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    /// Goes behind the closing quote. A doubled quote closes and opens again.
    fn skip_quoted(&mut self, quote: u8, escapes: bool) {
        while let Some(byte) = self.next() {
            if byte == quote {
                return;
            }
            if byte == b'\\' && escapes {
                self.skip(1);
            }
        }
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|byte| byte != b'\n') {}
    }

    /// Whether what follows a first `-` makes it a comment: a second one, and then a blank, a control
    /// character or the end.
    fn starts_line_comment(&self) -> bool {
        match self.rest {
            [b'-'] => true,
            [b'-', after, ..] => after.is_ascii_whitespace() || after.is_ascii_control(),
            _ => false,
        }
    }

    /// Behind `/` of a comment: goes to its end, or into its text if that is run.
    fn enter_comment(&mut self) {
        self.skip(1);
        let is_run = match self.rest {
            [b'!', ..] => {
                self.skip(1);
                self.takes_version(false)
            }
            [b'M', b'!', ..] if self.dialect.is_mariadb => {
                self.skip(2);
                self.takes_version(true)
            }
            _ => {
                self.skip_comment(false);
                return;
            }
        };
        if is_run {
            self.in_run_comment = true;
        } else {
            self.skip_comment(true);
        }
    }

    /// Reads the version that a comment is for, and says whether the server is of it.
    fn takes_version(&mut self, mariadb_only: bool) -> bool {
        let digits = self
            .rest
            .iter()
            .take(6)
            .take_while(|byte| byte.is_ascii_digit());
        let len = digits.clone().count();
        if len < 5 {
            return true;
        }
        let version = digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        self.skip(len);
        // Versions of MySQL that MariaDB never had.
        let foreign =
            self.dialect.is_mariadb && !mariadb_only && (50_700..=99_999).contains(&version);
        version <= self.dialect.version && !foreign
    }

    /// Goes behind the end of a comment; of one that would be run elsewhere, whatever comments are
    /// in it.
    fn skip_comment(&mut self, nests: bool) {
        while let Some(byte) = self.next() {
            match (byte, self.rest.first()) {
                (b'*', Some(b'/')) => return self.skip(1),
                (b'/', Some(b'*')) if nests => {
                    self.skip(1);
                    self.skip_comment(false);
                }
                _ => {}
            }
        }
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
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
