//! `SHOW …`

use std::borrow::Cow;

use mynah_session::{Failure, Outcome, WarningLevel};

use super::expression::{Expression, Operator, Parser, Stop};
use super::facts::Facts;
use super::limit::Limit;
use super::recorded::Table;
use super::relation::filtered;
use super::result::result;
use super::shape::Shape;
use super::tokens::{Slice, TokenKind};
use super::value::Value;
use super::{failures, listing, system};

/// What a SHOW shows, if it is one of these.
pub(super) fn show(what: Slice<'_>, facts: &Facts, for_tools: bool) -> Option<Outcome> {
    let shown = general(what, facts);
    let shown = shown.or_else(|| for_tools.then(|| listing::show(what, facts)).flatten());
    Some(match shown?.outcome(facts) {
        Ok(table) => Outcome::Rows(result(&table, facts)),
        Err(Stop::Failed(failure)) => Outcome::Error(failure),
        Err(Stop::Unknown) => return None,
    })
}

/// A table with what is behind its name.
pub(super) enum Shown<'a> {
    /// All of a table that passes a filter: LIKE, WHERE or nothing.
    Filtered(Cow<'static, Table>, Slice<'a>),
    /// All of it.
    Whole(Cow<'static, Table>),
    Failed(Failure),
}

/// What is shown to all clients, also without `--prelude tools`.
fn general<'a>(what: Slice<'a>, facts: &Facts) -> Option<Shown<'a>> {
    let known = |name: &str| facts.catalog().table(name);
    let rows = |name: &str, rows| Some(system::with_rows(known(name)?, rows));
    let is_global = what.is(0, "global");
    let scoped = what.after_any(&["global", "session", "local"]);
    if let Some(filter) = scoped.after("variables") {
        let rows = rows("show variables", system::variables(facts, is_global));
        return Some(Shown::Filtered(rows?, filter));
    }
    if let Some(filter) = scoped.after("status") {
        let rows = rows("show status", system::status(facts));
        return Some(Shown::Filtered(rows?, filter));
    }
    for (kind, only_errors) in [("warnings", false), ("errors", true)] {
        if let Some(limit) = what.after(kind) {
            let rows = rows("show warnings", conditions(facts, only_errors));
            let limit = match limit.after("limit") {
                Some(limit) => Some(Limit::read(limit)?),
                None if limit.is_empty() => None,
                None => return None,
            };
            let mut table = rows?.into_owned();
            if let Some(limit) = limit {
                table.rows = limit.of(table.rows);
            }
            return Some(Shown::Whole(Cow::Owned(table)));
        }
        if what.canonical() == format!("count ( * ) {kind}") {
            let count = conditions(facts, only_errors).len().to_string();
            let name = format!("show count(*) {kind}");
            return Some(Shown::Whole(rows(&name, vec![vec![Some(count)]])?));
        }
    }
    let names: [(&[&str], &str); 7] = [
        (&["collation"], "show collation"),
        (&["character", "set"], "show character set"),
        (&["charset"], "show character set"),
        (&["char", "set"], "show character set"),
        (&["engines"], "show engines"),
        (&["storage", "engines"], "show engines"),
        (&["plugins"], "show plugins"),
    ];
    let (words, name) = names.iter().find(|(words, _)| starts(what, words))?;
    Some(Shown::Filtered(
        Cow::Borrowed(known(name)?),
        what.from(words.len())?,
    ))
}

/// Whether servers send a statement's columns only when it is executed, and none when it is prepared.
pub(super) fn is_described_late(statement: Slice<'_>, facts: &Facts) -> bool {
    let Some(what) = statement.after("show") else {
        return false;
    };
    let what = what.after_any(&["full", "storage"]);
    let is = |words: &[&str]| words.iter().any(|word| what.is(0, word));
    is(&LATE) || (!facts.is_mariadb() && is(&LATE_IN_MYSQL))
}

const LATE: [&str; 6] = [
    "engines",
    "plugins",
    "processlist",
    "profiles",
    "warnings",
    "errors",
];
const LATE_IN_MYSQL: [&str; 3] = ["grants", "create", "count"];

/// Whether a statement starts with these words.
pub(super) fn starts(what: Slice<'_>, words: &[&str]) -> bool {
    let mut words = words.iter().enumerate();
    words.all(|(index, word)| what.is(index, word))
}

/// The warnings and the error that the last statement left.
fn conditions(facts: &Facts, only_errors: bool) -> Vec<Vec<Option<String>>> {
    let row = |level: &str, code: u16, message: &[u8]| {
        let message = String::from_utf8_lossy(message).into_owned();
        vec![
            Some(level.to_owned()),
            Some(code.to_string()),
            Some(message),
        ]
    };
    let mut rows = Vec::new();
    for warning in &facts.last.warnings {
        let level = match warning.level {
            WarningLevel::Note => "Note",
            WarningLevel::Warning => "Warning",
            WarningLevel::Error => "Error",
        };
        if !only_errors || warning.level == WarningLevel::Error {
            rows.push(row(level, warning.code, &warning.message));
        }
    }
    let failure = facts.last.failure.iter();
    rows.extend(failure.map(|failure| row("Error", failure.code, &failure.message)));
    rows
}

impl Shown<'_> {
    /// The rows that pass.
    fn outcome(self, facts: &Facts) -> Result<Cow<'static, Table>, Stop> {
        let (table, filter) = match self {
            Self::Filtered(table, filter) => (table, filter),
            Self::Whole(table) => return Ok(table),
            Self::Failed(failure) => return Err(Stop::Failed(failure)),
        };
        let Some(condition) = condition(filter, &table)? else {
            return Ok(table);
        };
        if let Some(name) = unknown_column(&condition, &table) {
            return Err(Stop::Failed(failures::unknown_column(
                name,
                facts.is_mariadb(),
            )));
        }
        let kept = filtered(&table, &condition, facts)?;
        let rows = kept
            .into_iter()
            .filter_map(|row| table.rows.get(row).cloned());
        let rows = rows.collect();
        Ok(system::with_rows(&table, rows))
    }
}

/// The condition that a filter is: of LIKE, that the first column is.
fn condition(filter: Slice<'_>, table: &Table) -> Result<Option<Expression>, Stop> {
    if filter.is_empty() {
        return Ok(None);
    }
    if let Some(condition) = filter.after("where") {
        return Parser::whole(condition).map(Some).ok_or(Stop::Unknown);
    }
    let pattern = match filter.get(1) {
        Some((TokenKind::Text, _)) if filter.is(0, "like") && filter.len() == 2 => filter.plain(1),
        _ => None,
    };
    let (pattern, column) = pattern.zip(table.columns.first()).ok_or(Stop::Unknown)?;
    let pattern = Expression::Literal(Value::Text(pattern), Shape::text(0));
    let column = Expression::Name(column.name.clone());
    Ok(Some(Expression::Like(
        Box::new(column),
        Box::new(pattern),
        '\\',
    )))
}

/// A name in a condition that the table doesn't have.
fn unknown_column<'a>(condition: &'a Expression, table: &Table) -> Option<&'a str> {
    let unknown = |expression| unknown_column(expression, table);
    match condition {
        Expression::Name(name) => {
            let mut columns = table.columns.iter();
            (!columns.any(|column| column.name.eq_ignore_ascii_case(name))).then_some(name)
        }
        Expression::Binary(Operator::And | Operator::Or | Operator::Equal, left, right) => {
            unknown(left).or_else(|| unknown(right))
        }
        Expression::Like(operand, ..) | Expression::In(operand, _) | Expression::Not(operand) => {
            unknown(operand)
        }
        _ => None,
    }
}
