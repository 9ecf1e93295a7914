//! Converts a server's answers of the X Protocol, to the same form as those of the classic protocol.

use bytes::Bytes;
use mynah_classic::value::{DateTime, Time, Value};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_x::field::Cell as Field;
use mynah_x::resultset::{
    ColumnFlags as XFlags, ColumnMetaData, ContentType, DateTimeContentType, FieldType, Row,
};

use crate::cells::written;
use crate::numbers::{ANY_DECIMALS, float, zero_filled};
use crate::{Cell, Column};

/// Converts a column definition of the X Protocol to the form of the classic protocol. Integers get the type LONGLONG,
/// as the X Protocol doesn't distinguish them by width.
#[must_use]
pub fn x_column(column: &ColumnMetaData) -> Column {
    let text = |name: &Option<Bytes>| {
        String::from_utf8_lossy(name.as_deref().unwrap_or_default()).into_owned()
    };
    let (column_type, special) = column_type(column);
    let mut flags = special;
    for (x, classic) in [
        (XFlags::NOT_NULL, ColumnFlags::NOT_NULL),
        (XFlags::PRIMARY_KEY, ColumnFlags::PRI_KEY),
        (XFlags::UNIQUE_KEY, ColumnFlags::UNIQUE_KEY),
        (XFlags::MULTIPLE_KEY, ColumnFlags::MULTIPLE_KEY),
        (XFlags::AUTO_INCREMENT, ColumnFlags::AUTO_INCREMENT),
    ] {
        flags.set(classic, x_flags(column).contains(x));
    }
    let collation = column.collation.and_then(|id| u16::try_from(id).ok());
    Column {
        name: text(&column.name),
        column_type: column_type.name().unwrap_or_default().to_owned(),
        catalog: text(&column.catalog),
        schema: text(&column.schema),
        table: text(&column.table),
        orig_table: text(&column.original_table),
        orig_name: text(&column.original_name),
        character_set: collation.unwrap_or(BINARY_COLLATION),
        length: column.length.unwrap_or_default(),
        flags: flags.bits(),
        decimals: decimals(column),
        extended: None,
    }
}

/// Converts the cells of a row of the X Protocol; `None` if they don't fit the columns.
#[must_use]
pub fn x_cells(row: &Row, columns: &[ColumnMetaData]) -> Option<Vec<Cell>> {
    if row.field.len() != columns.len() {
        return None;
    }
    let cells = row.field.iter().zip(columns);
    cells.map(|(field, column)| cell(field, column)).collect()
}

fn cell(field: &[u8], column: &ColumnMetaData) -> Option<Cell> {
    let text = match Field::from_field(field, column.field_type()?).ok()? {
        Field::Null => return Some(Cell::Null),
        Field::Sint(number) => number.to_string(),
        Field::Uint(number) if x_flags(column).contains(XFlags::TYPE_SPECIFIC) => {
            zero_filled(&number.to_string(), column.length.unwrap_or_default())
        }
        Field::Uint(number) => number.to_string(),
        Field::Double(number) => float(number, decimals(column)),
        Field::Float(number) => float(number, decimals(column)),
        Field::Decimal(decimal) => decimal.to_string(),
        Field::Bit(bits) => {
            let len = column.length.unwrap_or(64).div_ceil(8).clamp(1, 8);
            let bytes = bits.to_be_bytes();
            let start = bytes.len().saturating_sub(usize::try_from(len).ok()?);
            return Some(Cell::Bytes(Bytes::copy_from_slice(bytes.get(start..)?)));
        }
        Field::Bytes(bytes) if column.content_type == Some(ContentType::Geometry as u32) => {
            return Some(Cell::Bytes(Bytes::copy_from_slice(bytes)));
        }
        Field::Bytes(bytes) | Field::Enum(bytes) => return Some(Cell::readable(bytes)),
        Field::Set(set) => {
            let members: Vec<_> = set.iter().collect();
            return Some(Cell::readable(&members.join(&b","[..])));
        }
        Field::Time(time) => {
            let time = Time::from_text(time.to_string().as_bytes())?;
            written(&Value::Time(time), decimals(column))
        }
        Field::DateTime(moment) if is_date(column) => {
            let text = moment.to_string();
            text.split(' ').next().unwrap_or_default().to_owned()
        }
        Field::DateTime(moment) => {
            let moment = DateTime::from_text(moment.to_string().as_bytes())?;
            written(&Value::DateTime(moment), decimals(column))
        }
    };
    Some(Cell::Text(text))
}

