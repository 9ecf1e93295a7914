//! What drivers ask and set when they connect.

use mynah_classic::StatusFlags;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Completion, Kill, Outcome, Reply, ResultSet, Rows, SessionState, Statement, StatementCommand,
};
use mynah_sql::{Piece, Pieces, Reading, TokenKind, Tokens};

use crate::{Cell, Column, Connection};

/// The answer to a statement that is about the connection alone; `None` for others.
pub(crate) fn answer_on_connect(
    statement: &Statement,
    connection: &Connection,
    has_transactions: bool,
) -> Option<Reply> {
    let is_query = statement.command == StatementCommand::Query && statement.x.is_none();
    if !is_query || statement.text.len() > LONGEST {
        return None;
    }
    let text = str::from_utf8(&statement.text).ok()?;
    let reading = reading(&statement.state);
    // Of other statements only the first word is read.
    let first = Tokens::new(text.as_bytes(), reading).next()?;
    let verb = text.get(first.range)?;
    let rest = || {
        let plain = plain(text, reading)?;
        plain.trim_start().get(verb.len()..).map(str::to_owned)
    };
    match verb.to_ascii_uppercase().as_str() {
        "SET" => {
            let rest = rest()?;
            let is_asked = has_transactions && rest.to_ascii_lowercase().contains("autocommit");
            (!is_asked && is_of_session(&rest, reading)).then(ok)
        }
        "BEGIN" | "START" | "COMMIT" | "ROLLBACK" if has_transactions => None,
        "BEGIN" | "COMMIT" | "ROLLBACK" => rest().map(|_| ok()),
        "START" => {
            let rest = rest()?.trim_start().to_ascii_uppercase();
            rest.starts_with("TRANSACTION").then(ok)
        }
        "KILL" => kill(&rest()?),
        "SELECT" => {
            let asked = Asked {
                statement,
                connection,
            };
            asked.select(rest()?.trim())
        }
        _ => None,
    }
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
    let tokens: Vec<_> = Tokens::new(assignments.as_bytes(), reading)
        .filter_map(|token| assignments.get(token.range))
        .collect();
    let mut depth = 0_usize;
    let mut items = tokens.split(|token| {
        match *token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == ","
    });
    items.all(|item| {
        let (["@", "@", first, ".", ..] | [first, ..]) = item else {
            return false;
        };
        !BEYOND_SESSION
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word))
    })
}

struct Asked<'a> {
    statement: &'a Statement,
    connection: &'a Connection,
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
            let column = match value.parse::<i64>() {
                Ok(_) => Column::integer(name),
                Err(_) => Column::text(name),
            };
            columns.push(ColumnDefinition41::from(column));
            cells.push(Cell::from(value));
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

    fn value(&self, expression: &str) -> Option<String> {
        let lower = expression.to_ascii_lowercase();
        let Some(variable) = lower.strip_prefix("@@") else {
            return Some(match lower.as_str() {
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
            });
        };
        let variable = ["session.", "global.", "local."]
            .iter()
            .find_map(|scope| variable.strip_prefix(scope))
            .unwrap_or(variable);
        let known = VARIABLES.iter().find(|(name, _)| *name == variable);
        known.map(|(_, value)| (*value).to_owned())
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

const LIMIT: &str = " limit 1";

/// Variables that drivers ask for, as MySQL 9.7 has them by default.
const VARIABLES: &[(&str, &str)] = &[
    ("auto_increment_increment", "1"),
    ("autocommit", "1"),
    ("character_set_client", "utf8mb4"),
    ("character_set_connection", "utf8mb4"),
    ("character_set_results", "utf8mb4"),
    ("character_set_server", "utf8mb4"),
    ("collation_connection", "utf8mb4_0900_ai_ci"),
    ("collation_server", "utf8mb4_0900_ai_ci"),
    ("init_connect", ""),
    ("interactive_timeout", "28800"),
    ("license", "GPL"),
    ("lower_case_table_names", "0"),
    ("max_allowed_packet", "67108864"),
    ("net_write_timeout", "60"),
    ("performance_schema", "0"),
    ("socket", ""),
    ("sql_mode", "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"),
    ("system_time_zone", "UTC"),
    ("time_zone", "SYSTEM"),
    ("transaction_isolation", "REPEATABLE-READ"),
    ("tx_isolation", "REPEATABLE-READ"),
    ("tx_read_only", "0"),
    ("transaction_read_only", "0"),
    ("version_comment", "mynah-server"),
    ("wait_timeout", "28800"),
];

/// How many bytes a driver's statement may have; the longest that is known has 1.4 KB.
const LONGEST: usize = 16 * 1024;
