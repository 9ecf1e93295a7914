//! Where the passwords are in a statement.

use std::ops::Range;

/// What must not be shown of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    /// Where they are, in order.
    pub(crate) ranges: Vec<Range<usize>>,
    /// Whether a parameter may be one.
    pub(crate) parameters: bool,
}

impl Secrets {
    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && !self.parameters
    }

    /// Finds string literals that may be passwords: behind IDENTIFIED, behind PASSWORD and words
    /// that end in it where a value follows, behind CONNECTION. Rather one too many than one too
    /// few.
    pub(crate) fn of(sql: &[u8]) -> Self {
        Self::find(sql, true)
    }

    /// `is_outer` says whether statements are looked for in strings; once, not in theirs again.
    fn find(sql: &[u8], is_outer: bool) -> Self {
        let mut secrets = Self::default();
        if !may_have(sql) {
            return secrets;
        }
        let mut armed = Armed::No;
        let mut at = 0;
        while let Some(token) = Token::next(sql, at) {
            let Token { kind, range } = token;
            at = range.end;
            let text = sql.get(range.clone()).unwrap_or_default();
            armed = match (kind, armed) {
                // A statement that is run from a string: of PREPARE, EXECUTE IMMEDIATE.
                (Kind::String, _) if is_outer && quotes_secrets(text) => {
                    secrets.ranges.push(range);
                    Armed::Values
                }
                (Kind::Number | Kind::String, Armed::Values) => {
                    secrets.ranges.push(range);
                    Armed::Values
                }
                (Kind::Placeholder, Armed::Values) => {
                    secrets.parameters = true;
                    Armed::Values
                }
                (Kind::Other(b';'), _) => Armed::No,
                (_, Armed::Values) => Armed::Values,
                (Kind::Word, _) if text.eq_ignore_ascii_case(b"identified") => Armed::Yes,
                (Kind::Word, armed) if is_password_word(text) => match armed {
                    Armed::Yes => Armed::Yes,
                    _ => Armed::Maybe,
                },
                (Kind::Word, Armed::Maybe) if text.eq_ignore_ascii_case(b"for") => Armed::Account,
                (Kind::Word, Armed::Maybe) => Armed::No,
                (Kind::Number, Armed::Yes) | (Kind::String, Armed::Yes | Armed::Maybe) => {
                    secrets.ranges.push(range);
                    Armed::Yes
                }
                (Kind::Placeholder, Armed::Yes | Armed::Maybe) => {
                    secrets.parameters = true;
                    Armed::Yes
                }
                (Kind::Other(b'=' | b'('), Armed::Maybe | Armed::Account) => Armed::Yes,
                (Kind::Other(b','), Armed::Yes) => Armed::Between,
                (Kind::Other(_), Armed::Maybe) => Armed::No,
                // A list of values, one for each column; what is named in it decides.
                (_, Armed::Between) => Armed::No,
                (_, armed) => armed,
            };
        }
        secrets
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Armed {
    No,
    /// PASSWORD: what follows tells whether a value does.
    Maybe,
    /// PASSWORD FOR: an account, and then the value.
    Account,
    Yes,
    Between,
    /// Behind a statement in a string: its values.
    Values,
}

struct Token {
    kind: Kind,
    range: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Number,
    String,
    Placeholder,
    Other(u8),
}

impl Token {
    /// The next token; comments are none, but what is in the comments that servers run is.
    fn next(sql: &[u8], from: usize) -> Option<Self> {
        let mut at = from;
        loop {
            let rest = sql.get(at..)?;
            let (&first, _) = rest.split_first()?;
            let len = match first {
                b' ' | b'\t' | b'\r' | b'\n' => 1,
                b'#' => line(rest),
                b'-' if rest.starts_with(b"-- ") || rest == b"--" => line(rest),
                b'/' if rest.starts_with(b"/*!") || rest.starts_with(b"/*M!") => 3,
                b'*' if rest.starts_with(b"*/") => 2,
                b'/' if rest.starts_with(b"/*") => comment(rest),
                _ => {
                    let (kind, len) = token(first, rest);
                    let range = at..at + len;
                    return Some(Self { kind, range });
                }
            };
            at += len;
        }
    }
}

fn token(first: u8, rest: &[u8]) -> (Kind, usize) {
    match first {
        b'\'' | b'"' => (Kind::String, quoted(rest, first)),
        b'`' => (Kind::Word, quoted(rest, first)),
        b'?' => (Kind::Placeholder, 1),
        b'0'..=b'9' => (Kind::Number, word(rest)),
        _ if is_word(first) => (Kind::Word, word(rest)),
        other => (Kind::Other(other), 1),
    }
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut escaped = false;
    for (at, &byte) in rest.iter().enumerate().skip(1) {
        if escaped {
            escaped = false;
        } else if byte == b'\\' && quote != b'`' {
            escaped = true;
        } else if byte == quote {
            return at + 1;
        }
    }
    rest.len()
}

fn word(rest: &[u8]) -> usize {
    let end = rest.iter().position(|&byte| !is_word(byte));
    end.unwrap_or(rest.len())
}

fn line(rest: &[u8]) -> usize {
    let end = rest.iter().position(|&byte| byte == b'\n');
    end.unwrap_or(rest.len())
}

fn comment(rest: &[u8]) -> usize {
    let end = rest.windows(2).skip(2).position(|pair| pair == b"*/");
    end.map_or(rest.len(), |at| at + 4)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Whether there would be a password in a string, were it a statement.
fn quotes_secrets(literal: &[u8]) -> bool {
    let end = literal.len().saturating_sub(1);
    let inner = literal.get(1..end).unwrap_or_default();
    !Secrets::find(inner, false).is_empty()
}

fn is_password_word(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let text = match text {
        [b'`', inner @ .., b'`'] => inner,
        text => text,
    };
    let start = text.len().saturating_sub(PASSWORD.len());
    let ends = text
        .get(start..)
        .is_some_and(|end| end.eq_ignore_ascii_case(PASSWORD));
    ends || text.eq_ignore_ascii_case(b"connection")
}

/// Whether it is worth to look closer.
fn may_have(sql: &[u8]) -> bool {
    sql.windows(PASSWORD.len()).any(|part| {
        matches!(part, [b'p' | b'P' | b'i' | b'I' | b'c' | b'C', ..])
            && (part.eq_ignore_ascii_case(PASSWORD)
                || part.eq_ignore_ascii_case(b"identifi")
                || part.eq_ignore_ascii_case(b"connecti"))
    })
}

const PASSWORD: &[u8] = b"password";

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &str) -> String {
        let mut shown = sql.to_owned();
        for range in Secrets::of(sql.as_bytes()).ranges.iter().rev() {
            shown.replace_range(range.clone(), "*");
        }
        shown
    }

    #[test]
    fn passwords_are_found_and_little_else() {
        for (sql, expected) in [
            ("select 'a'", "select 'a'"),
            ("SET PASSWORD = 'x'", "SET PASSWORD = *"),
            (
                "set password for 'bob'@'%' = 'x'",
                "set password for 'bob'@'%' = *",
            ),
            ("SET PASSWORD = PASSWORD('x')", "SET PASSWORD = PASSWORD(*)"),
            ("SET PASSWORD='a' REPLACE 'b'", "SET PASSWORD=* REPLACE *"),
            (
                "CREATE USER 'a'@'b' IDENTIFIED BY 'x', c IDENTIFIED WITH p AS '*H'",
                "CREATE USER 'a'@'b' IDENTIFIED BY *, c IDENTIFIED WITH p AS *",
            ),
            (
                "alter user a identified by\n\"x\\\"y\" -- 'z'",
                "alter user a identified by\n* -- 'z'",
            ),
            (
                "ALTER USER a IDENTIFIED VIA ed25519 USING PASSWORD('x')",
                "ALTER USER a IDENTIFIED VIA ed25519 USING PASSWORD(*)",
            ),
            (
                "create user a identified with p as 0xAbC",
                "create user a identified with p as *",
            ),
            (
                "/*!40101 create user a identified by 'x' */",
                "/*!40101 create user a identified by * */",
            ),
            (
                "CHANGE MASTER TO MASTER_USER='u', MASTER_PASSWORD='x', MASTER_LOG_FILE='f'",
                "CHANGE MASTER TO MASTER_USER='u', MASTER_PASSWORD=*, MASTER_LOG_FILE='f'",
            ),
            (
                "START SLAVE USER='u' PASSWORD='x'",
                "START SLAVE USER='u' PASSWORD=*",
            ),
            (
                "CREATE SERVER s OPTIONS (USER 'u', PASSWORD 'x')",
                "CREATE SERVER s OPTIONS (USER 'u', PASSWORD *)",
            ),
            (
                "create table t (a int) CONNECTION='mysql://u:p@h/d/t'",
                "create table t (a int) CONNECTION=*",
            ),
            (
                "update t set `password` = 'x' , name = 'y'",
                "update t set `password` = * , name = 'y'",
            ),
            (
                "select password from t where name = 'bob'",
                "select password from t where name = 'bob'",
            ),
            (
                "PREPARE s FROM 'SET PASSWORD = \\'x\\''; select 'a'",
                "PREPARE s FROM *; select 'a'",
            ),
            ("select 'password', 'b'", "select 'password', 'b'"),
            (
                "EXECUTE IMMEDIATE 'create user a identified by ?' USING 'x'",
                "EXECUTE IMMEDIATE * USING *",
            ),
            (
                "create user a identified by 'never closed",
                "create user a identified by *",
            ),
            (
                "ALTER USER a PASSWORD EXPIRE COMMENT 'c'",
                "ALTER USER a PASSWORD EXPIRE COMMENT 'c'",
            ),
        ] {
            assert_eq!(shown(sql), expected);
        }
    }

    #[test]
    fn strings_inside_strings_are_no_deep_matter() {
        let sql = ["'", &"password=\\'".repeat(200_000)].concat();
        assert_eq!(Secrets::of(sql.as_bytes()).ranges.len(), 1);
    }

    #[test]
    fn parameters_may_be_passwords() {
        assert!(Secrets::of(b"ALTER USER a IDENTIFIED BY ?").parameters);
        assert!(Secrets::of(b"set password = ?").parameters);
        assert!(Secrets::of(b"EXECUTE IMMEDIATE 'SET PASSWORD = ?' USING ?").parameters);
        assert!(!Secrets::of(b"select ? from passwords").parameters);
    }
}
