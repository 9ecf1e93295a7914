//! The columns of user variables: as wide as any value of their type.

use mynah_classic::{ColumnFlags, ColumnType};

use super::shape::{NOT_FIXED, Shape};
use super::value::Value;

/// Of a variable with this value, which was in a column of this shape.
pub(super) fn shape(value: &Value, shape: Shape, is_mariadb: bool) -> Shape {
    let nullable = shape.nullable();
    match (value, is_mariadb) {
        (Value::Null, false) => unset_value(ColumnType::MEDIUM_BLOB),
        (Value::Null, true) => unset_value(ColumnType::LONG_BLOB),
        (Value::Integer(_), is_mariadb) => {
            let digits = if is_mariadb { 19 } else { 20 };
            Shape {
                flags: nullable.flags,
                ..Shape::integer(digits)
            }
        }
        (Value::Decimal(_), false) => Shape::new(ColumnType::NEWDECIMAL, 67, 30),
        (Value::Decimal(_), true) => Shape::new(ColumnType::NEWDECIMAL, 83, 38),
        (Value::Double(_), _) => Shape::DOUBLE,
        (Value::Text(_), _) => Shape {
            column_type: ColumnType::LONG_BLOB,
            length: match is_mariadb {
                true => LONGEST,
                false => LONGEST.saturating_mul(shape.set.most_bytes()),
            },
            flags: nullable.flags.difference(ColumnFlags::BINARY),
            ..Shape {
                set: shape.set,
                ..Shape::text(0)
            }
        },
    }
}

/// Of a variable that was never set.
pub(super) const fn unset(is_mariadb: bool) -> Shape {
    match is_mariadb {
        true => Shape::new(ColumnType::LONG_BLOB, LONGEST + 1, NOT_FIXED),
        false => Shape::new(ColumnType::VAR_STRING, 65_532, NOT_FIXED),
    }
}

const fn unset_value(column_type: ColumnType) -> Shape {
    Shape::new(column_type, LONGEST, NOT_FIXED)
}

/// How many characters a text may have.
const LONGEST: u32 = 16_777_215;
