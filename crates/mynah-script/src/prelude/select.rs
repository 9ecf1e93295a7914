//! `SELECT …`, from no table or from one of the system's.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use mynah_session::{Failure, Outcome};

use super::expression::{Expression, Parser, Stop, evaluate, merged};
use super::facts::Facts;
use super::item::{self, Item};
use super::limit::Limit;
use super::recorded::{Column, Table};
use super::relation::{Group, filtered};
use super::result::result;
use super::tokens::Slice;
use super::value::Value;
use super::{failures, source};

/// Whether something is selected for tools, and how deep inside other SELECTs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) for_tools: bool,
    depth: u32,
}

impl Asked {
    pub(super) fn new(for_tools: bool) -> Self {
        Self {
            for_tools,
            depth: 0,
        }
    }

    /// Inside another SELECT, if that isn't too deep.
    pub(super) fn deeper(self) -> Option<Self> {
        (self.depth < DEEPEST).then_some(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

/// What is selected, if all of it is known.
pub(super) fn select(statement: Slice<'_>, facts: &Facts, for_tools: bool) -> Option<Outcome> {
    // MySQL's clients send `SELECT $$` to learn whether `$$` is a quote.
    if statement.len() == 1 && statement.is(0, "$$") {
        return Some(Outcome::Error(dollars(facts)));
    }
    match table_of(statement, facts, Asked::new(for_tools)) {
        Ok(table) => Some(Outcome::Rows(result(&table, facts))),
        Err(Stop::Failed(failure)) => Some(Outcome::Error(failure)),
        Err(Stop::Unknown) => None,
    }
}

/// What MySQL's clients ask to learn whether `$$` is a quote.
fn dollars(facts: &Facts) -> Failure {
    match facts.is_mariadb() {
        true => failures::unknown_column_in("$$", "SELECT"),
        false => failures::syntax("$$", false),
    }
}

/// The rows of all parts of a UNION, with the columns of the first.
pub(super) fn table_of(statement: Slice<'_>, facts: &Facts, asked: Asked) -> Result<Table, Stop> {
    let mut whole: Option<Table> = None;
    let mut rest = statement;
    // Each round reads one SELECT of a UNION. Its columns take the shape that fits all of them, its names are
    // those of the first.
    loop {
        let end = rest.position("union");
        let part = Select::read(end.map_or(rest, |end| rest.to(end)));
        let part = part.ok_or(Stop::Unknown)?.run(facts, asked)?;
        let whole = match &mut whole {
            None => whole.insert(part),
            Some(whole) if whole.columns.len() == part.columns.len() => {
                whole.rows.extend(part.rows);
                for (column, other) in whole.columns.iter_mut().zip(part.columns) {
                    column.shape = merged(&[column.shape, other.shape]);
                }
                whole
            }
            Some(_) => return Err(Stop::Unknown),
        };
        let behind = end.and_then(|end| rest.from(end + 1));
        let Some(behind) = behind else {
            return Ok(std::mem::take(whole));
        };
        let behind = behind.after_any(&["all", "distinct"]);
        rest = behind.after("select").ok_or(Stop::Unknown)?;
    }
}

/// A SELECT, taken apart.
struct Select<'a> {
    list: Slice<'a>,
    from: Option<Slice<'a>>,
    condition: Option<Slice<'a>>,
    group: Option<Slice<'a>>,
    order: Option<Slice<'a>>,
    limit: Option<Limit>,
    is_distinct: bool,
}

impl<'a> Select<'a> {
    /// Of what stands behind the word SELECT.
    fn read(mut rest: Slice<'a>) -> Option<Self> {
        let mut is_distinct = false;
        while let Some(word) = HINTS.iter().find(|word| rest.is(0, word)) {
            is_distinct |= word.starts_with("distinct");
            rest = rest.from(1)?;
        }
        // These could change what is selected in ways that aren't understood here.
        if ["into", "having", "procedure", "window"]
            .iter()
            .any(|word| rest.position(word).is_some())
        {
            return None;
        }
        if let Some(at) = rest.position("for") {
            rest = rest.to(at); // FOR UPDATE
        }
        let mut clause = |word: &str| {
            let at = rest.position(word)?;
            let clause = rest.from(at + 1);
            rest = rest.to(at);
            clause
        };
        // From the last clause to the first: each cuts the end off the rest.
        let (limit, order, group) = (clause("limit"), clause("order"), clause("group"));
        let (condition, from) = (clause("where"), clause("from"));
        let behind_by = |clause: Option<Slice<'a>>| match clause {
            Some(clause) => clause.after("by").map(Some),
            None => Some(None),
        };
        Some(Self {
            list: rest,
            from,
            condition,
            group: behind_by(group)?,
            order: behind_by(order)?,
            limit: match limit {
                Some(limit) => Some(Limit::read(limit)?),
                None => None,
            },
            is_distinct,
        })
    }

    fn run(&self, facts: &Facts, asked: Asked) -> Result<Table, Stop> {
        let for_tools = asked.for_tools;
        let items = self.list.items();
        if items.iter().any(|item| item.is_empty()) {
            return Err(Stop::Unknown);
        }
        let items: Vec<_> = items.into_iter().map(|item| Item::read(item)).collect();
        let is_aggregate = items.iter().any(|item| item.is_aggregate);
        let source = match self.from {
            None => Cow::Owned(Table::of_one_row()),
            Some(from) => source::source(from, facts, asked).ok_or(Stop::Unknown)?,
        };
        // A table that is only counted, in a mock that has none.
        let only_counts = is_aggregate && source.rows.is_empty();
        let is_known = self.from.is_none() || !source.rows.is_empty() || only_counts;
        // A table without rows may be one of the script's that the prelude doesn't know, so its SELECT is left
        // unanswered.
        if !is_known && !for_tools {
            return Err(Stop::Unknown);
        }
        let rows = self.kept(&source, facts, for_tools)?;
        let groups = self.groups(&source, rows, is_aggregate, facts)?;
        let lenient = for_tools && self.from.is_some();
        let mut table = Table {
            columns: item::head(&items, &source, facts, lenient)?,
            rows: Vec::new(),
        };
        let mut keyed = Vec::new();
        for group in &groups {
            let group = Group::new(&source, group, facts);
            // A SELECT with many rows and columns must not keep the other sessions of the thread waiting.
            facts.spend(table.columns.len())?;
            let row = item::cells(&items, &source, &group, facts, lenient)?;
            let key = self.order_key(&group, &table.columns, &row, facts);
            keyed.push((key, row));
        }
        keyed.sort_by(|(one, _), (other, _)| compare_keys(one, other));
        table.rows = keyed.into_iter().map(|(_, row)| row).collect();
        // In the order of SQL: rows are ordered before DISTINCT and LIMIT.
        if self.is_distinct {
            let mut seen = BTreeSet::new();
            table.rows.retain(|row| seen.insert(row.clone()));
        }
        if let Some(limit) = &self.limit {
            table.rows = limit.of(table.rows);
        }
        Ok(table)
    }

    fn kept(&self, source: &Table, facts: &Facts, for_tools: bool) -> Result<Vec<usize>, Stop> {
        let all = || (0..source.rows.len()).collect();
        let Some(condition) = self.condition else {
            return Ok(all());
        };
        if source.rows.is_empty() {
            return Ok(Vec::new());
        }
        let kept = Parser::whole(condition)
            .ok_or(Stop::Unknown)
            .and_then(|condition| filtered(source, &condition, facts));
        match kept {
            // Tools send conditions that aren't understood here, over tables of which there are no rows
            // anyway.
            Err(Stop::Unknown) if for_tools && self.from.is_some() => Ok(Vec::new()),
            kept => kept,
        }
    }

    /// The rows that each row of the result is made of.
    fn groups(
        &self,
        source: &Table,
        rows: Vec<usize>,
        is_aggregate: bool,
        facts: &Facts,
    ) -> Result<Vec<Vec<usize>>, Stop> {
        let Some(by) = self.group else {
            return Ok(match is_aggregate {
                true => vec![rows],
                false => rows.into_iter().map(|row| vec![row]).collect(),
            });
        };
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let by = by.items().into_iter().map(Parser::whole);
        let by: Vec<_> = by.collect::<Option<_>>().ok_or(Stop::Unknown)?;
        // A number is the place of a column.
        if by.iter().any(|by| matches!(by, Expression::Literal(..))) {
            return Err(Stop::Unknown);
        }
        let mut places = BTreeMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for row in rows {
            let group = Group::new(source, std::slice::from_ref(&row), facts);
            let key = by
                .iter()
                .map(|by| Ok(evaluate(by, facts, &group)?.value.to_cell()));
            let key: Vec<_> = key.collect::<Result<_, Stop>>()?;
            let place = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(row),
                None => groups.push(vec![row]),
            }
        }
        Ok(groups)
    }

