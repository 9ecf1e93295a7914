use mynah_classic::ColumnFlags;

use super::super::decimal::Decimal;
use super::super::shape::{NOT_FIXED, Shape, TextSet};
use super::super::value::{Typed, Value};
use super::{Cast, time};

/// A value as one of another type.
pub(super) fn cast(operand: Typed, cast: Cast, is_mariadb: bool) -> Option<Typed> {
    let Typed { value, shape } = operand;
    let text = value.to_cell();
    Some(match cast {
        Cast::Text(length) | Cast::Bytes(length) => {
            let most = usize::try_from(length.unwrap_or(u32::MAX)).ok()?;
            let text = text.map(|text| text.chars().take(most).collect());
            let is_bytes = matches!(cast, Cast::Bytes(_));
            let own = match is_bytes {
                true => shape.characters().saturating_mul(shape.set.most_bytes()),
                false => shape.characters(),
            };
            let cast = Shape {
                decimals: if is_mariadb { 0 } else { NOT_FIXED },
                ..Shape::text(length.unwrap_or(own))
            };
            let cast = match is_bytes {
                true => Shape {
                    set: TextSet::Binary,
                    ..cast.with(ColumnFlags::BINARY)
                },
                false => cast,
            };
            Typed::new(text.map_or(Value::Null, Value::Text), cast)
        }
        Cast::Recoded => {
            let recoded = Shape::text(shape.characters());
            Typed::new(text.map_or(Value::Null, Value::Text), recoded)
        }
        Cast::Signed | Cast::Unsigned => {
            // MariaDB has an integer no wider than it is.
            let own = (is_mariadb && shape.is_integer()).then(|| Shape::integer(shape.digits));
            let shape = match cast {
                Cast::Signed => own.unwrap_or(Shape::BIGINT),
                _ => own.map_or(Shape::UNSIGNED, |own| Shape {
                    length: own.digits,
                    ..own.with(ColumnFlags::UNSIGNED)
                }),
            }
            .null_as(&[shape]);
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
            Typed::new(number, Shape::decimal(10, 0).null_as(&[shape]))
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
