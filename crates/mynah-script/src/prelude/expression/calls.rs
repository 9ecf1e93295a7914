use jiff::Timestamp;
use mynah_classic::{ColumnFlags, ColumnType};

use super::super::facts::{Facts, MOST_TEXT};
use super::super::shape::Shape;
use super::super::value::{Typed, Value};
use super::{merged, time, widths};

/// What a function gives; nothing if it isn't one of those that are known.
pub(super) fn call(name: &str, arguments: &[Typed], facts: &Facts) -> Option<Typed> {
    match arguments {
        [] => of_nothing(name, facts),
        _ => of_values(name, arguments, facts).or_else(|| of_time(name, arguments, facts)),
    }
}

/// Functions of the session.
fn of_nothing(name: &str, facts: &Facts) -> Option<Typed> {
    let is_mariadb = facts.is_mariadb();
    let number =
        |number: u64, shape: Shape| Typed::new(Value::Integer(number.into()), shape.never_null());
    Some(match name {
        "version" => {
            let version = facts.version();
            let length = version.chars().count().try_into().unwrap_or(u32::MAX);
            Typed::new(
                Value::Text(version),
                Shape::system_text(length).never_null(),
            )
        }
        "database" | "schema" => {
            let schema = facts.schema().map_or(Value::Null, Value::Text);
            Typed::new(schema, Shape::system_text(64))
        }
        "user" | "session_user" | "system_user" | "current_user" => {
            let length = if is_mariadb { 384 } else { 288 };
            Typed::new(Value::text(facts.user()), Shape::system_text(length))
        }
        "current_role" if is_mariadb => Typed::new(Value::Null, Shape::system_text(128)),
        "current_role" => {
            let shape = Shape {
                column_type: ColumnType::LONG_BLOB,
                ..Shape::system_text(LONGEST_ROLE * 3)
            };
            Typed::new(Value::text("NONE"), shape)
        }
        "connection_id" => {
            let shape = match is_mariadb {
                true => sized(10).with(ColumnFlags::UNSIGNED),
                false => Shape::UNSIGNED,
            };
            number(facts.connection_id.into(), shape)
        }
        "last_insert_id" => number(facts.last.last_insert_id, Shape::UNSIGNED),
        "found_rows" => number(facts.last.found_rows, Shape::BIGINT),
        "row_count" => Typed::new(
            Value::Integer(facts.last.row_count.into()),
            Shape::BIGINT.never_null(),
        ),
        "pi" => {
            let shape = Shape::new(ColumnType::DOUBLE, 8, 6);
            Typed::new(Value::text("3.141593"), shape.never_null())
        }
        _ => return of_time(name, &[], facts),
    })
}

/// Functions of the time.
fn of_time(name: &str, arguments: &[Typed], facts: &Facts) -> Option<Typed> {
    let now = Timestamp::now();
    let here = || Some(facts.time_zone().to_datetime(now));
    let there = || Some(jiff::tz::TimeZone::UTC.to_datetime(now));
    let is_precision = |argument: &Typed| argument.value == Value::Integer(0);
    if let [more, ..] = arguments
        && !(arguments.len() == 1 && is_precision(more))
    {
        return of_given_times(name, arguments);
    }
    let is_mariadb = facts.is_mariadb();
    let moment = match is_mariadb && facts.dialect.version >= NOW_IS_A_TIMESTAMP {
        true => Shape::new(ColumnType::TIMESTAMP, 19, 0),
        false => Shape::DATETIME,
    };
    let clock = match is_mariadb {
        true => Shape::TIME,
        false => Shape::new(ColumnType::TIME, 8, 0),
    };
    let written = |format, time: jiff::civil::DateTime, shape: Shape| {
        Typed::new(
            Value::text(time.strftime(format).to_string()),
            shape.never_null(),
        )
    };
    Some(match name {
        "now" | "current_timestamp" | "localtime" | "localtimestamp" | "sysdate" => {
            Typed::new(Value::text(time::written(here()?)), moment.never_null())
        }
        "utc_timestamp" => Typed::new(
            Value::text(time::written(there()?)),
            Shape::DATETIME.never_null(),
        ),
        "curdate" | "current_date" => written("%Y-%m-%d", here()?, Shape::DATE),
        "utc_date" => written("%Y-%m-%d", there()?, Shape::DATE),
        "curtime" | "current_time" => written("%H:%M:%S", here()?, clock),
        "utc_time" => written("%H:%M:%S", there()?, clock),
        "unix_timestamp" => Typed::new(
            Value::Integer(now.as_second().into()),
            match is_mariadb {
                true => Shape::integer(16),
                false => Shape::BIGINT.never_null(),
            },
        ),
        _ => return None,
    })
}

