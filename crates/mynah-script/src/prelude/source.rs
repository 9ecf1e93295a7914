//! The FROM clause: tables of the system, other SELECTs, and joins of them.

use std::borrow::Cow;

use super::expression::{Expression, Parser};
use super::facts::Facts;
use super::recorded::Table;
use super::relation::filtered;
use super::select::{Asked, table_of};
use super::system;
use super::tokens::{Slice, TokenKind};

/// The rows that are selected from. For tools, what isn't understood of the system's tables is empty.
pub(super) fn source(from: Slice<'_>, facts: &Facts, asked: Asked) -> Option<Cow<'static, Table>> {
    if from.len() == 1 && from.is(0, "dual") {
        return Some(Cow::Owned(Table::of_one_row()));
    }
    let understood = Joins {
        rest: from,
        facts,
        asked,
    }
    .read();
    match understood {
        None if asked.for_tools => empty(from, facts).map(Cow::Owned),
        understood => understood,
    }
}

/// Reads tables that are joined, from the left to the right.
struct Joins<'a> {
    rest: Slice<'a>,
    facts: &'a Facts,
    asked: Asked,
}

impl<'a> Joins<'a> {
    fn read(&mut self) -> Option<Cow<'static, Table>> {
        let mut left = self.factor()?;
        while !self.rest.is_empty() {
            let is_left = self.join()?;
            let right = self.factor()?;
            let joined = cross(&left, &right, self.facts)?;
            let condition = self.condition()?;
            let mut rows = match condition {
                None => joined.rows.clone(),
                Some(_) if joined.rows.is_empty() => Vec::new(),
                Some(condition) => kept(&joined, &Parser::whole(condition)?, self.facts)?,
            };
            // A simplification: rows of the left side without a partner are kept only if no row has a partner.
            if is_left && rows.is_empty() {
                let nothing = vec![None; right.columns.len()];
                rows = left
                    .rows
                    .iter()
                    .map(|row| [row.clone(), nothing.clone()].concat())
                    .collect();
            }
            left = Cow::Owned(Table {
                columns: joined.columns,
                rows,
            });
        }
        Some(left)
    }

    /// A table or a SELECT in parentheses, with its other name.
    fn factor(&mut self) -> Option<Cow<'static, Table>> {
        let table = match self.rest.parenthesized() {
            Some((inner, rest)) => {
                self.rest = rest;
                match inner.after("select") {
                    Some(select) => Cow::Owned(self.nested(select)?),
                    None => source(inner, self.facts, self.asked.deeper()?)?,
                }
            }
            None => {
                let mut parser = Parser::new(self.rest);
                let Some(Expression::Name(name)) = parser.name() else {
                    return None;
                };
                self.rest = parser.rest();
                match system::table(&name, self.facts) {
                    Some(table) => table,
                    // A table of the system that other versions have.
                    None if self.asked.for_tools => {
                        system::qualified(&name, self.facts)?;
                        Cow::Owned(Table::default())
                    }
                    None => return None,
                }
            }
        };
        self.alias();
        Some(table)
    }

    fn nested(&self, select: Slice<'_>) -> Option<Table> {
        table_of(select, self.facts, self.asked.deeper()?).ok()
    }

    fn alias(&mut self) {
        let (has_as, rest) = match self.rest.after("as") {
            Some(rest) => (true, rest),
            None => (false, self.rest),
        };
        let is_name = match rest.get(0) {
            Some((TokenKind::Name, _)) => true,
            // Without AS, a word behind a table is an alias unless it continues the FROM clause.
            Some((TokenKind::Word, word)) => {
                has_as
                    || !JOIN_WORDS
                        .iter()
                        .any(|known| word.eq_ignore_ascii_case(known))
            }
            _ => false,
        };
        if is_name {
            self.rest = rest.from(1).unwrap_or(rest);
        }
    }

    /// The words of a join; whether it keeps the rows of the left side that have none on the right.
    fn join(&mut self) -> Option<bool> {
        if let Some(rest) = self.rest.after(",") {
            self.rest = rest;
            return Some(false);
        }
        let is_left = self.rest.is(0, "left");
        let rest = self
            .rest
            .after_any(&["left", "inner", "cross"])
            .after_any(&["outer"]);
        self.rest = rest.after("join")?;
        Some(is_left)
    }

    /// What stands behind ON, up to the next table; nothing inside if there is none.
    fn condition(&mut self) -> Option<Option<Slice<'a>>> {
        let Some(condition) = self.rest.after("on") else {
            return (!self.rest.is(0, "using")).then_some(None);
        };
        let ends = [",", "left", "inner", "cross", "join"];
        // The condition ends where the next join begins, with whichever of these comes first.
        let end = ends.iter().filter_map(|end| condition.position(end)).min();
        let end = end.unwrap_or(condition.len());
        self.rest = condition.from(end)?;
        Some(Some(condition.to(end)))
    }
}

/// Each row of one table with each of the other.
fn cross(left: &Table, right: &Table, facts: &Facts) -> Option<Table> {
    let count = left.rows.len().checked_mul(right.rows.len())?;
    let width = left.columns.len() + right.columns.len();
    if count > MOST_ROWS || width > MOST_COLUMNS {
        return None;
    }
    facts.spend(count.saturating_mul(width)).ok()?;
    let rows = left.rows.iter().flat_map(|left| {
        let joined = |right: &Vec<_>| [left.as_slice(), right.as_slice()].concat();
        right.rows.iter().map(joined)
    });
    Some(Table {
        columns: [left.columns.as_slice(), right.columns.as_slice()].concat(),
        rows: rows.collect(),
    })
}

fn kept(table: &Table, condition: &Expression, facts: &Facts) -> Option<Vec<Vec<Option<String>>>> {
    let kept = filtered(table, condition, facts).ok()?;
    let rows = kept.into_iter();
    Some(
        rows.filter_map(|row| table.rows.get(row).cloned())
            .collect(),
    )
}

/// The columns of all tables of the system that are named, without a row; nothing if none is.
fn empty(from: Slice<'_>, facts: &Facts) -> Option<Table> {
    let mut table = Table::default();
    let mut is_of_the_system = false;
    for index in 0..from.len() {
        let named = from.from(index).map(|rest| Parser::new(rest).name());
        let Some(Some(Expression::Name(name))) = named else {
            continue;
        };
        is_of_the_system |= name
            .split_once('.')
            .is_some_and(|(schema, _)| system::is_system(schema));
        if let Some(known) =
            system::table(&name, facts).filter(|_| table.columns.len() < MOST_COLUMNS)
        {
            is_of_the_system = true;
            table.columns.extend(known.columns.iter().cloned());
        }
    }
    is_of_the_system.then_some(table)
}

/// Words behind a table that aren't another name for it.
const JOIN_WORDS: [&str; 9] = [
    "left",
    "right",
    "inner",
    "cross",
    "join",
    "on",
    "using",
    "natural",
    "straight_join",
];
/// How many rows, and columns, tables that are joined may have.
const MOST_ROWS: usize = 4_096;
const MOST_COLUMNS: usize = 512;
