use bytes::Bytes;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, ExtendedMetadata, NameParts};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_session::ResultSet;

use super::cell::CellType;
use super::completion::completion;
use super::inferred::{inferred, typed};
use super::rows::{RowColumn, rows};
use super::{Document, Kind, Misfit, Number, SqlType, field, keys};

/// A `result`.
pub(super) fn resultset<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<ResultSet, D::Error> {
    if !doc.kind(object).is_object() {
        return Err(Misfit::ExpectObject.into());
    }
    let columns = doc.get(object, keys::COLUMNS)?;
    let (definitions, row_columns) = match doc.kind(&columns) {
        Kind::Array => match names(doc, &columns)? {
            Some(names) => of_names(doc, object, names)?,
            None => columns_of(doc, &columns)?,
        },
        Kind::Undefined if !doc.is_compatible() => without_columns(doc, object)?,
        _ => return Err(Misfit::ExpectObject.into()),
    };
    Ok(ResultSet {
        columns: definitions.into(),
        rows: rows(doc, object, row_columns)?,
        end: completion(doc, object)?,
        is_out_parameters: false,
    })
}

/// Columns, and how their cells are read.
type Columns = (Vec<ColumnDefinition41>, Vec<RowColumn>);

fn columns_of<D: Document>(doc: &mut D, columns: &D::Value) -> Result<Columns, D::Error> {
    let mut definitions = Vec::new();
    let mut row_columns = Vec::new();
    let mut next = 0;
    while let Some(column) = doc.next_element(columns, &mut next)? {
        let definition = column_definition(doc, &column)?;
        let repeat = repeat(doc, &column)?;
        row_columns.push(row_column(&definition, repeat));
        definitions.push(definition);
    }
    if definitions.is_empty() {
        return Err(Misfit::NoColumns.into());
    }
    Ok((definitions, row_columns))
}

/// The names of columns that have nothing but names: `["id", "name"]`.
fn names<D: Document>(doc: &mut D, columns: &D::Value) -> Result<Option<Vec<String>>, D::Error> {
    let mut names = Vec::new();
    let mut next = 0;
    while !doc.is_compatible()
        && let Some(column) = doc.next_element(columns, &mut next)?
    {
        match doc.kind(&column) {
            Kind::String => {
                names.push(doc.text(&column, |name| String::from_utf8_lossy(name).into_owned())?);
            }
            _ if names.is_empty() => return Ok(None),
            _ => return Err(Misfit::NotString(keys::COLUMNS.name).into()),
        }
    }
    Ok((!names.is_empty()).then_some(names))
}

fn of_names<D: Document>(
    doc: &mut D,
    object: &D::Value,
    names: Vec<String>,
) -> Result<Columns, D::Error> {
    let rows = doc.get(object, keys::ROWS)?;
    let definitions = typed(doc, &rows, names)?;
    Ok(with_cells(definitions))
}

/// The columns of a result without `columns`, inferred from its rows.
fn without_columns<D: Document>(doc: &mut D, object: &D::Value) -> Result<Columns, D::Error> {
    let rows = doc.get(object, keys::ROWS)?;
    if doc.kind(&rows) == Kind::Undefined {
        return Err(Misfit::ExpectObject.into());
    }
    Ok(with_cells(inferred(doc, &rows)?))
}

fn with_cells(definitions: Vec<ColumnDefinition41>) -> Columns {
    let row_columns = definitions.iter().map(|column| row_column(column, 1));
    let row_columns = row_columns.collect();
    (definitions, row_columns)
}

fn row_column(column: &ColumnDefinition41, repeat: usize) -> RowColumn {
    RowColumn {
        name: Bytes::copy_from_slice(column.names.name()),
        cell_type: cell_type(column),
        repeat,
    }
}

fn cell_type(column: &ColumnDefinition41) -> CellType {
    CellType::new(column.column_type, column.decimals, column.column_length)
}

/// Columns alone, which may be none.
pub(super) fn definitions<D: Document>(
    doc: &mut D,
    columns: &D::Value,
) -> Result<Vec<ColumnDefinition41>, D::Error> {
    let (mut definitions, mut next) = (Vec::new(), 0);
    while let Some(column) = doc.next_element(columns, &mut next)? {
        definitions.push(column_definition(doc, &column)?);
    }
    Ok(definitions)
}

fn column_definition<D: Document>(
    doc: &mut D,
    column: &D::Value,
) -> Result<ColumnDefinition41, D::Error> {
    if !doc.kind(column).is_object() {
        return Err(Misfit::ExpectObject.into());
    }
    let (column_type, implied) = column_type(doc, column)?;
    let name = field::required_string(doc, column, keys::NAME)?;
    let character_set = field::u16(doc, column, keys::CHARACTER_SET)?;
    let names = ColumnNames::new(&NameParts {
        catalog: &field::string(doc, column, keys::CATALOG)?.unwrap_or(DEFAULT_CATALOG),
        schema: &field::string(doc, column, keys::SCHEMA)?.unwrap_or_default(),
        table: &field::string(doc, column, keys::TABLE)?.unwrap_or_default(),
        org_table: &field::string(doc, column, keys::ORIG_TABLE)?.unwrap_or_default(),
        name: &name,
        org_name: &field::string(doc, column, keys::ORIG_NAME)?.unwrap_or_default(),
    });
    Ok(ColumnDefinition41 {
        names,
        extended_metadata: extended(doc, column)?,
        character_set: character_set
            .or(implied.map(|implied| implied.character_set))
            .unwrap_or(D::DIALECT.character_set),
        column_length: field::u32(doc, column, keys::LENGTH)?
            .or(implied.map(|implied| implied.length))
            .unwrap_or(0),
        column_type,
        flags: field::u16(doc, column, keys::FLAGS)?
            .map(ColumnFlags::from_bits_retain)
            .or(implied.map(|implied| implied.flags))
            .unwrap_or(ColumnFlags::empty()),
        decimals: field::u8(doc, column, keys::DECIMALS)?
            .or(implied.map(|implied| implied.decimals))
            .unwrap_or(0),
    })
}

