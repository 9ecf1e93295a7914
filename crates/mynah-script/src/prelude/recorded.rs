//! What servers were recorded to say: their system variables, and the columns, and some rows, of what
//! their SHOW statements and system tables have.
//!
//! The files in `recorded/` are written by `bins/mynah-mock/examples/record-prelude.rs`. Each of their
//! lines is fields with tabs between them, in which `\N` is NULL and `\t`, `\n` and `\\` are escapes:
//!
//! - `variable`, name, kind, scopes (`global`, `session`, `both`), `fixed` or `free`, value as SHOW lists it;
//! - `table`, name; then its columns and rows:
//! - `column`, name, number of the type, length in bytes, decimals, flags, number of its own collation;
//! - `row`, the cells.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use mynah_classic::tables::{Collation, Product};
use mynah_classic::{ColumnFlags, ColumnType};

use super::shape::{Shape, TextSet};
use super::value::Value;

/// What one server was recorded to say.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    /// By their names, in lower case.
    pub(super) variables: BTreeMap<String, Variable>,
    /// By the statement, or by schema and name, in lower case.
    pub(super) tables: BTreeMap<String, Table>,
}

/// A system variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) kind: Kind,
    pub(super) is_global: bool,
    pub(super) is_session: bool,
    /// Whether it can't be set.
    pub(super) is_fixed: bool,
    pub(super) value: Value,
}

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 1 or 0; ON or OFF in a list of variables.
    Flag,
    Unsigned,
    Integer,
    Double,
    Text,
}

impl Kind {
    /// The column of a variable with this value: of a text, MySQL has one size for all.
    pub(super) fn shape(self, value: &Value, is_mariadb: bool) -> Shape {
        match self {
            Self::Flag => Shape::new(ColumnType::LONGLONG, 1, 0),
            Self::Unsigned => Shape::UNSIGNED,
            Self::Integer => Shape::BIGINT,
            Self::Double => Shape {
                decimals: 6,
                length: if is_mariadb { 21 } else { 23 },
                ..Shape::DOUBLE
            },
            Self::Text if is_mariadb => {
                let length = value.to_cell().unwrap_or_default().chars().count();
                Shape::system_text(length.try_into().unwrap_or(u32::MAX))
            }
            Self::Text => Shape::system_text(21_845),
        }
    }

    /// A value as lists of variables have it.
    pub(super) fn listed(self, value: &Value) -> String {
        match (self, value) {
            (Self::Flag, Value::Integer(0)) => "OFF".to_owned(),
            (Self::Flag, Value::Integer(_)) => "ON".to_owned(),
            (Self::Double, Value::Double(number)) => format!("{number:.6}"),
            (_, value) => value.to_cell().unwrap_or_default(),
        }
    }

    /// A value as lists of variables have it, or as SELECT has it.
    pub(super) fn read(self, listed: &str) -> Value {
        let read = match self {
            Self::Flag => Some(Value::flag(listed == "ON" || listed == "1")),
            Self::Unsigned | Self::Integer => listed.parse().ok().map(Value::Integer),
            Self::Double => listed.parse().ok().map(Value::Double),
            Self::Text => None,
        };
        read.unwrap_or_else(|| Value::text(listed))
    }
}

/// What a SHOW statement or a system table has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

impl Table {
    /// What is selected from where there is no table.
    pub(super) fn of_one_row() -> Self {
        Self {
            columns: Vec::new(),
            rows: vec![Vec::new()],
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) shape: Shape,
}

/// A server that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recording {
    MySql97,
    MySql56,
    MariaDb118,
    MariaDb1011,
}

impl Recording {
    /// What it was recorded to say.
    pub(super) fn recorded(self) -> &'static Recorded {
        static MYSQL_97: OnceLock<Recorded> = OnceLock::new();
        static MYSQL_56: OnceLock<Recorded> = OnceLock::new();
        static MARIADB_118: OnceLock<Recorded> = OnceLock::new();
        static MARIADB_1011: OnceLock<Recorded> = OnceLock::new();
        let (read, file) = match self {
            Self::MySql97 => (&MYSQL_97, include_str!("recorded/mysql-9.7.txt")),
            Self::MySql56 => (&MYSQL_56, include_str!("recorded/mysql-5.6.txt")),
            Self::MariaDb118 => (&MARIADB_118, include_str!("recorded/mariadb-11.8.txt")),
            Self::MariaDb1011 => (&MARIADB_1011, include_str!("recorded/mariadb-10.11.txt")),
        };
        read.get_or_init(|| self::read(file).0)
    }
}

