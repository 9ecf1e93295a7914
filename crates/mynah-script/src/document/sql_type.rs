//! Column types by SQL's names, with the column definitions that MySQL 9.7 has for them.

use mynah_classic::{ColumnFlags, ColumnType};

/// What the name of a type implies for a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SqlType {
    pub(crate) column_type: ColumnType,
    pub(crate) length: u32,
    pub(crate) decimals: u8,
    pub(crate) flags: ColumnFlags,
    pub(crate) character_set: u16,
}

impl SqlType {
    /// Reads a name: `INT`, `bigint unsigned`, `DECIMAL(10, 2)`, `ENUM('a', 'b')`.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let name = name.trim();
        let (name, is_zerofill) = without_word(name, "ZEROFILL");
        let (name, is_unsigned) = without_word(name, "UNSIGNED");
        let (base, arguments) = match name.split_once('(') {
            Some((base, rest)) => (base.trim_end(), Some(rest.trim_end().strip_suffix(')')?)),
            None => (name, None),
        };
        let base = base.to_ascii_uppercase();
        if let ("ENUM" | "SET", Some(list)) = (base.as_str(), arguments) {
            return of_members(&base, &lengths(list)?);
        }
        let numbers = arguments.map(|list| list.split(',').map(|n| n.trim().parse().ok()));
        let numbers: Vec<u32> = numbers.into_iter().flatten().collect::<Option<_>>()?;
        let mut found = of(&base, &numbers)?;
        if is_unsigned || is_zerofill {
            if !found.column_type.is_number() {
                return None;
            }
            // A sign takes a place, except where a length was given, and in a BIGINT, which is as long without.
            let has_place = numbers.is_empty() || found.column_type == ColumnType::NEWDECIMAL;
            let is_whole = !matches!(
                found.column_type,
                ColumnType::LONGLONG | ColumnType::FLOAT | ColumnType::DOUBLE
            );
            found.length = found
                .length
                .saturating_sub(u32::from(has_place && is_whole));
            found.flags |= ColumnFlags::UNSIGNED;
            found.flags.set(ColumnFlags::ZEROFILL, is_zerofill);
        }
        Some(found)
    }
}

fn of(base: &str, numbers: &[u32]) -> Option<SqlType> {
    let (first, second) = (numbers.first().copied(), numbers.get(1).copied());
    let whole = |column_type, length| number(column_type, first.unwrap_or(length), 0);
    let none = ColumnFlags::empty();
    let text = |column_type, chars: u32| of_type(column_type, chars.checked_mul(4)?, none, TEXT);
    let bytes = |column_type, length| of_type(column_type, length, ColumnFlags::BINARY, BYTES);
    let long_bytes = ColumnFlags::BLOB | ColumnFlags::BINARY;
    let blob = |length| of_type(ColumnType::BLOB, length, long_bytes, BYTES);
    let long_text = |length| of_type(ColumnType::BLOB, length, ColumnFlags::BLOB, TEXT);
    let most = match base {
        "DECIMAL" | "DEC" | "NUMERIC" | "FIXED" | "FLOAT" | "DOUBLE" | "REAL"
        | "DOUBLE PRECISION" => 2,
        "DATE" | "JSON" | "BOOL" | "BOOLEAN" | "TINYBLOB" | "MEDIUMBLOB" | "LONGBLOB"
        | "TINYTEXT" | "MEDIUMTEXT" | "LONGTEXT" | "BLOB" | "TEXT" => 0,
        _ => 1,
    };
    if numbers.len() > most {
        return None;
    }
    match base {
        "TINYINT" => whole(ColumnType::TINY, 4),
        "BOOL" | "BOOLEAN" => whole(ColumnType::TINY, 1),
        "SMALLINT" => whole(ColumnType::SHORT, 6),
        "MEDIUMINT" => whole(ColumnType::INT24, 9),
        "INT" | "INTEGER" => whole(ColumnType::LONG, 11),
        "BIGINT" => whole(ColumnType::LONGLONG, 20),
        "DECIMAL" | "DEC" | "NUMERIC" | "FIXED" => {
            let (digits, decimals) = (first.unwrap_or(10), second.unwrap_or(0));
            if digits > 65 || decimals > digits.min(30) {
                return None;
            }
            let length = digits + 1 + u32::from(decimals > 0);
            number(ColumnType::NEWDECIMAL, length, decimals)
        }
        "FLOAT" => match (first, second) {
            (Some(length), Some(decimals)) => number(ColumnType::FLOAT, length, decimals),
            (Some(bits), None) if bits > 24 => number(ColumnType::DOUBLE, 22, NOT_FIXED),
            _ => number(ColumnType::FLOAT, 12, NOT_FIXED),
        },
        "DOUBLE" | "REAL" | "DOUBLE PRECISION" => match (first, second) {
            (Some(length), Some(decimals)) => number(ColumnType::DOUBLE, length, decimals),
            (Some(_), None) => None,
            _ => number(ColumnType::DOUBLE, 22, NOT_FIXED),
        },
        "DATE" => temporal(ColumnType::DATE, 10, None),
        "TIME" => temporal(ColumnType::TIME, 10, first),
        "DATETIME" => temporal(ColumnType::DATETIME, 19, first),
        "TIMESTAMP" => temporal(ColumnType::TIMESTAMP, 19, first),
        "YEAR" => {
            let flags = ColumnFlags::UNSIGNED | ColumnFlags::ZEROFILL;
            of_type(ColumnType::YEAR, 4, flags, BYTES)
        }
        "BIT" => {
            let bits = first.unwrap_or(1);
            let bits = (1..=64).contains(&bits).then_some(bits)?;
            of_type(ColumnType::BIT, bits, ColumnFlags::UNSIGNED, BYTES)
        }
        "CHAR" | "CHARACTER" => text(ColumnType::STRING, first.unwrap_or(1)),
        "VARCHAR" => text(ColumnType::VAR_STRING, first?),
        "BINARY" => bytes(ColumnType::STRING, first.unwrap_or(1)),
        "VARBINARY" => bytes(ColumnType::VAR_STRING, first?),
        "TINYBLOB" => blob(255),
        "BLOB" => blob(65_535),
        "MEDIUMBLOB" => blob(16_777_215),
        "LONGBLOB" => blob(u32::MAX),
        "TINYTEXT" => long_text(1020),
        "TEXT" => long_text(262_140),
        "MEDIUMTEXT" => long_text(67_108_860),
        "LONGTEXT" => long_text(u32::MAX),
        "JSON" => of_type(ColumnType::JSON, u32::MAX, long_bytes, BYTES),
        _ => None,
    }
}

