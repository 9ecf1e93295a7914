use std::cmp::Ordering;

use mynah_classic::ColumnFlags;
use mynah_session::Failure;
use mynah_session::placeholders::Dialect;

use super::super::facts::Facts;
use super::super::like::like;
use super::super::shape::{NOT_FIXED, Shape};
use super::super::value::{Typed, Value};
use super::{Expression, Operator, calls, cast, operators};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Stop {
    /// It isn't understood: the statement is none of those that are answered here.
    Unknown,
    /// A server would refuse it.
    Failed(Failure),
}

/// What names in an expression stand for.
pub(in super::super) trait Columns {
    /// The value of this column in the row that is looked at.
    fn column(&self, name: &str) -> Option<Typed>;

    /// What a function says of all rows that are looked at together.
    fn aggregate(&self, name: &str, argument: &Expression) -> Option<Typed> {
        let (_, _) = (name, argument);
        None
    }
}

/// No columns.
impl Columns for () {
    fn column(&self, _name: &str) -> Option<Typed> {
        None
    }
}

/// The value of an expression in a session, with the columns of a row.
pub(in super::super) fn evaluate(
    expression: &Expression,
    facts: &Facts,
    columns: &dyn Columns,
) -> Result<Typed, Stop> {
    facts.spend(1)?;
    let value_of = |expression: &Expression| evaluate(expression, facts, columns);
    let is_mariadb = facts.is_mariadb();
    Ok(match expression {
        Expression::Literal(value, shape) => literal(value, *shape, facts.dialect),
        Expression::SystemVariable(variable) => facts.variable(variable).map_err(Stop::Failed)?,
        Expression::UserVariable(name) => {
            let value = facts.user_variable(name);
            facts.spend(value.value.text_len() / BYTES_A_STEP)?;
            value
        }
        Expression::Placeholder(index) => facts.bound(*index).ok_or(Stop::Unknown)?,
        Expression::Name(name) => columns.column(name).ok_or(Stop::Unknown)?,
        Expression::All => return Err(Stop::Unknown),
        Expression::Call(name, arguments) => match arguments.as_slice() {
            [argument] if is_aggregate(name) => {
                columns.aggregate(name, argument).ok_or(Stop::Unknown)?
            }
            _ => {
                let arguments: Vec<_> = arguments.iter().map(value_of).collect::<Result<_, _>>()?;
                calls::call(name, &arguments, facts).ok_or(Stop::Unknown)?
            }
        },
        Expression::Cast(operand, cast) => {
            cast::cast(value_of(operand)?, *cast, is_mariadb).ok_or(Stop::Unknown)?
        }
        Expression::Not(operand) => {
            let Typed { value, shape } = value_of(operand)?;
            let truth = value
                .truth()
                .map_or(Value::Null, |truth| Value::flag(!truth));
            Typed::new(truth, Shape::FLAG.null_as(&[shape]))
        }
        Expression::Collated(operand, is_by_bytes) => {
            let Typed { value, shape } = value_of(operand)?;
            let shape = match is_by_bytes {
                true => shape.with(ColumnFlags::BINARY),
                false => shape,
            };
            let decimals = if is_mariadb {
                NOT_FIXED
            } else {
                shape.decimals
            };
            Typed::new(value, Shape { decimals, ..shape })
        }
        Expression::Negated(operand) => {
            operators::negated(value_of(operand)?).ok_or(Stop::Unknown)?
        }
        Expression::Binary(operator, left, right) => {
            operators::binary(*operator, value_of(left)?, value_of(right)?, is_mariadb)
                .ok_or(Stop::Unknown)?
        }
        Expression::Like(left, right, escape) => {
            let (left, right) = (value_of(left)?, value_of(right)?);
            let shape = Shape::FLAG.null_as(&[left.shape, right.shape]);
            let truth = match (left.value.to_cell(), right.value.to_cell()) {
                (Some(text), Some(pattern)) => {
                    facts.spend(text.len().saturating_mul(pattern.len()) / BYTES_A_STEP)?;
                    Value::flag(like(&text, &pattern, *escape))
                }
                _ => Value::Null,
            };
            Typed::new(truth, shape)
        }
        Expression::In(operand, list) => {
            let list: Vec<_> = list.iter().map(value_of).collect::<Result<_, _>>()?;
            let operand = value_of(operand)?;
            let shapes: Vec<_> = list.iter().chain([&operand]).map(|it| it.shape).collect();
            let truth = is_in(&operand.value, &list).map_or(Value::Null, Value::flag);
            Typed::new(truth, Shape::FLAG.null_as(&shapes))
        }
        Expression::Between(operand, low, high) => {
            let (operand, low, high) = (value_of(operand)?, value_of(low)?, value_of(high)?);
            let compare =
                |operator, left, right| operators::binary(operator, left, right, is_mariadb);
            let above = compare(Operator::GreaterOrEqual, operand.clone(), low);
            let below = compare(Operator::LessOrEqual, operand, high);
            let both = above.zip(below);
            let and = |(above, below)| compare(Operator::And, above, below);
            both.and_then(and).ok_or(Stop::Unknown)?
        }
        Expression::IsNull(operand) => Typed::flag(value_of(operand)?.value.is_null()),
        Expression::Is(operand, wanted) => {
            Typed::flag(value_of(operand)?.value.truth() == Some(*wanted))
        }
        Expression::Case {
            operand,
            branches,
            otherwise,
        } => {
            let operand = operand
                .as_ref()
                .map(|operand| value_of(operand))
                .transpose()?;
            let (mut result, mut results) = (None, Vec::new());
            for (condition, then) in branches {
                let condition = value_of(condition)?.value;
                let holds = match &operand {
                    None => condition.truth() == Some(true),
                    Some(operand) => operand.value.compare(&condition) == Some(Ordering::Equal),
                };
                // Also branches that aren't chosen are evaluated: the column's type must fit the values of all of
                // them.
                results.push(value_of(then)?);
                if holds && result.is_none() {
                    result = Some(results.len() - 1);
                }
            }
            results.push(match otherwise {
                Some(otherwise) => value_of(otherwise)?,
                None => Typed::null(),
            });
            calls::one_of(&results, result.unwrap_or(results.len() - 1)).ok_or(Stop::Unknown)?
        }
    })
}

/// Whether a function says something of all rows together.
pub(super) fn is_aggregate(name: &str) -> bool {
    matches!(
        name,
        "count" | "max" | "min" | "sum" | "avg" | "group_concat"
    )
}

/// How many bytes are copied or compared in the time of a step.
const BYTES_A_STEP: usize = 16;

fn is_in(operand: &Value, list: &[Typed]) -> Option<bool> {
    let mut truth = Some(false);
    for item in list {
        match operand.compare(&item.value) {
            Some(Ordering::Equal) => return Some(true),
            Some(_) => {}
            // As in SQL: if the list has a NULL, a value that isn't found in it is NULL, and not false.
            None => truth = None,
        }
    }
    truth
}

/// A literal. MariaDB leaves no room for the sign of an integer without one; seen with 11.8 and not with
/// 10.11, room for a word in TRUE and FALSE.
fn literal(value: &Value, shape: Shape, dialect: Dialect) -> Typed {
    let length = match value {
        Value::Integer(_) if dialect.is_mariadb && shape == Shape::FLAG.never_null() => {
            if dialect.version >= 110_000 { 5 } else { 1 }
        }
        Value::Integer(0..) if dialect.is_mariadb => shape.digits,
        _ => shape.length,
    };
    Typed::new(value.clone(), Shape { length, ..shape })
}