/// What a file says, and how many of its lines make no sense.
fn read(file: &str) -> (Recorded, usize) {
    let (mut recorded, mut unread, mut current) = (Recorded::default(), 0, String::new());
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let table = recorded.tables.get_mut(&current);
        match (fields.as_slice(), table) {
            (["table", name], _) => {
                current = (*name).to_owned();
                recorded.tables.insert(current.clone(), Table::default());
            }
            (["variable", name, rest @ ..], _) => match variable(rest) {
                Some(variable) => {
                    recorded.variables.insert((*name).to_owned(), variable);
                }
                None => unread += 1,
            },
            (["column", name, rest @ ..], Some(table)) => match shape(rest) {
                Some(shape) => table.columns.push(Column {
                    name: (*name).to_owned(),
                    shape,
                }),
                None => unread += 1,
            },
            (["row", cells @ ..], Some(table)) => {
                table
                    .rows
                    .push(cells.iter().map(|cell| read_cell(cell)).collect());
            }
            _ => unread += 1,
        }
    }
    (recorded, unread)
}

fn variable(fields: &[&str]) -> Option<Variable> {
    let [kind, scope, access, value] = fields else {
        return None;
    };
    let kind = match *kind {
        "flag" => Kind::Flag,
        "unsigned" => Kind::Unsigned,
        "integer" => Kind::Integer,
        "double" => Kind::Double,
        "text" => Kind::Text,
        _ => return None,
    };
    Some(Variable {
        kind,
        is_global: *scope != "session",
        is_session: *scope != "global",
        is_fixed: *access == "fixed",
        value: kind.read(&read_cell(value)?),
    })
}

fn shape(fields: &[&str]) -> Option<Shape> {
    let [column_type, length, decimals, flags, collation] = fields else {
        return None;
    };
    let column_type = ColumnType(column_type.parse().ok()?);
    let shape = Shape {
        flags: ColumnFlags::from_bits_retain(flags.parse().ok()?),
        ..Shape::new(column_type, length.parse().ok()?, decimals.parse().ok()?)
    };
    let collation = Collation::by_id(Product::MySql, collation.parse().ok()?)?;
    if collation.character_set == "binary" {
        return Some(shape);
    }
    let most_bytes = u32::from(collation.max_len);
    Some(Shape {
        set: TextSet::Own(collation.id, collation.max_len),
        length: match shape.is_blob() || shape.length == u32::MAX {
            true => shape.length,
            false => shape.length / most_bytes.max(1),
        },
        ..shape
    })
}

fn read_cell(cell: &str) -> Option<String> {
    if cell == "\\N" {
        return None;
    }
    let (mut text, mut chars) = (String::new(), cell.chars());
    while let Some(char) = chars.next() {
        text.push(match char {
            '\\' => match chars.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_recordings_is_read() {
        for file in [
            include_str!("recorded/mysql-9.7.txt"),
            include_str!("recorded/mysql-5.6.txt"),
            include_str!("recorded/mariadb-11.8.txt"),
            include_str!("recorded/mariadb-10.11.txt"),
        ] {
            let (recorded, unread) = read(file);
            assert_eq!(unread, 0);
            assert!(recorded.variables.len() > 400);
            assert!(recorded.tables.contains_key("information_schema.tables"));
            assert!(!recorded.tables["show collation"].rows.is_empty());
            for (name, table) in recorded.tables {
                let widths = table.rows.iter().map(Vec::len);
                let same = widths.clone().all(|width| width == table.columns.len());
                assert!(same, "{name}");
            }
        }
    }

    #[test]
    fn cells_are_read_with_their_escapes() {
        assert_eq!(read_cell("\\N"), None);
        assert_eq!(read_cell("a\\tb\\n\\\\N").as_deref(), Some("a\tb\n\\N"));
    }
}