fn of_given_times(name: &str, arguments: &[Typed]) -> Option<Typed> {
    let cell = |index: usize| arguments.get(index)?.value.to_cell();
    let text =
        |text: Option<String>, shape| Typed::new(text.map_or(Value::Null, Value::Text), shape);
    Some(match (name, arguments.len()) {
        ("timediff", 2) => {
            let difference = cell(0).zip(cell(1));
            let difference = difference.and_then(|(one, other)| time::difference(&one, &other));
            text(difference, Shape::TIME)
        }
        ("convert_tz", 3) => {
            let converted = || time::converted(&cell(0)?, &cell(1)?, &cell(2)?);
            text(converted(), Shape::DATETIME)
        }
        _ => return None,
    })
}

/// Functions of values alone.
fn of_values(name: &str, arguments: &[Typed], facts: &Facts) -> Option<Typed> {
    let value = |index: usize| arguments.get(index).map(|argument| &argument.value);
    let cells: Vec<Option<String>> = arguments.iter().map(|it| it.value.to_cell()).collect();
    let shapes: Vec<Shape> = arguments.iter().map(|argument| argument.shape).collect();
    let cell = |index: usize| cells.get(index).cloned().flatten();
    let is_mariadb = facts.is_mariadb();
    let width = widths::of(name, arguments, facts);
    let text = |text: Option<String>| match text {
        Some(text) if text.len() > MOST_TEXT => None,
        text => {
            let shape = widths::text(width, &shapes, is_mariadb);
            Some(Typed::new(text.map_or(Value::Null, Value::Text), shape))
        }
    };
    let integer = |number: Option<usize>| {
        let number = number.and_then(|number| i128::try_from(number).ok());
        Some(Typed::new(
            number.map_or(Value::Null, Value::Integer),
            sized(width).null_as(&shapes),
        ))
    };
    match (name, arguments.len()) {
        ("concat", _) => text(
            cells
                .iter()
                .cloned()
                .collect::<Option<Vec<_>>>()
                .map(|all| all.concat()),
        ),
        ("concat_ws", 2..) => {
            let parts: Vec<_> = cells.iter().skip(1).flatten().map(String::as_str).collect();
            text(cell(0).map(|separator| parts.join(&separator)))
        }
        ("lower" | "lcase", 1) => text(cell(0).map(|it| it.to_lowercase())),
        ("upper" | "ucase", 1) => text(cell(0).map(|it| it.to_uppercase())),
        ("trim", 1) => text(cell(0).map(|it| it.trim_matches(' ').to_owned())),
        ("ltrim", 1) => text(cell(0).map(|it| it.trim_start_matches(' ').to_owned())),
        ("rtrim", 1) => text(cell(0).map(|it| it.trim_end_matches(' ').to_owned())),
        ("replace", 3) => {
            let replaced = || {
                let (whole, from, to) = (cell(0)?, cell(1)?, cell(2)?);
                Some(match from.is_empty() {
                    true => whole,
                    false => whole.replace(&from, &to),
                })
            };
            // Each byte may become a text as long as the longest.
            let fits = cells
                .iter()
                .flatten()
                .all(|cell| cell.len() <= MOST_REPLACED);
            fits.then(|| text(replaced()))?
        }
        ("left", 2) => text(part(cell(0), Some(1), count(value(1)?)?)),
        ("right", 2) => text(part(cell(0), count(value(1)?)?.map(|it| -it), None)),
        ("substring" | "substr" | "mid", 2) => text(part(cell(0), count(value(1)?)?, None)),
        ("substring" | "substr" | "mid", 3) => {
            text(part(cell(0), count(value(1)?)?, count(value(2)?)?))
        }
        ("substring_index", 3) => text(before(cell(0), cell(1), count(value(2)?)?)),
        ("length" | "octet_length", 1) => integer(cell(0).map(|it| it.len())),
        ("char_length" | "character_length", 1) => integer(cell(0).map(|it| it.chars().count())),
        ("instr", 2) => integer(
            cell(0)
                .zip(cell(1))
                .map(|(whole, part)| place(&whole, &part)),
        ),
        ("locate", 2) => integer(
            cell(0)
                .zip(cell(1))
                .map(|(part, whole)| place(&whole, &part)),
        ),
        ("find_in_set", 2) => integer(cell(0).zip(cell(1)).map(|(wanted, set)| {
            let found = set
                .split(',')
                .position(|item| item.eq_ignore_ascii_case(&wanted));
            found.map_or(0, |index| index + 1)
        })),
        ("isnull", 1) => Some(Typed::flag(value(0)?.is_null())),
        ("if", 3) => {
            let holds = value(0)?.truth() == Some(true);
            one_of(arguments.get(1..)?, usize::from(!holds))
        }
        ("ifnull" | "nvl", 2) | ("coalesce", _) => {
            let first = arguments.iter().position(|it| !it.value.is_null());
            let mut chosen = one_of(arguments, first.unwrap_or(0))?;
            if shapes
                .iter()
                .any(|shape| shape.flags.contains(ColumnFlags::NOT_NULL))
            {
                chosen.shape = chosen.shape.never_null(); // Not all of them are NULL.
            }
            Some(chosen)
        }
        ("nullif", 2) => {
            let are_equal = value(0)?
                .compare(value(1)?)
                .is_some_and(std::cmp::Ordering::is_eq);
            let first = arguments.first()?;
            let value = if are_equal {
                Value::Null
            } else {
                first.value.clone()
            };
            Some(Typed::new(value, first.shape.nullable()))
        }
        ("abs", 1) => match value(0)? {
            Value::Integer(number) => {
                let shape = Shape::integer(shapes.first()?.digits).null_as(&shapes);
                Some(Typed::new(Value::Integer(number.abs()), shape))
            }
            _ => None,
        },
        ("last_insert_id", 1) => Some(Typed::new(
            value(0)?.clone(),
            Shape::UNSIGNED.null_as(&shapes),
        )),
        _ => None,
    }
}

