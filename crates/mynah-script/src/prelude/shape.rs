//! The type, length and flags of the column that a value is sent in.

use mynah_classic::{ColumnFlags, ColumnType};

/// A column's type and sizes, before it is known in which character set it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) column_type: ColumnType,
    /// Of texts, in characters; of BLOB types that are texts, in bytes of their own character set.
    pub(super) length: u32,
    pub(super) decimals: u8,
    pub(super) flags: ColumnFlags,
    pub(super) set: TextSet,
    /// Of numbers, how many digits a value may have: arithmetic counts them.
    pub(super) digits: u32,
    /// An integer that MariaDB sends as LONG, and MySQL as LONGLONG.
    pub(super) is_short: bool,
}

/// The character set that a text is in before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextSet {
    /// None: bytes, numbers and times.
    Binary,
    /// That of the statement's texts, `collation_connection`.
    Connection,
    /// That of names, utf8mb3.
    System,
    /// That of a table's column, by its collation, with how many bytes a character takes at most.
    Own(u16, u8),
}

impl Shape {
    pub(super) const NULL: Self = Self::new(ColumnType::NULL, 0, 0);
    pub(super) const BIGINT: Self = Self::new(ColumnType::LONGLONG, 21, 0);
    pub(super) const UNSIGNED: Self = Self::BIGINT.with(ColumnFlags::UNSIGNED);
    /// A truth value.
    pub(super) const FLAG: Self = Self::new(ColumnType::LONGLONG, 1, 0).short();
    pub(super) const DOUBLE: Self = Self::new(ColumnType::DOUBLE, 23, NOT_FIXED);
    pub(super) const DATETIME: Self = Self::new(ColumnType::DATETIME, 19, 0);
    pub(super) const DATE: Self = Self::new(ColumnType::DATE, 10, 0);
    pub(super) const TIME: Self = Self::new(ColumnType::TIME, 10, 0);

    /// Of what has no character set.
    pub(super) const fn new(column_type: ColumnType, length: u32, decimals: u8) -> Self {
        Self {
            column_type,
            length,
            decimals,
            flags: ColumnFlags::BINARY,
            set: TextSet::Binary,
            digits: match length {
                0 | 1 => 1,
                _ => length - 1,
            },
            is_short: false,
        }
    }

    /// An integer with room for a sign.
    pub(super) const fn integer(digits: u32) -> Self {
        let length = digits.saturating_add(1);
        let number = Self::new(ColumnType::LONGLONG, length, 0);
        match digits < SHORT_DIGITS {
            true => number.short(),
            false => number,
        }
    }

    /// A number with so many digits, of them so many behind the point.
    pub(super) const fn decimal(digits: u32, decimals: u8) -> Self {
        let point = if decimals > 0 { 2 } else { 1 };
        let length = digits.saturating_add(point);
        Self {
            digits,
            ..Self::new(ColumnType::NEWDECIMAL, length, decimals)
        }
    }

    /// A text of up to so many characters.
    pub(super) const fn text(characters: u32) -> Self {
        Self {
            column_type: ColumnType::VAR_STRING,
            length: characters,
            decimals: NOT_FIXED,
            flags: ColumnFlags::empty(),
            set: TextSet::Connection,
            digits: 0,
            is_short: false,
        }
    }

    /// The same of a name, or of what the server says of itself.
    pub(super) const fn system_text(characters: u32) -> Self {
        Self {
            set: TextSet::System,
            ..Self::text(characters)
        }
    }

    /// What MariaDB sends as LONG.
    pub(super) const fn short(self) -> Self {
        Self {
            is_short: true,
            ..self
        }
    }

    pub(super) const fn with(self, flags: ColumnFlags) -> Self {
        Self {
            flags: self.flags.union(flags),
            ..self
        }
    }

    /// Of a value that is never NULL.
    pub(super) const fn never_null(self) -> Self {
        self.with(ColumnFlags::NOT_NULL)
    }

    /// Of a value that may be NULL.
    pub(super) const fn nullable(self) -> Self {
        Self {
            flags: self.flags.difference(ColumnFlags::NOT_NULL),
            ..self
        }
    }

    /// Of a value that may be NULL if one of these is.
    pub(super) fn null_as(self, others: &[Self]) -> Self {
        let never = |shape: &Self| shape.flags.contains(ColumnFlags::NOT_NULL);
        match others.iter().all(never) {
            true => self.never_null(),
            false => self.nullable(),
        }
    }

    pub(super) fn is_unsigned(self) -> bool {
        self.flags.contains(ColumnFlags::UNSIGNED)
    }

    pub(super) fn is_text(self) -> bool {
        self.set != TextSet::Binary
    }

    /// Whether it is of a type that is long: TINYTEXT to LONGTEXT.
    pub(super) fn is_blob(self) -> bool {
        matches!(
            self.column_type,
            ColumnType::TINY_BLOB
                | ColumnType::MEDIUM_BLOB
                | ColumnType::LONG_BLOB
                | ColumnType::BLOB
        )
    }

    pub(super) fn is_integer(self) -> bool {
        matches!(
            self.column_type,
            ColumnType::LONGLONG
                | ColumnType::LONG
                | ColumnType::INT24
                | ColumnType::SHORT
                | ColumnType::TINY
        )
    }

    /// How many characters the value has at most when it is made a text.
    pub(super) fn characters(self) -> u32 {
        match self.is_text() && self.is_blob() {
            true => self.length / self.set.most_bytes(),
            false => self.length,
        }
    }
}

impl TextSet {
    /// How many bytes a character takes at most. The connection's is taken for utf8mb4.
    pub(super) fn most_bytes(self) -> u32 {
        match self {
            Self::Binary => 1,
            Self::Connection => 4,
            Self::System => 3,
            Self::Own(_, most_bytes) => most_bytes.into(),
        }
    }
}

/// The decimals of what has no fixed number of them.
pub(super) const NOT_FIXED: u8 = 31;
/// MariaDB has an integer of fewer digits as LONG.
const SHORT_DIGITS: u32 = 10;
