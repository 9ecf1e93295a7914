use bytes::Bytes;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, ExtendedMetadata, NameParts};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_session::ResultSet;

use super::cell_type::CellType;
use super::completion::completion;
use super::inferred::{Inferred, Untyped};
use super::optional::Optional;
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
    let all_rows = doc.get(object, keys::ROWS)?;
    let has_rows = doc.kind(&all_rows) != Kind::Undefined;
    let (definitions, row_columns) = match doc.kind(&columns) {
        Kind::Array => columns_of(doc, &columns, &all_rows)?,
        Kind::Undefined if has_rows && !doc.is_compatible() => without_columns(doc, &all_rows)?,
        _ => return Err(Misfit::ExpectObject.into()),
    };
    Ok(ResultSet {
        columns: definitions.into(),
        rows: rows(doc, &all_rows, row_columns)?,
        end: completion(doc, object)?,
        is_out_parameters: false,
    })
}

/// Columns, and how their cells are read.
type Columns = (Vec<ColumnDefinition41>, Vec<RowColumn>);

fn columns_of<D: Document>(
    doc: &mut D,
    columns: &D::Value,
    rows: &D::Value,
) -> Result<Columns, D::Error> {
    let mut read = Vec::new();
    let mut untyped = Vec::new();
    let mut next = 0;
    while let Some(column) = doc.next_element(columns, &mut next)? {
        match doc.kind(&column) {
            kind if kind.is_object() => {}
            Kind::String if read.is_empty() && !doc.is_compatible() => {
                let names = names(doc, columns)?;
                return of_names(doc, names, rows);
            }
            _ => return Err(Misfit::ExpectObject.into()),
        }
        let definition = match column_type(doc, &column)? {
            Some((column_type, implied)) => {
                let definition = column_definition(doc, &column, column_type, implied)?;
                let says_decimals = implied.is_some() || doc.has(&column, keys::DECIMALS)?;
                Some((definition, says_decimals))
            }
            None => {
                let name = field::required_string(doc, &column, keys::NAME)?;
                untyped.push((read.len(), String::from_utf8_lossy(&name).into_owned()));
                None
            }
        };
        let repeat = repeat(doc, &column)?;
        read.push((column, definition, repeat));
    }
    if read.is_empty() {
        return Err(Misfit::NoColumns.into());
    }
    let inferred = match untyped.is_empty() {
        true => Vec::new(),
        false => Untyped::named(untyped).infer(doc, rows)?,
    };
    let mut inferred = inferred.into_iter();
    let mut definitions = Vec::new();
    let mut row_columns = Vec::new();
    for (column, definition, repeat) in read {
        let (definition, says_decimals, held) = match definition {
            Some((definition, says_decimals)) => (definition, says_decimals, None),
            None => {
                let inferred = inferred.next().ok_or(Misfit::Missing(keys::TYPE.name))?;
                let implied = inferred.sql_type;
                let definition =
                    column_definition(doc, &column, implied.column_type, Some(implied))?;
                (definition, true, inferred.held)
            }
        };
        let column = row_column(&definition, says_decimals, repeat);
        row_columns.push(RowColumn { held, ..column });
        definitions.push(definition);
    }
    Ok((definitions, row_columns))
}

/// The names of columns that have nothing but names: `["id", "name"]`.
fn names<D: Document>(doc: &mut D, columns: &D::Value) -> Result<Vec<String>, D::Error> {
    let mut names = Vec::new();
    let mut next = 0;
    while let Some(column) = doc.next_element(columns, &mut next)? {
        if doc.kind(&column) != Kind::String {
            return Err(Misfit::NotString(keys::COLUMNS.name).into());
        }
        names.push(doc.text(&column, |name| String::from_utf8_lossy(name).into_owned())?);
    }
    Ok(names)
}

fn of_names<D: Document>(
    doc: &mut D,
    names: Vec<String>,
    rows: &D::Value,
) -> Result<Columns, D::Error> {
    let inferred = Untyped::named(names.into_iter().enumerate()).infer(doc, rows)?;
    Ok(inferred_columns(inferred))
}

/// The columns of a result without `columns`, inferred from its rows.
fn without_columns<D: Document>(doc: &mut D, rows: &D::Value) -> Result<Columns, D::Error> {
    Ok(inferred_columns(Untyped::of_first_row().infer(doc, rows)?))
}

fn inferred_columns(inferred: Vec<Inferred>) -> Columns {
    let columns = inferred.into_iter().map(
        |Inferred {
             name,
             sql_type,
             held,
         }| {
            let definition = of_type(name.as_bytes(), sql_type);
            let column = row_column(&definition, true, 1);
            (definition, RowColumn { held, ..column })
        },
    );
    columns.unzip()
}

