//! Lists for tools: schemas, tables, columns and the like. A mock has only those of the system.

use std::borrow::Cow;

use mynah_classic::{ColumnFlags, ColumnType};

use super::expression::{Expression, Parser};
use super::facts::Facts;
use super::recorded::{Column, Table};
use super::shape::Shape;
use super::shown::{Shown, starts};
use super::tokens::Slice;
use super::{failures, system};

/// What a SHOW shows that tools ask for.
pub(super) fn show<'a>(what: Slice<'a>, facts: &Facts) -> Option<Shown<'a>> {
    if what.is(0, "databases") || what.is(0, "schemas") {
        let schemas = system::schemas(facts).into_iter();
        let rows = schemas.map(|schema| vec![Some(schema)]).collect();
        let mut table = facts.catalog().table("show databases")?.clone();
        table.rows = rows;
        let filter = what.from(1)?;
        name_pattern(&mut table, filter);
        return Some(Shown::Filtered(Cow::Owned(table), filter));
    }
    let is_full = what.is(0, "full") || what.is(1, "full");
    let plain = what.after_any(&["extended"]).after_any(&["full"]);
    if let Some(rest) = plain.after("tables") {
        return tables(rest, is_full, facts);
    }
    for word in ["columns", "fields"] {
        if let Some(rest) = plain.after(word) {
            return columns(rest, is_full, facts);
        }
    }
    if let Some(filter) = plain.after("processlist") {
        let name = if is_full {
            "show full processlist"
        } else {
            "show processlist"
        };
        return filtered(facts, name, vec![process(facts)], filter);
    }
    if let Some(account) = what.after("grants") {
        return grants(account, facts);
    }
    if let Some(rest) = what.after("create") {
        return create(rest, facts);
    }
    EMPTY.iter().find_map(|(words, name)| {
        let rest = starts(what, words).then(|| what.from(words.len()))??;
        let (_, filter) = schema(rest);
        let table = facts.catalog().table(name);
        Some(match table {
            Some(table) if starts(what, &["index"]) || starts(what, &["keys"]) => {
                Shown::Whole(Cow::Borrowed(table))
            }
            Some(table) => Shown::Filtered(Cow::Borrowed(table), filter),
            // A statement of other versions.
            None => Shown::Failed(failures::syntax(what.as_written(), facts.is_mariadb())),
        })
    })
}

fn filtered<'a>(
    facts: &Facts,
    name: &str,
    rows: Vec<Vec<Option<String>>>,
    filter: Slice<'a>,
) -> Option<Shown<'a>> {
    let known = facts.catalog().table(name)?;
    Some(Shown::Filtered(system::with_rows(known, rows), filter))
}

/// The schema behind FROM or IN, if one is named, and what is behind that.
fn schema(rest: Slice<'_>) -> (Option<String>, Slice<'_>) {
    for word in ["from", "in"] {
        let Some(named) = rest.after(word) else {
            continue;
        };
        let mut parser = Parser::new(named);
        if let Some(Expression::Name(name)) = parser.name() {
            return (Some(name), parser.rest());
        }
    }
    (None, rest)
}

/// `SHOW TABLES`: those of a schema of the system; of another there are none.
fn tables<'a>(rest: Slice<'a>, is_full: bool, facts: &Facts) -> Option<Shown<'a>> {
    let (named, filter) = schema(rest);
    let schema = named.or_else(|| facts.schema()).unwrap_or_default();
    let name = match is_full {
        true => "show full tables from test",
        false => "show tables from test",
    };
    let mut table = facts.catalog().table(name)?.clone();
    if let Some(first) = table.columns.first_mut() {
        first.name = format!("Tables_in_{schema}");
    }
    let tables = facts.catalog().system_tables().filter_map(|name| {
        let (of, table) = name.split_once('.')?;
        of.eq_ignore_ascii_case(&schema).then_some((of, table))
    });
    let row = |(of, table): (&str, &str)| {
        let is_view = of == "information_schema";
        let name = if is_view {
            table.to_uppercase()
        } else {
            table.to_owned()
        };
        let kind = if is_view { "SYSTEM VIEW" } else { "BASE TABLE" };
        let row = [Some(name), Some(kind.to_owned())];
        row.into_iter().take(if is_full { 2 } else { 1 }).collect()
    };
    table.rows = tables.map(row).collect();
    name_pattern(&mut table, filter);
    Some(Shown::Filtered(Cow::Owned(table), filter))
}

/// Says in the first column's name which pattern its rows are like.
fn name_pattern(table: &mut Table, filter: Slice<'_>) {
    let pattern = filter.after("like").and_then(|rest| rest.plain(0));
    if let Some((pattern, column)) = pattern.zip(table.columns.first_mut()) {
        column.name = format!("{} ({pattern})", column.name);
    }
}

/// `SHOW COLUMNS`
fn columns<'a>(rest: Slice<'a>, is_full: bool, facts: &Facts) -> Option<Shown<'a>> {
    let (table, rest) = schema(rest);
    let (of, filter) = schema(rest);
    let name = match of {
        Some(of) => format!("{of}.{}", table?),
        None => table?,
    };
    let Some(known) = system::table(&name, facts) else {
        return Some(Shown::Failed(missing(&name, facts)));
    };
    let head = match is_full {
        true => "show full columns from mysql.user",
        false => "show columns from mysql.user",
    };
    let head = facts.catalog().table(head)?;
    let rows = known.columns.iter().map(|column| {
        let is_not_null = column.shape.flags.contains(ColumnFlags::NOT_NULL);
        let cells = head.columns.iter().map(|head| {
            Some(match head.name.to_lowercase().as_str() {
                "field" => column.name.clone(),
                "type" => type_name(column),
                "null" => if is_not_null { "NO" } else { "YES" }.to_owned(),
                "default" => return None,
                "collation" if column.shape.is_text() => "utf8mb3_general_ci".to_owned(),
                "collation" => return None,
                "privileges" => "select".to_owned(),
                _ => String::new(),
            })
        });
        cells.collect()
    });
    let rows = rows.collect();
    Some(Shown::Filtered(system::with_rows(head, rows), filter))
}

