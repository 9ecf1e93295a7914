//! Tables whose rows are filtered by conditions.

use std::cmp::Ordering;

use mynah_classic::ColumnFlags;

use super::expression::{Columns, Expression, Stop, evaluate};
use super::facts::Facts;
use super::recorded::Table;
use super::shape::{NOT_FIXED, Shape};
use super::value::{Typed, Value};

/// Some rows of a table, of which one is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'a> {
    table: &'a Table,
    rows: &'a [usize],
    facts: &'a Facts,
}

impl<'a> Group<'a> {
    /// The first of these rows is looked at, all are counted; if there is none, each column is NULL.
    pub(super) fn new(table: &'a Table, rows: &'a [usize], facts: &'a Facts) -> Self {
        Self { table, rows, facts }
    }

    fn values(&self, expression: &Expression) -> Option<Vec<Typed>> {
        let rows = self.rows.chunks(1);
        rows.map(|row| {
            let one = Self { rows: row, ..*self };
            evaluate(expression, self.facts, &one).ok()
        })
        .collect()
    }
}

impl Columns for Group<'_> {
    fn column(&self, name: &str) -> Option<Typed> {
        let name = name.rsplit('.').next().unwrap_or(name);
        let mut columns = self.table.columns.iter();
        let index = columns.position(|column| column.name.eq_ignore_ascii_case(name))?;
        let shape = self.table.columns.get(index)?.shape;
        let row = self.rows.first().and_then(|row| self.table.rows.get(*row));
        let cell = row.and_then(|row| row.get(index)).cloned().flatten();
        Some(Typed::new(
            cell.map_or(Value::Null, |cell| value(cell, shape)),
            shape,
        ))
    }

    fn aggregate(&self, name: &str, argument: &Expression) -> Option<Typed> {
        if name == "count" {
            let count = match argument {
                Expression::All => self.rows.len(),
                counted => {
                    let values = self.values(counted)?;
                    values.iter().filter(|it| !it.value.is_null()).count()
                }
            };
            let count = Value::Integer(count.try_into().ok()?);
            return Some(Typed::new(count, Shape::BIGINT.never_null()));
        }
        let shape = evaluate(argument, self.facts, self).ok()?.shape;
        let nullable = Shape {
            flags: shape
                .flags
                .intersection(ColumnFlags::BINARY.union(ColumnFlags::UNSIGNED)),
            decimals: if shape.is_text() {
                NOT_FIXED
            } else {
                shape.decimals
            },
            ..shape
        };
        let values = self.values(argument)?;
        let values = values.into_iter().map(|typed| typed.value);
        let kept = |kept: Ordering| {
            move |best: Value, value: Value| match value.compare(&best) {
                Some(ordering) if ordering != kept => best,
                None if value.is_null() => best,
                _ => value,
            }
        };
        let value = match name {
            "max" => values.fold(Value::Null, kept(Ordering::Greater)),
            "min" => values.fold(Value::Null, kept(Ordering::Less)),
            "sum" | "avg" | "group_concat" if self.rows.is_empty() => Value::Null,
            _ => return None,
        };
        Some(Typed::new(value, nullable))
    }
}

/// The rows for which a condition holds.
pub(super) fn filtered(
    table: &Table,
    condition: &Expression,
    facts: &Facts,
) -> Result<Vec<usize>, Stop> {
    let mut kept = Vec::new();
    for row in 0..table.rows.len() {
        let group = Group::new(table, std::slice::from_ref(&row), facts);
        if evaluate(condition, facts, &group)?.value.truth() == Some(true) {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// A cell as a value.
fn value(cell: String, shape: Shape) -> Value {
    match cell.parse() {
        Ok(number) if shape.is_integer() => Value::Integer(number),
        _ => Value::Text(cell),
    }
}
