use bitflags::bitflags;
use bytes::Bytes;
use mynah_wire::{DecodeError, Reader};

use crate::ColumnType;

/// A parameter of a statement, or a query attribute.
///
/// Documentation page: COM_STMT_EXECUTE.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Parameter {
    /// The type and the name of the parameter.
    pub parameter_type: ParameterType,
    /// The value of the parameter.
    pub value: ParameterValue,
}

/// Type and name of a parameter.
///
/// Documentation page: COM_STMT_EXECUTE, parameter_type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ParameterType {
    /// The type of the parameter's value.
    pub column_type: ColumnType,
    /// Flags of the type: whether integers are unsigned.
    pub flags: ParameterFlags,
    /// The query attribute's name. Parameters that stand for a `?` need none; empty if QUERY_ATTRIBUTES isn't shared.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub name: Bytes,
}

bitflags! {
    /// Flags of a parameter's type. Bits that have no constant are kept.
    ///
    /// Documentation page: COM_STMT_EXECUTE, parameter_type.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct ParameterFlags: u8 {
        /// An integer without a sign.
        const UNSIGNED = 0x80;

        const _ = !0;
    }
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ParameterValue {
    /// The value NULL.
    Null,
    /// The value was sent before, by COM_STMT_SEND_LONG_DATA. The parameter's NULL bit means nothing:
    /// libmariadb 3.3 sets it, libmysqlclient 9.7 doesn't.
    LongData,
    /// The value as its bytes in the packet, including the length of a type without fixed width.
    ///
    /// Documentation page: Binary Protocol Value.
    Value(
        /// The value's bytes in the packet.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
        Bytes,
    ),
}

/// Reads one value. An unknown type is read as a string, as servers do.
pub(super) fn read_value(
    r: &mut Reader<'_>,
    column_type: ColumnType,
) -> Result<Bytes, DecodeError> {
    let len = match column_type {
        ColumnType::NULL => 0,
        ColumnType::TINY => 1,
        ColumnType::SHORT | ColumnType::YEAR => 2,
        ColumnType::LONG | ColumnType::INT24 | ColumnType::FLOAT => 4,
        ColumnType::LONGLONG | ColumnType::DOUBLE => 8,
        ColumnType::DATE | ColumnType::DATETIME | ColumnType::TIMESTAMP | ColumnType::TIME => {
            1 + usize::from(r.clone().u8(VALUE)?)
        }
        _ => {
            let mut after = r.clone();
            after.lenenc_string(VALUE)?;
            after.offset() - r.offset()
        }
    };
    r.string(VALUE, len)
}

const VALUE: &str = "parameter_value";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_value_is_that_of_its_type() {
        let payload = Bytes::from_static(b"\x07\x01\x02\x03\x04\x05\x06\x07\x08\x09");
        for (column_type, len) in [
            (ColumnType::NULL, 0),
            (ColumnType::TINY, 1),
            (ColumnType::YEAR, 2),
            (ColumnType::FLOAT, 4),
            (ColumnType::DOUBLE, 8),
            (ColumnType::DATETIME, 8),
            (ColumnType::STRING, 8),
            (ColumnType::NEWDECIMAL, 8),
            (ColumnType(0x2a), 8),
        ] {
            let mut r = Reader::new(&payload);
            let value = read_value(&mut r, column_type).unwrap();
            assert_eq!(value, payload.slice(..len), "{column_type:?}");
            assert_eq!(r.offset(), len, "{column_type:?}");
        }
    }
}
