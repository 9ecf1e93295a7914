use std::cmp::Ordering;

use mynah_session::Failure;

use super::super::facts::Facts;
use super::super::like::like;
use super::super::value::{Shape, Typed, Value};
use super::{Expression, Operator, calls, operators};

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
    Ok(match expression {
        Expression::Literal(value, shape) => Typed::new(value.clone(), *shape),
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
            calls::cast(value_of(operand)?, *cast).ok_or(Stop::Unknown)?
        }
        Expression::Not(operand) => {
            let Typed { value, shape } = value_of(operand)?;
            let truth = value
                .truth()
                .map_or(Value::Null, |truth| Value::flag(!truth));
            Typed::new(truth, Shape::FLAG.null_as(&[shape]))
        }
        Expression::Negated(operand) => {
            operators::negated(value_of(operand)?).ok_or(Stop::Unknown)?
        }
        Expression::Binary(operator, left, right) => {
            operators::binary(*operator, value_of(left)?, value_of(right)?).ok_or(Stop::Unknown)?
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
            is_in(&value_of(operand)?.value, &list)
        }
        Expression::Between(operand, low, high) => {
            let (operand, low, high) = (value_of(operand)?, value_of(low)?, value_of(high)?);
            let above = operators::binary(Operator::GreaterOrEqual, operand.clone(), low);
            let below = operators::binary(Operator::LessOrEqual, operand, high);
            let both = above.zip(below);
            let and = |(above, below)| operators::binary(Operator::And, above, below);
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
            let mut result = None;
            for (condition, then) in branches {
                let condition = value_of(condition)?.value;
                let holds = match &operand {
                    None => condition.truth() == Some(true),
                    Some(operand) => operand.value.compare(&condition) == Some(Ordering::Equal),
                };
                let then = value_of(then)?;
                if holds && result.is_none() {
                    result = Some(then);
                }
            }
            match (result, otherwise) {
                (Some(result), _) => result,
                (None, Some(otherwise)) => value_of(otherwise)?,
                (None, None) => Typed::null(),
            }
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

fn is_in(operand: &Value, list: &[Typed]) -> Typed {
    let mut truth = Some(false);
    for item in list {
        match operand.compare(&item.value) {
            Some(Ordering::Equal) => return Typed::truth(Some(true)),
            Some(_) => {}
            None => truth = None,
        }
    }
    Typed::truth(truth)
}
