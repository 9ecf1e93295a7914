use std::cmp::Ordering;

use mynah_classic::{ColumnFlags, ColumnType};

use super::super::decimal::Decimal;
use super::super::shape::Shape;
use super::super::value::{Typed, Value};
use super::Operator;

/// What two values give; nothing for what a server would refuse, such as a number that is too large.
pub(super) fn binary(
    operator: Operator,
    left: Typed,
    right: Typed,
    is_mariadb: bool,
) -> Option<Typed> {
    let shapes = [left.shape, right.shape];
    let (left, right) = (left.value, right.value);
    let flag = |truth: Option<bool>| {
        let value = truth.map_or(Value::Null, Value::flag);
        Some(Typed::new(value, Shape::FLAG.null_as(&shapes)))
    };
    let compared = |holds: fn(Ordering) -> bool| flag(left.compare(&right).map(holds));
    match operator {
        Operator::Or => flag(or(left.truth(), right.truth())),
        Operator::And => {
            // `a AND b` is `NOT (NOT a OR NOT b)`, with NULL as well.
            flag(or(left.truth().map(|it| !it), right.truth().map(|it| !it)).map(|it| !it))
        }
        Operator::Xor => flag(left.truth().zip(right.truth()).map(|(a, b)| a != b)),
        Operator::Equal => compared(Ordering::is_eq),
        Operator::NotEqual => compared(Ordering::is_ne),
        Operator::Less => compared(Ordering::is_lt),
        Operator::LessOrEqual => compared(Ordering::is_le),
        Operator::Greater => compared(Ordering::is_gt),
        Operator::GreaterOrEqual => compared(Ordering::is_ge),
        Operator::NullSafeEqual => {
            let are_equal = match left.compare(&right) {
                Some(ordering) => ordering.is_eq(),
                None => left.is_null() && right.is_null(),
            };
            Some(Typed::flag(are_equal))
        }
        _ => arithmetic(operator, &left, &right, shapes, is_mariadb),
    }
}

pub(super) fn negated(operand: Typed) -> Option<Typed> {
    let value = match operand.value {
        Value::Null => Value::Null,
        Value::Integer(number) => in_range(-number)?,
        Value::Decimal(number) => Value::Decimal(number.negated()),
        other => Value::Double(-other.to_double()?),
    };
    let is_exact =
        operand.shape.is_integer() || operand.shape.column_type == ColumnType::NEWDECIMAL;
    let shape = if is_exact {
        operand.shape
    } else {
        Shape::DOUBLE
    };
    Some(Typed::new(value, shape))
}

/// NULL or true is true.
fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn arithmetic(
    operator: Operator,
    left: &Value,
    right: &Value,
    shapes: [Shape; 2],
    is_mariadb: bool,
) -> Option<Typed> {
    let is_exact = |shape: &Shape| {
        shape.is_integer() || matches!(shape.column_type, ColumnType::NEWDECIMAL | ColumnType::NULL)
    };
    if !shapes.iter().all(is_exact) {
        let value = match left.to_double().zip(right.to_double()) {
            Some((left, right)) => approximate(operator, left, right)?,
            None => Value::Null,
        };
        let shape = match operator {
            Operator::Divided | Operator::Modulo => Shape::DOUBLE,
            _ => Shape::DOUBLE.null_as(&shapes),
        };
        return Some(Typed::new(value, shape));
    }
    let shape = of_result(operator, shapes, is_mariadb);
    let is_division = matches!(
        operator,
        Operator::Divided | Operator::IntegerDivided | Operator::Modulo
    );
    let Some((one, other)) = left.to_decimal().zip(right.to_decimal()) else {
        return Some(Typed::new(Value::Null, shape));
    };
    // A division may return NULL (for a divisor of 0) even if both operands never are.
    let shape = if is_division {
        shape
    } else {
        shape.null_as(&shapes)
    };
    if is_division && other.is_zero() {
        return Some(Typed::new(Value::Null, shape));
    }
    let value = match (operator, left, right) {
        (Operator::Divided, ..) => Value::Decimal(one.divided_by(other)?),
        (Operator::IntegerDivided, ..) => in_range(one.divided_by(other)?.whole()?)?,
        (_, Value::Integer(left), Value::Integer(right)) => integers(operator, *left, *right)?,
        _ => decimals(operator, one, other)?,
    };
    Some(Typed::new(value, shape))
}

fn integers(operator: Operator, left: i128, right: i128) -> Option<Value> {
    in_range(match operator {
        Operator::Plus => left.checked_add(right)?,
        Operator::Minus => left.checked_sub(right)?,
        Operator::Times => left.checked_mul(right)?,
        Operator::Modulo => left.checked_rem(right)?,
        Operator::BitAnd => left & right & i128::from(u64::MAX),
        Operator::BitOr => (left | right) & i128::from(u64::MAX),
        _ => return None,
    })
}

fn decimals(operator: Operator, left: Decimal, right: Decimal) -> Option<Value> {
    Some(Value::Decimal(match operator {
        Operator::Plus => left.plus(right)?,
        Operator::Minus => left.plus(right.negated())?,
        Operator::Times => left.times(right)?,
        _ => return None,
    }))
}

fn approximate(operator: Operator, left: f64, right: f64) -> Option<Value> {
    let number = match operator {
        Operator::Plus => left + right,
        Operator::Minus => left - right,
        Operator::Times => left * right,
        Operator::Divided | Operator::Modulo if right == 0.0 => return Some(Value::Null),
        Operator::Divided => left / right,
        Operator::Modulo => left % right,
        _ => return None,
    };
    number.is_finite().then_some(Value::Double(number))
}

/// The column of an exact result: with as many digits as it may have.
fn of_result(operator: Operator, [left, right]: [Shape; 2], is_mariadb: bool) -> Shape {
    let scale = left.decimals.max(right.decimals);
    let whole = |shape: Shape| shape.digits.saturating_sub(shape.decimals.into());
    let most_whole = whole(left).max(whole(right));
    let exact = |digits: u32, scale: u8| match left.is_integer() && right.is_integer() {
        true => Shape::integer(digits),
        false => Shape::decimal(digits, scale),
    };
    let shape = match operator {
        Operator::BitAnd | Operator::BitOr => Shape::UNSIGNED,
        Operator::IntegerDivided if is_mariadb => Shape {
            length: whole(left),
            ..Shape::integer(whole(left))
        },
        Operator::IntegerDivided => Shape::integer(whole(left)),
        Operator::Divided => Shape::decimal(
            left.digits.saturating_add(MORE_DECIMALS.into()),
            left.decimals.saturating_add(MORE_DECIMALS),
        ),
        Operator::Times => exact(
            left.digits.saturating_add(right.digits),
            left.decimals.saturating_add(right.decimals),
        ),
        Operator::Modulo => exact(most_whole.saturating_add(scale.into()), scale),
        _ => exact(most_whole.saturating_add(u32::from(scale) + 1), scale),
    };
    match shape.is_integer() && (left.is_unsigned() || right.is_unsigned()) {
        true => shape.with(ColumnFlags::UNSIGNED),
        false => shape,
    }
}

/// How many decimals a quotient has more than what is divided: `div_precision_increment`.
const MORE_DECIMALS: u8 = 4;

/// What fits into 64 bits, signed or not.
fn in_range(number: i128) -> Option<Value> {
    let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
    range.contains(&number).then_some(Value::Integer(number))
}
