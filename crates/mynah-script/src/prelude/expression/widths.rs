//! The widths of the columns that functions return.

use mynah_classic::{ColumnFlags, ColumnType};

use super::super::facts::Facts;
use super::super::shape::{Shape, TextSet};
use super::super::value::{Typed, Value};

/// The characters of the text, or the length of the number, that a function gives.
pub(super) fn of(name: &str, arguments: &[Typed], facts: &Facts) -> u32 {
    let is_mariadb = facts.is_mariadb();
    let characters = |argument: &Typed| match is_mariadb {
        true => argument.shape.length,
        false => argument.shape.characters(),
    };
    let width = |index: usize| arguments.get(index).map_or(0, characters);
    let number = |index: usize| match arguments.get(index).map(|it| &it.value) {
        Some(Value::Integer(number)) => u32::try_from(*number).ok(),
        _ => None,
    };
    let all = |widths: &mut dyn Iterator<Item = u32>| widths.fold(0, u32::saturating_add);
    let mut widths = arguments.iter().map(characters);
    match (name, arguments.len()) {
        ("concat_ws", _) => {
            let separators = u32::try_from(arguments.len().saturating_sub(2)).unwrap_or(u32::MAX);
            let texts = all(&mut widths.skip(1));
            texts.saturating_add(separators.saturating_mul(width(0)))
        }
        ("lower" | "lcase" | "upper" | "ucase", _) => {
            let grows = facts.state.character_sets.connection >= FIRST_UCA1400;
            let is_own = arguments
                .first()
                .is_some_and(|it| it.shape.set == TextSet::Connection);
            width(0).saturating_mul(if is_mariadb && grows && is_own { 2 } else { 1 })
        }
        ("replace", _) if is_mariadb => {
            let growth = width(2).saturating_sub(width(1));
            let times = width(0).checked_div(width(1)).unwrap_or(0);
            width(0).saturating_add(times.saturating_mul(growth))
        }
        ("left" | "right", _) => width(0).min(number(1).unwrap_or(u32::MAX)),
        ("substring" | "substr" | "mid", count) => {
            let before = number(1).unwrap_or(1).saturating_sub(1);
            let most = if count > 2 { number(2) } else { None };
            let rest = width(0).saturating_sub(before);
            rest.min(most.unwrap_or(u32::MAX))
        }
        ("concat", _) => all(&mut widths),
        ("length" | "octet_length" | "char_length" | "character_length", _) if is_mariadb => 10,
        ("find_in_set", _) if is_mariadb => 3,
        (
            "length" | "octet_length" | "char_length" | "character_length" | "find_in_set"
            | "instr" | "locate",
            _,
        ) => 11,
        _ => widths.next().unwrap_or(0),
    }
}

/// A text of so many characters that is made of values of these columns. Servers never say that it
/// can't be NULL.
pub(super) fn text(width: u32, of: &[Shape], is_mariadb: bool) -> Shape {
    // A literal is taken into the character set of what stands beside it.
    let mut sets = of.iter().map(|shape| shape.set);
    let of_columns = sets.find(|set| matches!(set, TextSet::System | TextSet::Own(..)));
    let set = of_columns.unwrap_or(TextSet::Connection);
    let is_by_bytes = |shape: &Shape| {
        shape.is_text() && shape.set == set && shape.flags.contains(ColumnFlags::BINARY)
    };
    let shape = Shape {
        set,
        flags: match !is_mariadb && of.iter().any(is_by_bytes) {
            true => ColumnFlags::BINARY,
            false => ColumnFlags::empty(),
        },
        ..Shape::text(width)
    };
    let is_long = of.iter().any(|shape| shape.is_text() && shape.is_blob());
    if is_mariadb {
        let column_type = if is_long {
            ColumnType::LONG_BLOB
        } else {
            shape.column_type
        };
        return Shape {
            column_type,
            ..shape
        };
    }
    let bytes = width.saturating_mul(set.most_bytes()).min(LONGEST);
    let column_type = match bytes {
        LONGEST.. => ColumnType::LONG_BLOB,
        LONGEST_VARCHAR.. => ColumnType::MEDIUM_BLOB,
        _ => return shape,
    };
    Shape {
        column_type,
        length: bytes,
        ..shape
    }
}

/// The first of MariaDB's collations in which a letter may have two in the other case.
const FIRST_UCA1400: u16 = 2048;
/// In bytes, the longest text of all, and the shortest that no VARCHAR can have.
const LONGEST: u32 = 16_777_216;
const LONGEST_VARCHAR: u32 = 65_536;
