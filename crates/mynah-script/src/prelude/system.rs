//! Tables of the system: recorded columns and rows, and rows with the session's own facts.

use std::borrow::Cow;

use super::facts::Facts;
use super::recorded::{Column, Table};
use super::shape::Shape;
use super::value::Value;

/// A table of the system in the session's schema, or in the one that is named before it.
pub(super) fn table(name: &str, facts: &Facts) -> Option<Cow<'static, Table>> {
    let name = qualified(name, facts)?;
    let (_, table) = name.split_once('.')?;
    let known = facts.catalog().table(&name);
    let rows = match table {
        "schemata" => return Some(with_rows(known?, schemata(known?, facts))),
        "tables" => return Some(with_rows(known?, tables(known?, facts))),
        "session_variables" => variables(facts, false),
        "global_variables" => variables(facts, true),
        "session_status" | "global_status" => status(facts),
        _ => return known.map(Cow::Borrowed),
    };
    let names = [("VARIABLE_NAME", 64), ("VARIABLE_VALUE", 1024)];
    let columns = names.map(|(name, length)| Column {
        name: name.to_owned(),
        shape: Shape::system_text(length),
    });
    let columns = known.map_or_else(|| columns.to_vec(), |known| known.columns.clone());
    Some(Cow::Owned(Table { columns, rows }))
}

/// `schema.table`, in lower case, if it is a schema of the system.
pub(super) fn qualified(name: &str, facts: &Facts) -> Option<String> {
    let name = name.to_lowercase();
    let name = match (name.split_once('.'), facts.schema()) {
        (Some(_), _) => name,
        (None, Some(schema)) => format!("{}.{name}", schema.to_lowercase()),
        (None, None) => return None,
    };
    let (schema, _) = name.split_once('.')?;
    is_system(schema).then_some(name)
}

/// Whether a schema is one of the system's, which all servers have.
pub(super) fn is_system(schema: &str) -> bool {
    ["information_schema", "performance_schema", "mysql", "sys"]
        .iter()
        .any(|system| schema.eq_ignore_ascii_case(system))
}

/// The schemas that there are: that of the system, and that in use.
pub(super) fn schemas(facts: &Facts) -> Vec<String> {
    let mut schemas = vec!["information_schema".to_owned()];
    schemas.extend(facts.schema().filter(|schema| !is_system(schema)));
    schemas
}

/// Variables as they are listed.
pub(super) fn variables(facts: &Facts, is_global: bool) -> Vec<Vec<Option<String>>> {
    let listed = facts.listed(is_global);
    listed
        .map(|(name, value)| vec![Some(name.to_owned()), Some(value)])
        .collect()
}

/// Status variables as they are listed.
pub(super) fn status(facts: &Facts) -> Vec<Vec<Option<String>>> {
    let recorded = facts.catalog().table("show status");
    let rows = recorded.map(|table| table.rows.clone()).unwrap_or_default();
    rows.into_iter()
        .filter_map(|row| {
            let name = row.first().cloned().flatten()?;
            let value = facts.status(&name);
            let value = value.or_else(|| row.get(1).cloned().flatten());
            Some(vec![Some(name), value])
        })
        .collect()
}

fn schemata(known: &Table, facts: &Facts) -> Vec<Vec<Option<String>>> {
    let text = |name: &str| {
        let known = facts.catalog().variable(name)?;
        match facts.value(name, known, true) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    };
    let row = |schema: String| {
        row(known, |column| match column {
            "catalog_name" => Some("def".to_owned()),
            "schema_name" => Some(schema.clone()),
            "default_character_set_name" => text("character_set_server"),
            "default_collation_name" => text("collation_server"),
            "default_encryption" => Some("NO".to_owned()),
            _ => None,
        })
    };
    schemas(facts).into_iter().map(row).collect()
}

/// The tables of the system: a mock has no others.
fn tables(known: &Table, facts: &Facts) -> Vec<Vec<Option<String>>> {
    let tables = facts.catalog().system_tables();
    let tables = tables.filter_map(|table| table.split_once('.'));
    let tables = tables.filter(|(schema, _)| schemas(facts).iter().any(|known| known == schema));
    let row = |(schema, table): (&str, &str)| {
        row(known, |column| {
            Some(match column {
                "table_catalog" => "def".to_owned(),
                "table_schema" => schema.to_owned(),
                "table_name" => table.to_uppercase(),
                "table_type" => "SYSTEM VIEW".to_owned(),
                "version" => "10".to_owned(),
                "table_rows" | "avg_row_length" | "data_length" | "max_data_length"
                | "index_length" | "data_free" => "0".to_owned(),
                "create_options" | "table_comment" => String::new(),
                _ => return None,
            })
        })
    };
    tables.map(row).collect()
}

/// A row of a table, by the names of its columns in lower case.
fn row(table: &Table, cell: impl Fn(&str) -> Option<String>) -> Vec<Option<String>> {
    let columns = table.columns.iter();
    columns
        .map(|column| cell(&column.name.to_lowercase()))
        .collect()
}

/// The same columns with other rows.
pub(super) fn with_rows(table: &Table, rows: Vec<Vec<Option<String>>>) -> Cow<'static, Table> {
    Cow::Owned(Table {
        columns: table.columns.clone(),
        rows,
    })
}
