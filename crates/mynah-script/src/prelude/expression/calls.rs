use jiff::Timestamp;
use mynah_classic::ColumnFlags;

use super::super::decimal::Decimal;
use super::super::facts::{Facts, MOST_TEXT};
use super::super::value::{Shape, Typed, Value};
use super::{Cast, time};

/// What a function gives; nothing if it isn't one of those that are known.
pub(super) fn call(name: &str, arguments: &[Typed], facts: &Facts) -> Option<Typed> {
    match arguments {
        [] => of_nothing(name, facts),
        _ => of_values(name, arguments).or_else(|| of_time(name, arguments, facts)),
    }
}

/// Functions of the session.
fn of_nothing(name: &str, facts: &Facts) -> Option<Typed> {
    let number =
        |number: u64| Typed::new(Value::Integer(number.into()), Shape::UNSIGNED.never_null());
    Some(match name {
        "version" => Typed::text(facts.version()),
        "database" | "schema" => {
            let schema = facts.schema().map_or(Value::Null, Value::Text);
            Typed::new(schema, Shape::text(64))
        }
        "user" | "session_user" | "system_user" | "current_user" => {
            Typed::new(Value::text(facts.user()), Shape::text(288))
        }
        "current_role" => match facts.is_mariadb() {
            true => Typed::new(Value::Null, Shape::text(128)),
            false => Typed::new(Value::text("NONE"), Shape::text(128)),
        },
        "connection_id" => number(facts.connection_id.into()),
        "last_insert_id" => number(facts.last.last_insert_id),
        "found_rows" => number(facts.last.found_rows),
        "row_count" => Typed::new(
            Value::Integer(facts.last.row_count.into()),
            Shape::BIGINT.never_null(),
        ),
        "pi" => Typed::new(Value::text("3.141593"), Shape::DOUBLE.never_null()),
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
    let written = |format, time: jiff::civil::DateTime, shape: Shape| {
        Typed::new(
            Value::text(time.strftime(format).to_string()),
            shape.never_null(),
        )
    };
    Some(match name {
        "now" | "current_timestamp" | "localtime" | "localtimestamp" | "sysdate" => Typed::new(
            Value::text(time::written(here()?)),
            Shape::DATETIME.never_null(),
        ),
        "utc_timestamp" => Typed::new(
            Value::text(time::written(there()?)),
            Shape::DATETIME.never_null(),
        ),
        "curdate" | "current_date" => written("%Y-%m-%d", here()?, Shape::DATE),
        "utc_date" => written("%Y-%m-%d", there()?, Shape::DATE),
        "curtime" | "current_time" => written("%H:%M:%S", here()?, Shape::TIME),
        "utc_time" => written("%H:%M:%S", there()?, Shape::TIME),
        "unix_timestamp" => Typed::new(
            Value::Integer(now.as_second().into()),
            Shape::BIGINT.never_null(),
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
fn of_values(name: &str, arguments: &[Typed]) -> Option<Typed> {
    let value = |index: usize| arguments.get(index).map(|argument| &argument.value);
    let cells: Vec<Option<String>> = arguments.iter().map(|it| it.value.to_cell()).collect();
    let shapes: Vec<Shape> = arguments.iter().map(|argument| argument.shape).collect();
    let cell = |index: usize| cells.get(index).cloned().flatten();
    let characters = shapes
        .iter()
        .map(|shape| shape.length / 4)
        .fold(0, u32::saturating_add);
    let text = |text: Option<String>| match text {
        Some(text) if text.len() > MOST_TEXT => None,
        text => {
            let shape = Shape::text(characters.max(1)).null_as(&shapes);
            Some(Typed::new(text.map_or(Value::Null, Value::Text), shape))
        }
    };
    let integer = |number: Option<usize>| {
        let number = number.and_then(|number| i128::try_from(number).ok());
        let shape = Shape::BIGINT.null_as(&shapes);
        Some(Typed::new(
            number.map_or(Value::Null, Value::Integer),
            shape,
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
                chosen.shape = chosen.shape.never_null();
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
            let shape = Shape {
                flags: first.shape.flags.difference(ColumnFlags::NOT_NULL),
                ..first.shape
            };
            Some(Typed::new(value, shape))
        }
        ("abs", 1) => match value(0)? {
            Value::Integer(number) => {
                Some(Typed::new(Value::Integer(number.abs()), *shapes.first()?))
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
fn one_of(choices: &[Typed], chosen: usize) -> Option<Typed> {
    let text = choices.iter().find(|choice| choice.shape.is_text);
    let widest = text.or_else(|| choices.iter().max_by_key(|choice| choice.shape.length))?;
    let shapes: Vec<_> = choices.iter().map(|choice| choice.shape).collect();
    let shape = Shape {
        flags: widest.shape.flags.difference(ColumnFlags::NOT_NULL),
        length: shapes.iter().map(|shape| shape.length).max().unwrap_or(0),
        ..widest.shape
    };
    let value = choices.get(chosen)?.value.clone();
    Some(Typed::new(value, shape.null_as(&shapes)))
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

/// A value as one of another type.
pub(super) fn cast(operand: Typed, cast: Cast) -> Option<Typed> {
    let Typed { value, shape } = operand;
    let text = value.to_cell();
    Some(match cast {
        Cast::Text(length) => {
            let most = usize::try_from(length.unwrap_or(u32::MAX)).ok()?;
            let text = text.map(|text| text.chars().take(most).collect());
            let length = length.unwrap_or(if shape.is_text {
                shape.length / 4
            } else {
                shape.length
            });
            Typed::new(text.map_or(Value::Null, Value::Text), Shape::text(length))
        }
        Cast::Signed | Cast::Unsigned => {
            let shape = match cast {
                Cast::Signed => Shape::BIGINT,
                _ => Shape::UNSIGNED,
            };
            let number = match &value {
                Value::Null => return Some(Typed::new(Value::Null, shape)),
                Value::Integer(number) => *number,
                other => whole(&other.to_cell()?)?,
            };
            let fits = match cast {
                Cast::Signed => i64::try_from(number).is_ok(),
                _ => u64::try_from(number).is_ok(),
            };
            fits.then(|| Typed::new(Value::Integer(number), shape))?
        }
        Cast::Double => {
            let number = value.to_double().map_or(Value::Null, Value::Double);
            Typed::new(number, Shape::DOUBLE)
        }
        Cast::Decimal => {
            let number = text
                .map(|text| whole(&text))
                .map(|number| Some(Decimal::integer(number?)));
            let number = match number {
                None => Value::Null,
                Some(number) => Value::Decimal(number?),
            };
            Typed::new(number, Shape::decimal(11, 0))
        }
        Cast::DateTime => {
            let time = text.and_then(|text| time::read(&text)).map(time::written);
            Typed::new(time.map_or(Value::Null, Value::Text), Shape::DATETIME)
        }
        Cast::Date => {
            let time = text.and_then(|text| time::read(&text));
            let date = time.map(|time| Value::text(time.strftime("%Y-%m-%d").to_string()));
            Typed::new(date.unwrap_or(Value::Null), Shape::DATE)
        }
        Cast::Time => {
            let time = text.and_then(|text| time::read(&text));
            let time = time.map(|time| Value::text(time.strftime("%H:%M:%S").to_string()));
            Typed::new(time.unwrap_or(Value::Null), Shape::TIME)
        }
    })
}

/// The integer that a text starts with; 0 if it doesn't.
fn whole(text: &str) -> Option<i128> {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(digits.len());
    let digits = digits.get(..end)?;
    match digits.is_empty() {
        true => Some(0),
        false => Some(sign * digits.parse::<i128>().ok()?),
    }
}

/// Longer texts aren't replaced in: the result is up to the square of that.
const MOST_REPLACED: usize = 4 * 1024;