fn of_type(
    column_type: ColumnType,
    length: u32,
    flags: ColumnFlags,
    character_set: u16,
) -> Option<SqlType> {
    Some(SqlType {
        column_type,
        length,
        decimals: 0,
        flags,
        character_set,
    })
}

fn number(column_type: ColumnType, length: u32, decimals: u32) -> Option<SqlType> {
    Some(SqlType {
        decimals: decimals.try_into().ok()?,
        ..of_type(column_type, length.max(1), ColumnFlags::empty(), BYTES)?
    })
}

/// A type with a fraction of seconds of this many digits.
fn temporal(column_type: ColumnType, length: u32, digits: Option<u32>) -> Option<SqlType> {
    let digits = digits.unwrap_or(0);
    let length = length + if digits > 0 { digits.min(6) + 1 } else { 0 };
    Some(SqlType {
        decimals: digits.try_into().ok().filter(|digits| *digits <= 6)?,
        ..of_type(column_type, length, ColumnFlags::BINARY, BYTES)?
    })
}

/// The type of an ENUM, as long as its longest member, or of a SET, as long as all of them with commas.
fn of_members(base: &str, lengths: &[u32]) -> Option<SqlType> {
    let (chars, flag) = match base {
        "ENUM" => (lengths.iter().copied().max()?, ColumnFlags::ENUM),
        _ => {
            let commas = u32::try_from(lengths.len()).ok()?.checked_sub(1)?;
            let chars = lengths
                .iter()
                .try_fold(commas, |sum, n| sum.checked_add(*n))?;
            (chars, ColumnFlags::SET)
        }
    };
    of_type(ColumnType::STRING, chars.checked_mul(4)?, flag, TEXT)
}

