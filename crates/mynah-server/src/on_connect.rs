//! What drivers ask and set when they connect.

use mynah_classic::StatusFlags;
use mynah_classic::error_code::ER_SP_DOES_NOT_EXIST;
use mynah_classic::response::SqlState;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Completion, Failure, Kill, Outcome, Reply, ResultSet, Rows, SessionState, Statement,
    StatementCommand,
};
use mynah_sql::{Piece, Pieces, Reading, TokenKind, Tokens};

use crate::assumed::{Assumed, items, unquoted};
use crate::{Cell, Column, Connection};

/// The answer to a statement that is about the connection alone; `None` for others.
pub(crate) fn answer_on_connect(
    statement: &Statement,
    connection: &Connection,
    has_transactions: bool,
    assumed: &mut Assumed,
) -> Option<Reply> {
    let is_query = statement.command == StatementCommand::Query && statement.x.is_none();
    if !is_query || is_another(&statement.text) || statement.text.len() > LONGEST {
        return None;
    }
    let text = str::from_utf8(&statement.text).ok()?;
    let reading = reading(&statement.state);
    // Of other statements only the first words are read.
    let mut tokens = Tokens::new(text.as_bytes(), reading);
    let verb = text.get(tokens.next()?.range)?;
    let rest = || {
        let plain = plain(text, reading)?;
        plain.trim_start().get(verb.len()..).map(str::to_owned)
    };
    match verb.to_ascii_uppercase().as_str() {
        "SET" => {
            let rest = rest()?;
            let is_asked = has_transactions && rest.to_ascii_lowercase().contains("autocommit");
            let is_asked = is_asked || !is_of_session(&rest, reading);
            assumed.set(&rest, reading, is_asked);
            (!is_asked).then(ok)
        }
        "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => {
            if has_transactions {
                return None;
            }
            transaction(&verb.to_ascii_uppercase(), &rest()?, reading, assumed)
        }
        "KILL" => kill(&rest()?),
        "SELECT" => {
            let first = text.get(tokens.next()?.range)?;
            if !is_known(first) {
                return None;
            }
            let asked = Asked {
                statement,
                connection,
                assumed,
                has_transactions,
            };
            asked.select(rest()?.trim())
        }
        _ => None,
    }
}

/// Whether the first bytes show that a statement isn't about the connection: most aren't, and they aren't read further.
fn is_another(text: &[u8]) -> bool {
    let text = without_blanks(text);
    let is_of_verb = |byte: &u8| byte.is_ascii_alphabetic();
    let len = text.iter().take_while(|byte| is_of_verb(byte)).count();
    let Some((verb, rest)) = text.split_at_checked(len) else {
        return false;
    };
    if verb.eq_ignore_ascii_case(b"SELECT") {
        let first = without_blanks(rest).first();
        // Variables, comments, and the first letters of the functions.
        return !first.is_some_and(|byte| b"@/-#dsuc".contains(&byte.to_ascii_lowercase()));
    }
    // A comment may be at the beginning.
    !verb.is_empty() && !VERBS.iter().any(|known| verb.eq_ignore_ascii_case(known))
}

/// What follows the blanks at the beginning, which for servers include the vertical tab.
fn without_blanks(text: &[u8]) -> &[u8] {
    let is_blank = |byte: &&u8| byte.is_ascii_whitespace() || **byte == b'\x0b';
    let blanks = text.iter().take_while(is_blank).count();
    text.get(blanks..).unwrap_or_default()
}

/// How a session's statements are parsed.
fn reading(state: &SessionState) -> Reading {
    Reading {
        ansi_quotes: state.has_ansi_quotes(),
        no_backslash_escapes: state.flags().contains(StatusFlags::NO_BACKSLASH_ESCAPES),
        ..Reading::default()
    }
}