/// One of these, with the column that any of them could be in.
pub(super) fn one_of(choices: &[Typed], chosen: usize) -> Option<Typed> {
    let value = choices.get(chosen)?.value.clone();
    let shapes: Vec<_> = choices.iter().map(|choice| choice.shape).collect();
    Some(Typed::new(value, merged(&shapes)))
}

/// An integer whose column has this length.
fn sized(length: u32) -> Shape {
    Shape::new(ColumnType::LONGLONG, length, 0).short()
}

/// A number of characters; nothing inside for NULL, nothing at all for what is no integer.
fn count(value: &Value) -> Option<Option<i64>> {
    match value {
        Value::Null => Some(None),
        Value::Integer(number) => Some(Some(i64::try_from(*number).ok()?)),
        _ => None,
    }
}

/// So many characters from a place on, which counts from 1, or from the end if it is negative.
fn part(text: Option<String>, from: Option<i64>, length: Option<i64>) -> Option<String> {
    let (text, from) = (text?, from?);
    let characters: Vec<char> = text.chars().collect();
    let start = match from {
        0 => return Some(String::new()),
        1.. => usize::try_from(from - 1).ok()?,
        _ => match characters
            .len()
            .checked_sub(usize::try_from(from.unsigned_abs()).ok()?)
        {
            Some(start) => start,
            None => return Some(String::new()),
        },
    };
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    Some(characters.into_iter().skip(start).take(length).collect())
}

/// What is before the so-manieth separator, or behind it counted from the end.
fn before(text: Option<String>, separator: Option<String>, count: Option<i64>) -> Option<String> {
    let (text, separator, count) = (text?, separator?, count?);
    if separator.is_empty() || count == 0 {
        return Some(String::new());
    }
    let wanted = usize::try_from(count.unsigned_abs()).ok()?;
    let parts: Vec<_> = text.split(separator.as_str()).collect();
    let kept = match count > 0 {
        true => parts.get(..wanted.min(parts.len())),
        false => parts.get(parts.len().saturating_sub(wanted)..),
    };
    Some(kept?.join(&separator))
}

/// Where a part of a text begins, counted from 1; 0 if it isn't there.
fn place(whole: &str, part: &str) -> usize {
    let (whole, part) = (whole.to_lowercase(), part.to_lowercase());
    match whole.split_once(&part) {
        Some((before, _)) => before.chars().count() + 1,
        None => 0,
    }
}

/// Longer texts aren't replaced in: the result is up to the square of that.
const MOST_REPLACED: usize = 4 * 1024;
/// How many characters a list of roles may have.
const LONGEST_ROLE: u32 = 16_777_216;
/// The version of MariaDB from which on `NOW()` is a TIMESTAMP.
const NOW_IS_A_TIMESTAMP: u32 = 110_700;