/// The number of characters of each member in `'a', 'it''s'`.
fn lengths(list: &str) -> Option<Vec<u32>> {
    let mut lengths = Vec::new();
    let mut rest = list.trim();
    loop {
        rest = rest.strip_prefix('\'')?;
        let mut length = 0;
        loop {
            let (member, behind) = rest.split_once('\'')?;
            length += u32::try_from(member.chars().count()).ok()?;
            // A quote in a member is written twice.
            match behind.strip_prefix('\'') {
                Some(more) => (rest, length) = (more, length + 1),
                None => break rest = behind.trim_start(),
            }
        }
        lengths.push(length);
        if rest.is_empty() {
            return Some(lengths);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

/// A name without this word at its end, and whether it had it.
fn without_word<'a>(name: &'a str, word: &str) -> (&'a str, bool) {
    let at = name.len().checked_sub(word.len());
    let split = at.and_then(|at| name.split_at_checked(at));
    match split {
        Some((rest, end)) if end.eq_ignore_ascii_case(word) && rest.ends_with([' ', ')']) => {
            (rest.trim_end(), true)
        }
        _ => (name, false),
    }
}

/// utf8mb4_0900_ai_ci, of a client that speaks utf8mb4.
const TEXT: u16 = 255;
/// The decimals of floating-point numbers that have no fixed number of them.
const NOT_FIXED: u32 = 31;
/// The collation `binary`, which numbers have, too.
const BYTES: u16 = 63;

#[cfg(test)]
mod tests {
    use super::*;

    /// What MySQL 9.7.4 says of a table's columns to a client that speaks utf8mb4.
    const COLUMNS: &[(&str, ColumnType, u32, u8, u16, u16)] = &[
        ("TINYINT", ColumnType::TINY, 4, 0, 0, 63),
        ("TINYINT UNSIGNED", ColumnType::TINY, 3, 0, 32, 63),
        ("SMALLINT", ColumnType::SHORT, 6, 0, 0, 63),
        ("SMALLINT UNSIGNED", ColumnType::SHORT, 5, 0, 32, 63),
        ("MEDIUMINT", ColumnType::INT24, 9, 0, 0, 63),
        ("MEDIUMINT UNSIGNED", ColumnType::INT24, 8, 0, 32, 63),
        ("INT", ColumnType::LONG, 11, 0, 0, 63),
        ("int unsigned", ColumnType::LONG, 10, 0, 32, 63),
        ("BIGINT", ColumnType::LONGLONG, 20, 0, 0, 63),
        ("BIGINT UNSIGNED", ColumnType::LONGLONG, 20, 0, 32, 63),
        ("INT(5) UNSIGNED ZEROFILL", ColumnType::LONG, 5, 0, 96, 63),
        ("BOOL", ColumnType::TINY, 1, 0, 0, 63),
        ("DECIMAL(10, 2)", ColumnType::NEWDECIMAL, 12, 2, 0, 63),
        (
            "DECIMAL(10,2) UNSIGNED",
            ColumnType::NEWDECIMAL,
            11,
            2,
            32,
            63,
        ),
        ("DECIMAL(7)", ColumnType::NEWDECIMAL, 8, 0, 0, 63),
        ("NUMERIC", ColumnType::NEWDECIMAL, 11, 0, 0, 63),
        ("float", ColumnType::FLOAT, 12, 31, 0, 63),
        ("FLOAT UNSIGNED", ColumnType::FLOAT, 12, 31, 32, 63),
        ("REAL", ColumnType::DOUBLE, 22, 31, 0, 63),
        ("DOUBLE(8,3)", ColumnType::DOUBLE, 8, 3, 0, 63),
        ("date", ColumnType::DATE, 10, 0, 128, 63),
        ("datetime", ColumnType::DATETIME, 19, 0, 128, 63),
        ("DATETIME(6)", ColumnType::DATETIME, 26, 6, 128, 63),
        ("TIMESTAMP(3)", ColumnType::TIMESTAMP, 23, 3, 128, 63),
        ("TIME(2)", ColumnType::TIME, 13, 2, 128, 63),
        ("year", ColumnType::YEAR, 4, 0, 96, 63),
        ("CHAR(5)", ColumnType::STRING, 20, 0, 0, 255),
        ("CHAR", ColumnType::STRING, 4, 0, 0, 255),
        ("VARCHAR(20)", ColumnType::VAR_STRING, 80, 0, 0, 255),
        ("BINARY(4)", ColumnType::STRING, 4, 0, 128, 63),
        ("VARBINARY(9)", ColumnType::VAR_STRING, 9, 0, 128, 63),
        ("TINYTEXT", ColumnType::BLOB, 1020, 0, 16, 255),
        ("TEXT", ColumnType::BLOB, 262_140, 0, 16, 255),
        ("MEDIUMTEXT", ColumnType::BLOB, 67_108_860, 0, 16, 255),
        ("LONGTEXT", ColumnType::BLOB, 4_294_967_295, 0, 16, 255),
        ("tinyblob", ColumnType::BLOB, 255, 0, 144, 63),
        ("blob", ColumnType::BLOB, 65_535, 0, 144, 63),
        ("mediumblob", ColumnType::BLOB, 16_777_215, 0, 144, 63),
        ("longblob", ColumnType::BLOB, 4_294_967_295, 0, 144, 63),
        ("BIT(5)", ColumnType::BIT, 5, 0, 32, 63),
        ("ENUM('a', 'bcd')", ColumnType::STRING, 12, 0, 256, 255),
        (
            "enum('it''s', 'a,(b)')",
            ColumnType::STRING,
            20,
            0,
            256,
            255,
        ),
        ("SET('a','bcd')", ColumnType::STRING, 20, 0, 2048, 255),
        ("JSON", ColumnType::JSON, 4_294_967_295, 0, 144, 63),
    ];

    #[test]
    fn a_name_implies_what_a_server_says_of_such_a_column() {
        for &(name, column_type, length, decimals, flags, character_set) in COLUMNS {
            let expected = SqlType {
                column_type,
                length,
                decimals,
                flags: ColumnFlags::from_bits_retain(flags),
                character_set,
            };
            assert_eq!(SqlType::read(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn what_is_no_type_of_sql_is_none() {
        for name in [
            "",
            "LONG",
            "MOON",
            "INT(",
            "INT(x)",
            "INT(1,2)",
            "VARCHAR",
            "TEXT UNSIGNED",
            "UNSIGNED",
            "ENUM(a)",
            "VARCHAR(4294967295)",
            "DATETIME(7)",
            "ENUM()",
            "INTUNSIGNED",
            "ENUM('a",
            "ENUM('a',)",
            "BIT(65)",
            "DECIMAL(5,6)",
            "DOUBLE(8)",
            "JSON(1)",
        ] {
            assert_eq!(SqlType::read(name), None, "{name}");
        }
    }
}
