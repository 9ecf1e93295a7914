use crate::command::{ParameterFlags, ParameterType};
use crate::resultset::ColumnDefinition41;
use crate::{ColumnFlags, ColumnType};

/// The properties of a column or a parameter that determine the form of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ValueType {
    /// The type of the column or parameter.
    pub column_type: ColumnType,
    /// Whether integers of this type are unsigned.
    pub unsigned: bool,
}

impl ValueType {
    /// A type with signed integers, if it has integers.
    #[must_use]
    pub const fn signed(column_type: ColumnType) -> Self {
        Self {
            column_type,
            unsigned: false,
        }
    }

    /// A type with unsigned integers, if it has integers.
    #[must_use]
    pub const fn unsigned(column_type: ColumnType) -> Self {
        Self {
            column_type,
            unsigned: true,
        }
    }

    /// Reads the two bytes of a parameter's type in COM_STMT_EXECUTE.
    #[must_use]
    pub const fn from_parameter([column_type, flags]: [u8; 2]) -> Self {
        Self {
            column_type: ColumnType(column_type),
            unsigned: flags & UNSIGNED != 0,
        }
    }

    /// The two bytes of a parameter's type in COM_STMT_EXECUTE.
    #[must_use]
    pub const fn to_parameter(self) -> [u8; 2] {
        [self.column_type.0, if self.unsigned { UNSIGNED } else { 0 }]
    }

    pub(super) const fn form(self) -> Option<Form> {
        Some(match self.column_type {
            ColumnType::TINY => Form::Int1,
            ColumnType::SHORT | ColumnType::YEAR => Form::Int2,
            ColumnType::LONG | ColumnType::INT24 => Form::Int4,
            ColumnType::LONGLONG => Form::Int8,
            ColumnType::FLOAT => Form::Float,
            ColumnType::DOUBLE => Form::Double,
            ColumnType::NULL => Form::Null,
            ColumnType::DATE | ColumnType::NEWDATE => Form::Date,
            ColumnType::DATETIME | ColumnType::TIMESTAMP => Form::DateTime,
            ColumnType::TIME => Form::Time,
            ColumnType::DECIMAL | ColumnType::NEWDECIMAL => Form::Decimal,
            ColumnType::BIT => Form::Bit,
            ColumnType::VARCHAR
            | ColumnType::VECTOR
            | ColumnType::JSON
            | ColumnType::ENUM
            | ColumnType::SET
            | ColumnType::TINY_BLOB
            | ColumnType::MEDIUM_BLOB
            | ColumnType::LONG_BLOB
            | ColumnType::BLOB
            | ColumnType::VAR_STRING
            | ColumnType::STRING
            | ColumnType::GEOMETRY => Form::Bytes,
            _ => return None,
        })
    }
}

impl From<&ColumnDefinition41> for ValueType {
    fn from(column: &ColumnDefinition41) -> Self {
        Self {
            column_type: column.column_type,
            unsigned: column.flags.contains(ColumnFlags::UNSIGNED),
        }
    }
}

impl From<&ParameterType> for ValueType {
    fn from(parameter: &ParameterType) -> Self {
        Self {
            column_type: parameter.column_type,
            unsigned: parameter.flags.contains(ParameterFlags::UNSIGNED),
        }
    }
}

/// The form of a type's values on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Int1,
    Int2,
    Int4,
    Int8,
    Float,
    Double,
    Null,
    Date,
    DateTime,
    Time,
    Decimal,
    Bit,
    Bytes,
}

const UNSIGNED: u8 = 0x80;
