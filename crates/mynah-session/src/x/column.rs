//! Converts column definitions to the X Protocol's form.

use bytes::Bytes;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_x::resultset::{
    ColumnFlags as XFlags, ColumnMetaData, ContentType, DateTimeContentType, FieldType,
};

/// How the cells of a column are written.
pub(super) fn field_type(column: &ColumnDefinition41) -> FieldType {
    if column.flags.contains(ColumnFlags::ENUM) {
        return FieldType::Enum;
    }
    if column.flags.contains(ColumnFlags::SET) {
        return FieldType::Set;
    }
    match column.column_type {
        ColumnType::TINY
        | ColumnType::SHORT
        | ColumnType::INT24
        | ColumnType::LONG
        | ColumnType::LONGLONG
        | ColumnType::BOOL => {
            if column.flags.contains(ColumnFlags::UNSIGNED) {
                FieldType::Uint
            } else {
                FieldType::Sint
            }
        }
        ColumnType::YEAR => FieldType::Uint,
        ColumnType::FLOAT => FieldType::Float,
        ColumnType::DOUBLE => FieldType::Double,
        ColumnType::DECIMAL | ColumnType::NEWDECIMAL => FieldType::Decimal,
        ColumnType::BIT => FieldType::Bit,
        ColumnType::TIME | ColumnType::TIME2 => FieldType::Time,
        ColumnType::DATE
        | ColumnType::NEWDATE
        | ColumnType::DATETIME
        | ColumnType::DATETIME2
        | ColumnType::TIMESTAMP
        | ColumnType::TIMESTAMP2 => FieldType::Datetime,
        ColumnType::ENUM => FieldType::Enum,
        ColumnType::SET => FieldType::Set,
        _ => FieldType::Bytes,
    }
}

/// A column; `compact` leaves out its names.
pub(super) fn metadata(column: &ColumnDefinition41, compact: bool) -> ColumnMetaData {
    let field_type = field_type(column);
    let column_type = column.column_type;
    let mut flags = XFlags::empty();
    for (classic, x) in [
        (ColumnFlags::NOT_NULL, XFlags::NOT_NULL),
        (ColumnFlags::PRI_KEY, XFlags::PRIMARY_KEY),
        (ColumnFlags::UNIQUE_KEY, XFlags::UNIQUE_KEY),
        (ColumnFlags::MULTIPLE_KEY, XFlags::MULTIPLE_KEY),
        (ColumnFlags::AUTO_INCREMENT, XFlags::AUTO_INCREMENT),
    ] {
        flags.set(x, column.flags.contains(classic));
    }
    let is_timestamp = matches!(column_type, ColumnType::TIMESTAMP | ColumnType::TIMESTAMP2);
    let special = match field_type {
        FieldType::Uint => {
            column.flags.contains(ColumnFlags::ZEROFILL) && column_type != ColumnType::YEAR
        }
        FieldType::Double | FieldType::Float | FieldType::Decimal => {
            column.flags.contains(ColumnFlags::UNSIGNED)
        }
        FieldType::Bytes => column_type == ColumnType::STRING,
        FieldType::Datetime => is_timestamp,
        _ => false,
    };
    flags.set(XFlags::TYPE_SPECIFIC, special);

    let content_type = match (field_type, column_type) {
        (FieldType::Bytes, ColumnType::JSON) => Some(ContentType::Json as u32),
        (FieldType::Bytes, ColumnType::GEOMETRY) => Some(ContentType::Geometry as u32),
        (FieldType::Datetime, ColumnType::DATE | ColumnType::NEWDATE) => {
            Some(DateTimeContentType::Date as u32)
        }
        (FieldType::Datetime, _) => Some(DateTimeContentType::Datetime as u32),
        _ => None,
    };
    let is_text = matches!(
        field_type,
        FieldType::Bytes | FieldType::Enum | FieldType::Set
    ) && !matches!(column_type, ColumnType::GEOMETRY | ColumnType::NULL);
    let is_number = matches!(
        field_type,
        FieldType::Float | FieldType::Double | FieldType::Decimal
    );
    let is_counted = !matches!(field_type, FieldType::Enum | FieldType::Set)
        && !matches!(column_type, ColumnType::GEOMETRY | ColumnType::NULL);

    let mut metadata = ColumnMetaData {
        r#type: field_type.into(),
        collation: is_text.then(|| column.character_set.into()),
        fractional_digits: is_number.then(|| decimals(column, field_type)),
        length: is_counted.then(|| length(column)),
        flags: Some(flags.bits()).filter(|flags| *flags != 0),
        content_type,
        ..ColumnMetaData::default()
    };
    if !compact {
        let names = column.names.parts();
        let name = |name: &[u8]| Some(Bytes::copy_from_slice(name));
        metadata.name = name(names.name);
        metadata.original_name = name(names.org_name);
        metadata.table = name(names.table);
        metadata.original_table = name(names.org_table);
        metadata.schema = name(names.schema);
        metadata.catalog = name(names.catalog);
    }
    metadata
}

/// The digits after the decimal point. A floating-point number has as many as it needs, unless the column
/// says otherwise.
fn decimals(column: &ColumnDefinition41, field_type: FieldType) -> u32 {
    match (field_type, column.decimals) {
        (FieldType::Float | FieldType::Double, 0) => ANY_DECIMALS,
        (_, decimals) => decimals.into(),
    }
}

/// The length of a column; by default that of a server's column of the type. Clients see by the length of a
/// date column whether its values have a time.
fn length(column: &ColumnDefinition41) -> u32 {
    if column.column_length != 0 {
        return column.column_length;
    }
    let is_unsigned = column.flags.contains(ColumnFlags::UNSIGNED);
    let fraction = match column.decimals {
        decimals @ 1..=6 => u32::from(decimals) + 1,
        _ => 0,
    };
    match column.column_type {
        ColumnType::TINY => 4 - u32::from(is_unsigned),
        ColumnType::SHORT => 6 - u32::from(is_unsigned),
        ColumnType::INT24 => 9 - u32::from(is_unsigned),
        ColumnType::LONG => 11 - u32::from(is_unsigned),
        ColumnType::LONGLONG => 20,
        ColumnType::YEAR => 4,
        ColumnType::FLOAT => 12,
        ColumnType::DOUBLE => 22,
        ColumnType::BIT => 64,
        ColumnType::DATE | ColumnType::NEWDATE => 10,
        ColumnType::TIME | ColumnType::TIME2 => 10 + fraction,
        ColumnType::DATETIME
        | ColumnType::DATETIME2
        | ColumnType::TIMESTAMP
        | ColumnType::TIMESTAMP2 => 19 + fraction,
        _ => 0,
    }
}

/// What a floating-point column says that has any number of digits.
const ANY_DECIMALS: u32 = 31;