/// What MariaDB says of a column besides.
fn extended<D: Document>(doc: &mut D, column: &D::Value) -> Result<ExtendedMetadata, D::Error> {
    let object = doc.get(column, keys::EXTENDED)?;
    match doc.kind(&object) {
        Kind::Undefined => return Ok(ExtendedMetadata::default()),
        Kind::Object => {}
        _ => return Err(Misfit::ExpectObject.into()),
    }
    let data_type = field::string(doc, &object, keys::TYPE)?;
    let format = field::string(doc, &object, keys::FORMAT)?;
    let entries = [
        (ExtendedMetadata::TYPE, data_type),
        (ExtendedMetadata::FORMAT, format),
    ];
    let entries = entries.iter();
    Ok(ExtendedMetadata::new(entries.filter_map(
        |(kind, value)| Some((*kind, value.as_deref()?)),
    )))
}

/// Reads a column's type: the protocol's name, its number (also as a string), or SQL's name, which implies
/// more.
fn column_type<D: Document>(
    doc: &mut D,
    column: &D::Value,
) -> Result<(ColumnType, Option<SqlType>), D::Error> {
    let value = doc.get(column, keys::TYPE)?;
    match doc.kind(&value) {
        Kind::Undefined => return Err(Misfit::Missing(keys::TYPE.name).into()),
        Kind::String | Kind::Number => {}
        _ => return Err(Misfit::NotString(keys::TYPE.name).into()),
    }
    if let Some(Number::Unsigned(code)) = doc.number(&value)
        && let Ok(code) = code.try_into()
    {
        return Ok((ColumnType(code), None));
    }
    let is_compatible = doc.is_compatible();
    let known = doc.text(&value, |name| {
        named_or_sql_type(name, is_compatible)
            .ok_or_else(|| String::from_utf8_lossy(name).into_owned())
    })?;
    known.map_err(|name| Misfit::UnknownType(name).into())
}

/// The type of this name, and what it implies. The protocol's own names imply nothing, `JSON` excepted, and in
/// compatible mode there are no others.
pub(crate) fn named_or_sql_type(
    name: &[u8],
    is_compatible: bool,
) -> Option<(ColumnType, Option<SqlType>)> {
    let of_protocol = named_type(name);
    if is_compatible || of_protocol.is_some_and(|known| known != ColumnType::JSON) {
        return Some((of_protocol?, None));
    }
    match SqlType::read(str::from_utf8(name).ok()?) {
        Some(of_sql) => Some((of_sql.column_type, Some(of_sql))),
        None => Some((of_protocol?, None)),
    }
}

/// The type of this name, or of this number.
fn named_type(name: &[u8]) -> Option<ColumnType> {
    let name = str::from_utf8(name).ok()?;
    match name {
        "TINYBLOB" => return Some(ColumnType::TINY_BLOB),
        "MEDIUMBLOB" => return Some(ColumnType::MEDIUM_BLOB),
        "LONGBLOB" => return Some(ColumnType::LONG_BLOB),
        _ => {}
    }
    let mut known = ColumnType::ALL.iter().copied();
    known
        .find(|known| known.name() == Some(name) && !NOT_NAMED.contains(known))
        .or_else(|| name.parse().ok().map(ColumnType))
}

/// The names of all types, for people.
pub(crate) fn column_type_names(is_compatible: bool) -> Vec<&'static str> {
    let known = ColumnType::ALL.iter();
    let known = known.filter(|known| !NOT_NAMED.contains(known));
    let names = known.filter_map(|known| known.name());
    let names = names.chain(["TINYBLOB", "MEDIUMBLOB", "LONGBLOB"]);
    match is_compatible {
        true => names.collect(),
        false => names.chain(SQL_NAMES).collect(),
    }
}

/// How many times each cell of a column is written: in the JSON scripts of 2018, as often as
/// its `repeat` says.
fn repeat<D: Document>(doc: &mut D, column: &D::Value) -> Result<usize, D::Error> {
    if !D::DIALECT.json_keys {
        return match doc.has(column, keys::REPEAT)? {
            true => Err(Misfit::Repeat.into()),
            false => Ok(1),
        };
    }
    let times = field::unsigned(doc, column, keys::REPEAT, MAX_REPEAT)?;
    Ok(times.and_then(|n| n.try_into().ok()).unwrap_or(1))
}

/// Names of SQL that the protocol doesn't have, for people.
const SQL_NAMES: [&str; 14] = [
    "TINYINT",
    "SMALLINT",
    "MEDIUMINT",
    "INT",
    "BIGINT",
    "BOOLEAN",
    "NUMERIC",
    "CHAR",
    "BINARY",
    "VARBINARY",
    "TEXT",
    "TINYTEXT",
    "MEDIUMTEXT",
    "LONGTEXT",
];
/// Types that go by another name in a script, or by none.
const NOT_NAMED: [ColumnType; 4] = [
    ColumnType::TINY_BLOB,
    ColumnType::MEDIUM_BLOB,
    ColumnType::LONG_BLOB,
    ColumnType::INVALID,
];
const DEFAULT_CATALOG: Bytes = Bytes::from_static(b"def");
/// A cell of up to 16 MiB from a value of one character.
const MAX_REPEAT: u64 = 1 << 24;