/// The type, and flags that say more of it. Integers have the widest type, so that each value fits.
fn column_type(column: &ColumnMetaData) -> (ColumnType, ColumnFlags) {
    let special = x_flags(column).contains(XFlags::TYPE_SPECIFIC);
    let if_special = |flag| if special { flag } else { ColumnFlags::empty() };
    let none = ColumnFlags::empty();
    let content = |content: ContentType| column.content_type == Some(content as u32);
    match column.field_type().unwrap_or(FieldType::Bytes) {
        FieldType::Sint => (ColumnType::LONGLONG, none),
        FieldType::Uint => {
            let zero_fill = if_special(ColumnFlags::ZEROFILL);
            (ColumnType::LONGLONG, ColumnFlags::UNSIGNED | zero_fill)
        }
        FieldType::Double => (ColumnType::DOUBLE, if_special(ColumnFlags::UNSIGNED)),
        FieldType::Float => (ColumnType::FLOAT, if_special(ColumnFlags::UNSIGNED)),
        FieldType::Decimal => (ColumnType::NEWDECIMAL, if_special(ColumnFlags::UNSIGNED)),
        FieldType::Bit => (ColumnType::BIT, ColumnFlags::UNSIGNED),
        FieldType::Time => (ColumnType::TIME, none),
        FieldType::Datetime if is_date(column) => (ColumnType::DATE, none),
        FieldType::Datetime if special => (ColumnType::TIMESTAMP, none),
        FieldType::Datetime => (ColumnType::DATETIME, none),
        FieldType::Set => (ColumnType::STRING, ColumnFlags::SET),
        FieldType::Enum => (ColumnType::STRING, ColumnFlags::ENUM),
        FieldType::Bytes if content(ContentType::Json) => (ColumnType::JSON, none),
        FieldType::Bytes if content(ContentType::Geometry) => (ColumnType::GEOMETRY, none),
        FieldType::Bytes if column.collation.is_none() && column.length.is_none() => {
            (ColumnType::NULL, none)
        }
        FieldType::Bytes if special => (ColumnType::STRING, none),
        // Also cells of types that are not known here.
        _ => (ColumnType::VAR_STRING, none),
    }
}

fn x_flags(column: &ColumnMetaData) -> XFlags {
    XFlags::from_bits_retain(column.flags.unwrap_or_default())
}

fn is_date(column: &ColumnMetaData) -> bool {
    column.content_type == Some(DateTimeContentType::Date as u32)
}

/// Digits behind the point. Of moments the protocol doesn't say how many, but how long they are.
fn decimals(column: &ColumnMetaData) -> u8 {
    let length = column.length.unwrap_or_default();
    let decimals = match column.field_type() {
        Some(FieldType::Float | FieldType::Double) => {
            column.fractional_digits.unwrap_or(ANY_DECIMALS.into())
        }
        Some(FieldType::Decimal) => column.fractional_digits.unwrap_or_default(),
        Some(FieldType::Datetime) => length.saturating_sub(DATETIME_LENGTH + 1).min(6),
        Some(FieldType::Time) => length.saturating_sub(TIME_LENGTH + 1).min(6),
        _ => 0,
    };
    u8::try_from(decimals).unwrap_or(ANY_DECIMALS)
}

/// The collation `binary`.
const BINARY_COLLATION: u16 = 63;

/// How long moments without a fraction are.
const DATETIME_LENGTH: u32 = 19;
const TIME_LENGTH: u32 = 10;