    /// What the rows are ordered by, each with whether it goes down. What isn't known orders nothing.
    fn order_key(
        &self,
        group: &Group<'_>,
        columns: &[Column],
        row: &[Option<String>],
        facts: &Facts,
    ) -> Vec<(Value, bool)> {
        let order = self.order.into_iter().flat_map(Slice::items);
        order
            .filter_map(|item| {
                let mut parser = Parser::new(item);
                let expression = parser.expression()?;
                let is_down = parser.eat("desc");
                // A name in ORDER BY is first that of a column of the result, a number its place.
                let selected = match &expression {
                    Expression::Name(name) => {
                        let named = |column: &Column| column.name.eq_ignore_ascii_case(name);
                        columns.iter().position(named)
                    }
                    Expression::Literal(Value::Integer(place), _) => {
                        usize::try_from(place.checked_sub(1)?).ok()
                    }
                    _ => None,
                };
                let value = match selected.and_then(|index| row.get(index)) {
                    Some(cell) => cell.clone().map_or(Value::Null, Value::Text),
                    None => evaluate(&expression, facts, group).ok()?.value,
                };
                Some((value, is_down))
            })
            .collect()
    }
}

fn compare_keys(one: &[(Value, bool)], other: &[(Value, bool)]) -> Ordering {
    let pairs = one.iter().zip(other);
    let orderings = pairs.map(|((one, is_down), (other, _))| {
        // NULL comes first.
        let ordering = one
            .compare(other)
            .unwrap_or(other.is_null().cmp(&one.is_null()));
        if *is_down {
            ordering.reverse()
        } else {
            ordering
        }
    });
    orderings.fold(Ordering::Equal, Ordering::then)
}

/// Words between SELECT and its list.
const HINTS: [&str; 9] = [
    "all",
    "distinct",
    "distinctrow",
    "high_priority",
    "straight_join",
    "sql_no_cache",
    "sql_cache",
    "sql_calc_found_rows",
    "sql_buffer_result",
];
/// How deep SELECTs may stand in each other.
const DEEPEST: u32 = 16;
