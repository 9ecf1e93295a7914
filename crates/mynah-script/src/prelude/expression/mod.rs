//! Expressions, as in a select list, behind WHERE, and to the right of a SET.

mod calls;
mod cast;
mod evaluate;
mod merged;
mod number;
mod operators;
mod parse;
mod primary;
mod time;
mod widths;

pub(super) use evaluate::{Columns, Stop, evaluate};
pub(super) use merged::merged;
pub(super) use parse::Parser;
pub(super) use time::{is_zone, zone};

use super::shape::Shape;
use super::value::Value;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Value, Shape),
    SystemVariable(SystemVariable),
    /// `@name`
    UserVariable(String),
    /// The value that is bound to a `?`, counted from 0.
    Placeholder(usize),
    /// A name: of a column, possibly with its table; or a word where one may stand.
    Name(String),
    /// `*` in `COUNT(*)`.
    All,
    Call(String, Vec<Self>),
    Cast(Box<Self>, Cast),
    Not(Box<Self>),
    Negated(Box<Self>),
    /// A text that is sorted by the bytes of its characters, or by another collation.
    Collated(Box<Self>, bool),
    Binary(Operator, Box<Self>, Box<Self>),
    Like(Box<Self>, Box<Self>, char),
    In(Box<Self>, Vec<Self>),
    IsNull(Box<Self>),
    /// `IS TRUE`, `IS FALSE`
    Is(Box<Self>, bool),
    Between(Box<Self>, Box<Self>, Box<Self>),
    /// Conditions, or values that the operand is compared with, with what follows from each.
    Case {
        operand: Option<Box<Self>>,
        branches: Vec<(Self, Self)>,
        otherwise: Option<Box<Self>>,
    },
}

/// `@@scope.name`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SystemVariable {
    pub(super) scope: Option<VariableScope>,
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VariableScope {
    Global,
    Session,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cast {
    /// To a text of at most so many characters.
    Text(Option<u32>),
    /// To another character set.
    Recoded,
    /// To so many bytes.
    Bytes(Option<u32>),
    Signed,
    Unsigned,
    Double,
    Decimal,
    DateTime,
    Date,
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Xor,
    Equal,
    NullSafeEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divided,
    IntegerDivided,
    Modulo,
    BitAnd,
    BitOr,
}
