//! Calls of functions, whatever the statement.

mod follow;

use crate::TokenKind;
use crate::effects::functions::{self, Form};
use crate::effects::{Effect, functions::is_built_in};
use crate::lexeme::Lexeme;

/// Where the text is with calls.
#[derive(Debug, Default)]
pub(in crate::effects) struct Calls {
    /// Whether the first argument of LAST_INSERT_ID comes, or the end of its parentheses.
    awaits_argument: bool,
    /// Whether a WITH was seen, whose names may have a list of columns.
    has_with: bool,
    /// How deep the parentheses of names are that are calls or the columns of names of a WITH.
    open: Vec<usize>,
    closed: Closed,
}

/// Behind such parentheses, up to `AS (`, which makes them columns.
#[derive(Debug, Default, PartialEq, Eq)]
enum Closed {
    #[default]
    No,
    Parentheses,
    As,
}

/// Tables with variables and counters of sessions.
const OF_SESSIONS: &[&str] = &[
    "session_variables",
    "session_status",
    "system_variables",
    "user_variables",
    "variables_by_thread",
    "user_variables_by_thread",
    "status_by_thread",
];

/// How long the shortest name is of what is asked for without a call.
const SHORTEST: usize = "nextval".len();

/// How many names are looked at that may be calls or not.
const MOST_OPEN: usize = 100;
