//! Results: columns and rows as they are sent.

use std::sync::Arc;

use mynah_classic::ColumnType;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_session::{Completion, ResultSet, RowsBuilder};

use super::facts::Facts;
use super::recorded::{Column, Table};
use super::value::{NOT_FIXED, Shape};

/// A table as it is sent.
pub(super) fn result(table: &Table, facts: &Facts) -> ResultSet {
    let mut builder = RowsBuilder::default();
    for row in &table.rows {
        for cell in row {
            builder.cell(cell.as_deref().map(str::as_bytes));
        }
        builder.end_row();
    }
    let columns = table.columns.iter();
    let columns: Vec<_> = columns.map(|column| definition(column, facts)).collect();
    ResultSet {
        columns: Arc::from(columns),
        rows: builder.finish(),
        end: Completion::default(),
        is_out_parameters: false,
    }
}

fn definition(column: &Column, facts: &Facts) -> ColumnDefinition41 {
    let Shape {
        column_type,
        length,
        decimals,
        flags,
        is_text,
    } = column.shape;
    // MariaDB has numbers that are short as LONG, and more decimals than any number.
    let column_type = match column_type {
        ColumnType::LONGLONG if facts.is_mariadb() && length <= SHORT && length > 1 => {
            ColumnType::LONG
        }
        other => other,
    };
    let decimals = match decimals {
        NOT_FIXED if facts.is_mariadb() && is_text => 39,
        other => other,
    };
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            catalog: b"def",
            name: column.name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: if is_text { UTF8MB4 } else { BINARY },
        column_length: length,
        column_type,
        flags,
        decimals,
        ..ColumnDefinition41::default()
    }
}

/// utf8mb4_0900_ai_ci.
const UTF8MB4: u16 = 255;
const BINARY: u16 = 63;
/// So many digits fit into 32 bits.
const SHORT: u32 = 10;