/// A column of which no more is said.
fn of_type(name: &[u8], sql_type: SqlType) -> ColumnDefinition41 {
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            catalog: &DEFAULT_CATALOG,
            schema: b"",
            table: b"",
            org_table: b"",
            name,
            org_name: b"",
        }),
        extended_metadata: ExtendedMetadata::default(),
        character_set: sql_type.character_set,
        column_length: sql_type.length,
        column_type: sql_type.column_type,
        flags: sql_type.flags,
        decimals: sql_type.decimals,
    }
}

/// A column as its rows are read; `says_decimals` is whether the script or the type gives the column's `decimals`.
fn row_column(column: &ColumnDefinition41, says_decimals: bool, repeat: usize) -> RowColumn {
    let decimals = says_decimals.then_some(column.decimals);
    RowColumn {
        name: Bytes::copy_from_slice(column.names.name()),
        cell_type: CellType::new(column.column_type, decimals, column.column_length),
        repeat,
        held: None,
    }
}

/// Columns alone, which may be none.
pub(super) fn definitions<D: Document>(
    doc: &mut D,
    columns: &D::Value,
) -> Result<Vec<ColumnDefinition41>, D::Error> {
    let (mut definitions, mut next) = (Vec::new(), 0);
    while let Some(column) = doc.next_element(columns, &mut next)? {
        let (column_type, implied) =
            column_type(doc, &column)?.ok_or(Misfit::Missing(keys::TYPE.name))?;
        definitions.push(column_definition(doc, &column, column_type, implied)?);
    }
    Ok(definitions)
}

fn column_definition<D: Document>(
    doc: &mut D,
    column: &D::Value,
    column_type: ColumnType,
    implied: Option<SqlType>,
) -> Result<ColumnDefinition41, D::Error> {
    let name = field::required_string(doc, column, keys::NAME)?;
    let mut optional = Optional::of(doc, column);
    let character_set = optional.u16(keys::CHARACTER_SET)?;
    let names = ColumnNames::new(&NameParts {
        catalog: &optional.string(keys::CATALOG)?.unwrap_or(DEFAULT_CATALOG),
        schema: &optional.string(keys::SCHEMA)?.unwrap_or_default(),
        table: &optional.string(keys::TABLE)?.unwrap_or_default(),
        org_table: &optional.string(keys::ORIG_TABLE)?.unwrap_or_default(),
        name: &name,
        org_name: &optional.string(keys::ORIG_NAME)?.unwrap_or_default(),
    });
    Ok(ColumnDefinition41 {
        names,
        extended_metadata: optional.read(keys::EXTENDED, extended)?,
        character_set: character_set
            .or(implied.map(|implied| implied.character_set))
            .unwrap_or(D::DIALECT.character_set),
        column_length: optional
            .u32(keys::LENGTH)?
            .or(implied.map(|implied| implied.length))
            .unwrap_or(0),
        column_type,
        flags: optional
            .u16(keys::FLAGS)?
            .map(ColumnFlags::from_bits_retain)
            .or(implied.map(|implied| implied.flags))
            .unwrap_or(ColumnFlags::empty()),
        decimals: optional
            .u8(keys::DECIMALS)?
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

/// A type by the protocol's name, by its number, which may stand in a string, or by SQL's name, which implies more.
/// Nothing if the column has none.
fn column_type<D: Document>(
    doc: &mut D,
    column: &D::Value,
) -> Result<Option<(ColumnType, Option<SqlType>)>, D::Error> {
    let value = doc.get(column, keys::TYPE)?;
    match doc.kind(&value) {
        Kind::Undefined if !doc.is_compatible() => return Ok(None),
        Kind::Undefined => return Err(Misfit::Missing(keys::TYPE.name).into()),
        Kind::String | Kind::Number => {}
        _ => return Err(Misfit::NotString(keys::TYPE.name).into()),
    }
    if let Some(Number::Unsigned(code)) = doc.number(&value)
        && let Ok(code) = code.try_into()
    {
        return Ok(Some((ColumnType(code), None)));
    }
    let is_compatible = doc.is_compatible();
    let known = doc.text(&value, |name| {
        named_or_sql_type(name, is_compatible)
            .ok_or_else(|| String::from_utf8_lossy(name).into_owned())
    })?;
    known
        .map(Some)
        .map_err(|name| Misfit::UnknownType(name).into())
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
