use super::super::decimal::Decimal;
use super::super::shape::Shape;
use super::super::value::Value;
use super::Expression;

/// A number as it is written.
pub(super) fn number(text: &str) -> Option<Expression> {
    let length: u32 = text.len().try_into().ok()?;
    let (value, shape) = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        match text.parse::<u64>() {
            Ok(number) if i64::try_from(number).is_ok() => {
                (Value::Integer(number.into()), Shape::integer(length))
            }
            Ok(number) => (
                Value::Integer(number.into()),
                Shape {
                    length,
                    ..Shape::UNSIGNED
                },
            ),
            Err(_) => (
                Value::Decimal(Decimal::read(text)?),
                Shape::decimal(length, 0),
            ),
        }
    } else if let Some(decimal) = Decimal::read(text) {
        let digits = length.saturating_sub(1);
        (
            Value::Decimal(decimal),
            Shape::decimal(digits, decimal.scale()),
        )
    } else {
        let is_double = text.len() < LONGEST_NUMBER && text.contains(['e', 'E']);
        let number: f64 = is_double.then(|| text.parse().ok())??;
        let shape = Shape {
            length,
            ..Shape::DOUBLE
        };
        (Value::Double(number), shape)
    };
    Some(Expression::Literal(value, shape.never_null()))
}

/// A longer number isn't one.
const LONGEST_NUMBER: usize = 40;
