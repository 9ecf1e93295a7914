use std::fmt;

use bitflags::bitflags;

/// The type of a column's or a parameter's values. Codes that have no constant are kept.
///
/// Documentation page: Column Definition, enum_field_types.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ColumnType(pub u8);

macro_rules! column_types {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        impl ColumnType {
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// All column types that have a constant.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The type's name, as MySQL's documentation spells it without `MYSQL_TYPE_`; `None` for a code that has no
            /// constant.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

column_types! {
    /// A decimal number, as servers before 5.0 have it; columns of later servers have NEWDECIMAL.
    DECIMAL = 0x00,
    /// An integer of one byte.
    TINY = 0x01,
    /// An integer of two bytes.
    SHORT = 0x02,
    /// An integer of four bytes.
    LONG = 0x03,
    /// A floating-point number of four bytes.
    FLOAT = 0x04,
    /// A floating-point number of eight bytes.
    DOUBLE = 0x05,
    /// The value NULL, and no other.
    NULL = 0x06,
    /// A point in time, stored as UTC and sent in the session's time zone.
    TIMESTAMP = 0x07,
    /// An integer of eight bytes.
    LONGLONG = 0x08,
    /// An integer of three bytes; the binary protocol sends it in four.
    INT24 = 0x09,
    /// A date.
    DATE = 0x0a,
    /// A time of day, or a span of time from -838:59:59 to 838:59:59.
    TIME = 0x0b,
    /// A date and a time of day.
    DATETIME = 0x0c,
    /// A year.
    YEAR = 0x0d,
    /// A date; inside the server only.
    NEWDATE = 0x0e,
    /// A string. Servers use the type internally and in binary logs, their column definitions have VAR_STRING; clients
    /// can send it as the type of a parameter.
    VARCHAR = 0x0f,
    /// A BIT column: up to 64 bits.
    BIT = 0x10,
    /// A point in time with fractions; inside the server and in binary logs only.
    TIMESTAMP2 = 0x11,
    /// A date and a time with fractions; inside the server and in binary logs only.
    DATETIME2 = 0x12,
    /// A time with fractions; inside the server and in binary logs only.
    TIME2 = 0x13,
    /// An array of values; in binary logs only.
    TYPED_ARRAY = 0x14,
    /// An array of floating-point numbers of four bytes.
    VECTOR = 0xf2,
    /// The server's marker for no valid type.
    INVALID = 0xf3,
    /// A truth value; inside the server only.
    BOOL = 0xf4,
    /// A JSON document, as text.
    JSON = 0xf5,
    /// A decimal number.
    NEWDECIMAL = 0xf6,
    /// An ENUM: one of its members. Servers' column definitions have STRING and the ENUM flag instead.
    ENUM = 0xf7,
    /// A SET: any number of its members. Servers' column definitions have STRING and the SET flag instead.
    SET = 0xf8,
    /// Bytes or text of up to 255 bytes. In servers' column definitions, columns of tables have BLOB instead.
    TINY_BLOB = 0xf9,
    /// Bytes or text of up to 2²⁴−1 bytes. In servers' column definitions, columns of tables have BLOB instead.
    MEDIUM_BLOB = 0xfa,
    /// Bytes or text of up to 2³²−1 bytes. In servers' column definitions, columns of tables have BLOB instead.
    LONG_BLOB = 0xfb,
    /// Bytes or text of up to 2¹⁶−1 bytes; in servers' column definitions, tables' BLOBs and TEXTs of all sizes.
    BLOB = 0xfc,
    /// A string of varying length.
    VAR_STRING = 0xfd,
    /// A string of fixed length; in column definitions also an ENUM or a SET.
    STRING = 0xfe,
    /// A geometry.
    GEOMETRY = 0xff,
}

impl ColumnType {
    /// Whether values of this type are numbers: integers, floating-point numbers, decimals or years. For BIT and BOOL
    /// the result is `false`.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(
            self,
            Self::TINY
                | Self::SHORT
                | Self::INT24
                | Self::LONG
                | Self::LONGLONG
                | Self::FLOAT
                | Self::DOUBLE
                | Self::DECIMAL
                | Self::NEWDECIMAL
                | Self::YEAR
        )
    }

    /// Whether values of this type are strings: texts, or bytes if the character set is binary. For BLOBs, JSON and
    /// GEOMETRY the result is `false`.
    #[must_use]
    pub fn is_string(self) -> bool {
        matches!(
            self,
            Self::VARCHAR | Self::VAR_STRING | Self::STRING | Self::ENUM | Self::SET
        )
    }
}

impl fmt::Debug for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#04x}", self.0),
        }
    }
}

bitflags! {
    /// Flags of a column. Bits that have no constant are kept.
    ///
    /// Documentation page: Column Definition Flags.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct ColumnFlags: u16 {
        /// The column is never NULL.
        const NOT_NULL = 0x0001;
        /// The column is part of the primary key.
        const PRI_KEY = 0x0002;
        /// The column is part of a unique key.
        const UNIQUE_KEY = 0x0004;
        /// The column is the first of a key in which one value of the column may occur several times.
        const MULTIPLE_KEY = 0x0008;
        /// The values are BLOBs, TEXTs, JSON, geometries or vectors.
        const BLOB = 0x0010;
        /// Numbers have no sign. Servers also set it for some values that are no numbers, such as BIT.
        const UNSIGNED = 0x0020;
        /// The values are numbers that are shown with leading zeros.
        const ZEROFILL = 0x0040;
        /// The values are bytes, or text that is compared by character code. Servers also set it for dates, times, JSON
        /// and expressions that are numbers.
        const BINARY = 0x0080;
        /// The column is an ENUM.
        const ENUM = 0x0100;
        /// The column is numbered automatically (AUTO_INCREMENT).
        const AUTO_INCREMENT = 0x0200;
        /// The column is a TIMESTAMP with CURRENT_TIMESTAMP as its default or for updates. Other TIMESTAMPs don't have
        /// the flag (seen: MySQL 9.7).
        const TIMESTAMP = 0x0400;
        /// The column is a SET.
        const SET = 0x0800;
        /// The column has no default value.
        const NO_DEFAULT_VALUE = 0x1000;
        /// An UPDATE that changes a row sets the column to the current time, unless it assigns a value to the column.
        const ON_UPDATE_NOW = 0x2000;
        /// The column is part of some key.
        const PART_KEY = 0x4000;
        /// The values are numbers, if a client library has set the flag, as they do themselves. From a server the flag
        /// doesn't mean numbers (seen: MariaDB 10.11, for strings).
        const NUM = 0x8000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_prints_its_name_and_an_unknown_one_its_code() {
        assert_eq!(format!("{:?}", ColumnType::LONGLONG), "LONGLONG");
        assert_eq!(format!("{:?}", ColumnType(0x2a)), "0x2a");
    }
}
