//! Results in the form that they are sent in: columns and rows.

use std::sync::Arc;

use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::tables::Collation;
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_session::{CharacterSets, Completion, ResultSet, RowsBuilder};

use super::facts::Facts;
use super::recorded::{Column, Table};
use super::shape::{NOT_FIXED, Shape, TextSet};

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
    let shape = column.shape;
    let sent = match shape.is_text() {
        true => text(shape, facts),
        false => Sent {
            character_set: BINARY,
            length: shape.length,
            flags: shape.flags,
        },
    };
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            catalog: b"def",
            name: column.name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: sent.character_set,
        column_length: sent.length,
        column_type: match shape.is_short && facts.is_mariadb() {
            true => ColumnType::LONG,
            false => shape.column_type,
        },
        flags: sent.flags,
        decimals: match shape.decimals {
            NOT_FIXED if facts.is_mariadb() && !is_double(shape) => NOT_FIXED_OF_MARIADB,
            other => other,
        },
        ..ColumnDefinition41::default()
    }
}

fn is_double(shape: Shape) -> bool {
    shape.column_type == ColumnType::DOUBLE
}

/// How a text is sent.
struct Sent {
    character_set: u16,
    length: u32,
    flags: ColumnFlags,
}

/// A text in the character set of results, as long as its characters may be there. Without such a
/// character set it is sent as it is.
fn text(shape: Shape, facts: &Facts) -> Sent {
    let sets = facts.state.character_sets;
    let own = match shape.set {
        TextSet::System => UTF8MB3_GENERAL_CI,
        TextSet::Own(collation, _) => collation,
        TextSet::Binary | TextSet::Connection => sets.connection,
    };
    let is_connection = shape.set == TextSet::Connection;
    let mut flags = shape.flags;
    if is_connection && collation(own, facts).is_some_and(|own| own.name.ends_with("_bin")) {
        flags.insert(ColumnFlags::BINARY);
    }
    let results = sets.results.unwrap_or(own);
    let most_bytes = collation(results, facts).map_or(1, |found| found.max_len.into());
    // Of a BLOB type the length is in bytes already: servers take these for characters.
    let length = match sets.results {
        None if shape.is_blob() => shape.length,
        _ if shape.length == u32::MAX => shape.length,
        _ => shape.length.saturating_mul(most_bytes),
    };
    Sent {
        character_set: CharacterSets::id_in_columns(results),
        length,
        flags,
    }
}

fn collation(id: u16, facts: &Facts) -> Option<&'static Collation> {
    Collation::by_id(facts.dialect.product(), id)
}

const BINARY: u16 = 63;
const UTF8MB3_GENERAL_CI: u16 = 33;
/// What MariaDB says for [`NOT_FIXED`]: more decimals than any number has.
const NOT_FIXED_OF_MARIADB: u8 = 39;