/// The text with a blank in place of each comment, without semicolons at its end. `None` if it has several statements,
/// or may have.
fn plain(text: &str, reading: Reading) -> Option<String> {
    let mut pieces = Pieces::new(text.as_bytes(), reading);
    let (mut plain, mut copied, mut has_ended) = (String::new(), 0, false);
    for piece in &mut pieces {
        copied = match piece {
            Piece::Comment(range) => {
                plain.push(' ');
                range.end
            }
            Piece::Token(token) if token.kind == TokenKind::Sign(b';') => {
                has_ended = true;
                token.range.end
            }
            Piece::Token(_) if has_ended => return None,
            Piece::Token(token) => {
                plain.push_str(text.get(copied..token.range.end)?);
                token.range.end
            }
        };
    }
    (!pieces.is_torn()).then_some(plain)
}

/// Whether a SET is about the session alone: not about the server, an account or another statement.
fn is_of_session(assignments: &str, reading: Reading) -> bool {
    items(assignments, reading).iter().all(|item| {
        let (["@", "@", first, ".", ..] | [first, ..]) = item[..] else {
            return false;
        };
        !BEYOND_SESSION
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word))
    })
}

/// Begins or ends a transaction, or sets or uses a savepoint, where the backend has none of them.
fn transaction(verb: &str, rest: &str, reading: Reading, assumed: &mut Assumed) -> Option<Reply> {
    let tokens = Tokens::new(rest.as_bytes(), reading);
    let tokens: Vec<_> = tokens.filter_map(|token| rest.get(token.range)).collect();
    let words: Vec<_> = tokens
        .iter()
        .map(|token| token.to_ascii_uppercase())
        .collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let [.., name] = tokens[..] else {
        return match verb {
            "BEGIN" => {
                assumed.begin_transaction();
                Some(ok())
            }
            "COMMIT" | "ROLLBACK" => {
                assumed.end_transaction();
                Some(ok())
            }
            _ => None,
        };
    };
    let is_release = verb == "RELEASE";
    match (verb, &words[..]) {
        ("BEGIN", ["WORK"]) | ("START", ["TRANSACTION", ..]) => assumed.begin_transaction(),
        ("SAVEPOINT", [_]) => assumed.add_savepoint(name)?,
        ("ROLLBACK", ["TO", _] | ["TO", "SAVEPOINT", _])
        | ("ROLLBACK", ["WORK", "TO", _] | ["WORK", "TO", "SAVEPOINT", _])
        | ("RELEASE", ["SAVEPOINT", _]) => {
            if !assumed.use_savepoint(name, is_release) {
                return Some(Outcome::Error(no_savepoint(name)).into());
            }
        }
        ("COMMIT" | "ROLLBACK", ["WORK"] | ["RELEASE"] | ["NO", "RELEASE"])
        | ("COMMIT" | "ROLLBACK", ["WORK", "RELEASE"] | ["WORK", "NO", "RELEASE"])
        | (
            "COMMIT" | "ROLLBACK",
            ["AND", "NO", "CHAIN", ..] | ["WORK", "AND", "NO", "CHAIN", ..],
        ) => {
            assumed.end_transaction();
        }
        ("COMMIT" | "ROLLBACK", ["AND", "CHAIN", ..] | ["WORK", "AND", "CHAIN", ..]) => {
            assumed.begin_transaction();
        }
        _ => return None,
    }
    Some(ok())
}

/// Error 1305.
fn no_savepoint(name: &str) -> Failure {
    Failure {
        code: ER_SP_DOES_NOT_EXIST,
        sql_state: SqlState(*b"42000"),
        message: format!("SAVEPOINT {} does not exist", unquoted(name)).into(),
    }
}

/// Whether the value of an expression that begins with this token may be known.
fn is_known(first: &str) -> bool {
    let functions = [
        "database",
        "schema",
        "user",
        "current_user",
        "session_user",
        "connection_id",
    ];
    first == "@"
        || functions
            .iter()
            .any(|name| first.eq_ignore_ascii_case(name))
}

struct Asked<'a> {
    statement: &'a Statement,
    connection: &'a Connection,
    assumed: &'a Assumed,
    has_transactions: bool,
}

