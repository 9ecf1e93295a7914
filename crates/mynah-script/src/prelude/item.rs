//! The select list: the items that the columns of a result are made of.

use super::expression::{Columns, Expression, Parser, Stop, evaluate};
use super::facts::Facts;
use super::recorded::{Column, Table};
use super::relation::Group;
use super::shape::Shape;
use super::tokens::{Slice, TokenKind};
use super::value::{Typed, Value};

/// What one column of the result is made of.
pub(super) struct Item {
    /// Nothing for what isn't understood.
    content: Option<Content>,
    name: String,
    pub(super) is_aggregate: bool,
    has_alias: bool,
}

enum Content {
    /// `*`
    All,
    Expression(Expression),
}

impl Item {
    pub(super) fn read(item: Slice<'_>) -> Self {
        let is_all = item.len() == 1 && item.is(0, "*");
        let last = item.len().saturating_sub(1);
        let is_all = is_all
            || (item.is(last, "*")
                && item
                    .get(last.saturating_sub(1))
                    .is_some_and(|(_, text)| text.ends_with('.')));
        if is_all {
            return Self {
                content: Some(Content::All),
                name: String::new(),
                is_aggregate: false,
                has_alias: false,
            };
        }
        let mut parser = Parser::new(item);
        let expression = parser.expression();
        let written = parser.read().as_written().to_owned();
        let (rest, is_aggregate) = (parser.rest(), parser.has_aggregate());
        let rest = rest.after("as").unwrap_or(rest);
        let alias = match (rest.len(), rest.get(0)) {
            (1, Some((TokenKind::Word | TokenKind::Name | TokenKind::Text, text)))
                if !text.starts_with('@') =>
            {
                rest.plain(0)
            }
            _ => None,
        };
        let has_alias = alias.is_some();
        let is_whole = rest.is_empty() || has_alias;
        let name = match (&expression, alias) {
            (_, Some(alias)) => alias,
            (Some(Expression::Literal(Value::Text(text), _)), None) => text.clone(),
            (Some(Expression::Literal(Value::Null, _)), None) => "NULL".to_owned(),
            (Some(Expression::Name(name)), None) => last_part(name).to_owned(),
            _ => written,
        };
        let name = match is_whole {
            true => name,
            false => trailing_alias(item),
        };
        let content = expression.filter(|_| is_whole).map(Content::Expression);
        Self {
            content,
            name,
            is_aggregate,
            has_alias,
        }
    }
}

impl Item {
    /// The name of the result's column. MySQL has a column's own where no other is given.
    fn name_in(&self, source: &Table, facts: &Facts) -> String {
        let own = match &self.content {
            Some(Content::Expression(Expression::Name(_)))
                if !self.has_alias && !facts.is_mariadb() =>
            {
                let mut columns = source.columns.iter();
                columns.find(|column| column.name.eq_ignore_ascii_case(&self.name))
            }
            _ => None,
        };
        own.map_or_else(|| self.name.clone(), |own| own.name.clone())
    }
}

/// The name of an item that isn't understood.
fn trailing_alias(item: Slice<'_>) -> String {
    let last = item.len().saturating_sub(1);
    let before = last.saturating_sub(1);
    match item.is(before, "as") {
        true => item.plain(last).unwrap_or_default(),
        false => item.as_written().to_owned(),
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The columns of the result. Lenient: what isn't understood is a text.
pub(super) fn head(
    items: &[Item],
    source: &Table,
    facts: &Facts,
    lenient: bool,
) -> Result<Vec<Column>, Stop> {
    let none = Group::new(source, &[], facts);
    let mut columns = Vec::new();
    for item in items {
        let shape = match &item.content {
            Some(Content::All) if source.columns.is_empty() => return Err(Stop::Unknown),
            Some(Content::All) => {
                columns.extend(source.columns.iter().cloned());
                continue;
            }
            content => value_of(content.as_ref(), &none, facts, lenient)?.shape,
        };
        columns.push(Column {
            name: item.name_in(source, facts),
            shape,
        });
    }
    Ok(columns)
}

fn value_of(
    content: Option<&Content>,
    columns: &dyn Columns,
    facts: &Facts,
    lenient: bool,
) -> Result<Typed, Stop> {
    let value = match content {
        Some(Content::Expression(expression)) => evaluate(expression, facts, columns),
        _ => Err(Stop::Unknown),
    };
    match value {
        Err(Stop::Unknown) if lenient => Ok(Typed::new(Value::Null, Shape::text(UNKNOWN))),
        value => value,
    }
}

/// The cells of a row.
pub(super) fn cells(
    items: &[Item],
    source: &Table,
    group: &Group<'_>,
    facts: &Facts,
    lenient: bool,
) -> Result<Vec<Option<String>>, Stop> {
    let mut cells = Vec::new();
    for item in items {
        match &item.content {
            Some(Content::All) => {
                let columns = source.columns.iter();
                let values = columns.map(|column| group.column(&column.name));
                cells.extend(values.map(|value| value.and_then(|value| value.value.to_cell())));
            }
            content => cells.push(
                value_of(content.as_ref(), group, facts, lenient)?
                    .value
                    .to_cell(),
            ),
        }
    }
    Ok(cells)
}

/// How many characters a column of unknown content has.
const UNKNOWN: u32 = 64;
