//! What a SHOW shows, and the filter behind it.

use std::borrow::Cow;

use mynah_session::Failure;

use super::expression::{Expression, Operator, Parser, Stop};
use super::facts::Facts;
use super::recorded::Table;
use super::relation::filtered;
use super::shape::Shape;
use super::tokens::{Slice, TokenKind};
use super::value::Value;
use super::{failures, system};

/// A table with what is behind its name.
pub(super) enum Shown<'a> {
    /// All of a table that passes a filter: LIKE, WHERE or nothing.
    Filtered(Cow<'static, Table>, Slice<'a>),
    /// All of it.
    Whole(Cow<'static, Table>),
    Failed(Failure),
}

impl Shown<'_> {
    /// The rows that pass.
    pub(super) fn outcome(self, facts: &Facts) -> Result<Cow<'static, Table>, Stop> {
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

/// Whether a statement starts with these words.
pub(super) fn starts(what: Slice<'_>, words: &[&str]) -> bool {
    let mut words = words.iter().enumerate();
    words.all(|(index, word)| what.is(index, word))
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