impl Asked<'_> {
    /// A list of variables and functions about the session. One that isn't known makes it another statement.
    fn select(&self, list: &str) -> Option<Reply> {
        let list = match list
            .len()
            .checked_sub(LIMIT.len())
            .map(|at| list.split_at_checked(at))
        {
            Some(Some((list, end))) if end.eq_ignore_ascii_case(LIMIT) => list,
            _ => list,
        };
        let (mut columns, mut cells) = (Vec::new(), Vec::new());
        for item in list.split(',') {
            let (expression, name) = alias(item.trim());
            let value = self.value(expression)?;
            let column = match value.as_deref().map(str::parse::<i64>) {
                Some(Ok(_)) => Column::integer(name),
                Some(Err(_)) | None => Column::text(name),
            };
            columns.push(ColumnDefinition41::from(column));
            cells.push(value.map_or(Cell::NULL, Cell::from));
        }
        let row = cells.iter().map(Cell::bytes);
        Some(
            Outcome::Rows(ResultSet {
                columns: columns.into(),
                rows: Rows::from_iter([row]),
                end: Completion::default(),
                is_out_parameters: false,
            })
            .into(),
        )
    }

    /// The value, of which `None` is NULL; `None` if it isn't known.
    fn value(&self, expression: &str) -> Option<Option<String>> {
        let lower = expression.to_ascii_lowercase();
        let Some(variable) = lower.strip_prefix("@@") else {
            return Some(Some(match lower.as_str() {
                "database()" | "schema()" => {
                    let schema = self.statement.state.schema.as_deref();
                    String::from_utf8_lossy(schema.unwrap_or_default()).into_owned()
                }
                "user()" | "current_user()" | "session_user()" => {
                    let login = self.connection.login()?;
                    let username = String::from_utf8_lossy(&login.username);
                    format!("{username}@{}", login.host())
                }
                "connection_id()" => self.connection.id().to_string(),
                _ => return None,
            }));
        };
        let global = variable.strip_prefix("global.");
        let session = ["session.", "local."]
            .iter()
            .find_map(|scope| variable.strip_prefix(scope));
        let name = global.or(session).unwrap_or(variable);
        // What the backend says of a transaction holds.
        if name == "autocommit" && global.is_none() && self.has_transactions {
            let is_on = self.statement.state.is_autocommit();
            return Some(Some(u8::from(is_on).to_string()));
        }
        let value = self.assumed.variable(name, global.is_some())?;
        Some(value.map(str::to_owned))
    }
}

/// The expression of an item, and the name of its column.
fn alias(item: &str) -> (&str, &str) {
    let words: Vec<_> = item.split_ascii_whitespace().collect();
    match words[..] {
        [expression, word, name] if word.eq_ignore_ascii_case("as") => {
            (expression, name.trim_matches(['`', '\'', '"']))
        }
        _ => (item, item),
    }
}

/// Ends a connection, or its statement, by its id; another KILL is another statement.
fn kill(rest: &str) -> Option<Reply> {
    let words: Vec<_> = rest.split_ascii_whitespace().collect();
    let (only_statement, id) = match words[..] {
        [id] => (false, id),
        [word, id] if word.eq_ignore_ascii_case("connection") => (false, id),
        [word, id] if word.eq_ignore_ascii_case("query") => (true, id),
        _ => return None,
    };
    let kill = Kill {
        connection_id: id.parse().ok()?,
        only_statement,
    };
    Some(Outcome::Kill(kill).into())
}

fn ok() -> Reply {
    Outcome::Ok(Completion::default()).into()
}

/// The first words of items of a SET that are about more than the session.
const BEYOND_SESSION: [&str; 7] = [
    "global",
    "persist",
    "persist_only",
    "password",
    "default",
    "resource",
    "statement",
];

/// The first words, but for SELECT, of statements that may be about the connection.
const VERBS: [&[u8]; 8] = [
    b"SET",
    b"BEGIN",
    b"START",
    b"COMMIT",
    b"ROLLBACK",
    b"SAVEPOINT",
    b"RELEASE",
    b"KILL",
];

const LIMIT: &str = " limit 1";

/// How many bytes a driver's statement may have; the longest that is known has 1.4 KB.
const LONGEST: usize = 16 * 1024;