/// A column's type as SQL has it.
fn type_name(column: &Column) -> String {
    let sign = if column.shape.is_unsigned() {
        " unsigned"
    } else {
        ""
    };
    match column.shape.column_type {
        ColumnType::LONGLONG => format!("bigint{sign}"),
        ColumnType::LONG => format!("int{sign}"),
        ColumnType::DATETIME => "datetime".to_owned(),
        ColumnType::TIMESTAMP => "timestamp".to_owned(),
        ColumnType::BLOB if column.shape.is_text() => "longtext".to_owned(),
        ColumnType::BLOB => "longblob".to_owned(),
        _ => format!("varchar({})", column.shape.length),
    }
}

/// The session itself, as a row of the list of processes.
fn process(facts: &Facts) -> Vec<Option<String>> {
    let name = String::from_utf8_lossy(&facts.login.username).into_owned();
    let some = |text: &str| Some(text.to_owned());
    let mut row = vec![
        Some(facts.connection_id.to_string()),
        Some(name),
        some("localhost"),
        facts.schema(),
        some("Query"),
        some("0"),
        some("starting"),
        some("show processlist"),
    ];
    if facts.is_mariadb() {
        row.push(some("0.000"));
    }
    row
}

/// `SHOW GRANTS`: each account has all privileges.
fn grants<'a>(account: Slice<'a>, facts: &Facts) -> Option<Shown<'a>> {
    let own = facts.user();
    let account = match account.after("for") {
        Some(account) if !account.is(0, "current_user") => {
            let parts = (0..account.len()).filter_map(|index| account.plain(index));
            parts.collect::<String>()
        }
        _ => own,
    };
    let (name, host) = account.split_once('@').unwrap_or((&account, "%"));
    let grant = format!("GRANT ALL PRIVILEGES ON *.* TO `{name}`@`{host}` WITH GRANT OPTION");
    let table = Table {
        columns: vec![Column {
            name: format!("Grants for {account}"),
            shape: Shape::system_text(1024).never_null(),
        }],
        rows: vec![vec![Some(grant)]],
    };
    Some(Shown::Whole(Cow::Owned(table)))
}

/// `SHOW CREATE …`: of a schema; tables there are none.
fn create<'a>(rest: Slice<'a>, facts: &Facts) -> Option<Shown<'a>> {
    let name = |rest: Slice<'a>| match Parser::new(rest).name()? {
        Expression::Name(name) => Some(name),
        _ => None,
    };
    if rest.is(0, "database") || rest.is(0, "schema") {
        let rest = rest.from(1)?;
        let rest = if starts(rest, &["if", "not", "exists"]) {
            rest.from(3)?
        } else {
            rest
        };
        let schema = name(rest)?;
        let create =
            format!("CREATE DATABASE `{schema}` /*!40100 DEFAULT CHARACTER SET utf8mb4 */");
        let known = facts.catalog().table("show create database test")?;
        let rows = vec![vec![Some(schema), Some(create)]];
        return Some(Shown::Whole(system::with_rows(known, rows)));
    }
    let is_kind = ["table", "view", "trigger", "procedure", "function", "event"]
        .iter()
        .any(|kind| rest.is(0, kind));
    let name = is_kind.then(|| name(rest.from(1)?)).flatten()?;
    Some(Shown::Failed(missing(&name, facts)))
}

fn missing(name: &str, facts: &Facts) -> mynah_session::Failure {
    let schema = facts.schema().unwrap_or_default();
    let (schema, table) = name.split_once('.').unwrap_or((&schema, name));
    failures::no_such_table(schema, table)
}

/// What there is nothing of.
const EMPTY: [(&[&str], &str); 24] = [
    (&["table", "status"], "show table status from test"),
    (&["open", "tables"], "show open tables from test"),
    (&["triggers"], "show triggers from test"),
    (&["events"], "show events from test"),
    (&["procedure", "status"], "show procedure status"),
    (&["function", "status"], "show function status"),
    (&["package", "status"], "show package status"),
    (&["package", "body", "status"], "show package body status"),
    (&["index"], "show index from mysql.user"),
    (&["indexes"], "show index from mysql.user"),
    (&["keys"], "show index from mysql.user"),
    (&["privileges"], "show privileges"),
    (&["master", "status"], "show master status"),
    (&["binlog", "status"], "show master status"),
    (&["binary", "log", "status"], "show binary log status"),
    (&["binary", "logs"], "show binary logs"),
    (&["master", "logs"], "show master logs"),
    (&["slave", "status"], "show slave status"),
    (&["all", "slaves", "status"], "show all slaves status"),
    (&["replica", "status"], "show replica status"),
    (&["all", "replicas", "status"], "show all slaves status"),
    (&["slave", "hosts"], "show slave hosts"),
    (&["replicas"], "show replicas"),
    (&["profiles"], "show profiles"),
];
