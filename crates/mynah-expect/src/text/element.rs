use std::ops::Range;

use super::literal;
use super::piece::{Kind, Piece};
use super::pieces::pieces;
use crate::value::{Number, Value};
use mynah_sql::Reading;

/// What statements are compared by: a piece that has to be the same, or a place for a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    /// Where it stands, with its sign and its introducer.
    pub(crate) range: Range<usize>,
    /// Whether nothing stands between it and the one before.
    pub(crate) is_adjacent: bool,
    pub(crate) kind: ElementKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ElementKind {
    Fixed,
    /// A literal.
    Literal(Value),
    /// A placeholder, `?`.
    Placeholder,
}

/// Cuts a statement into elements.
pub(crate) fn elements(sql: &str, reading: Reading) -> Vec<Element> {
    let pieces = pieces(sql, reading);
    let mut elements = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        let rest = pieces.get(at..).unwrap_or_default();
        let (kind, len) = match piece.kind {
            Kind::Placeholder => (ElementKind::Placeholder, 1),
            // An introducer is a part of its literal: the value is compared without its character set.
            Kind::Introducer => match rest.get(1).and_then(|next| literal::value(next, reading)) {
                Some(value) => (ElementKind::Literal(value), 2),
                None => (ElementKind::Fixed, 1),
            },
            // A sign is a part of a number where no operator can stand.
            Kind::Operator if begins_expression(before) => match signed(rest) {
                Some((number, len)) => (ElementKind::Literal(Value::Number(number)), len),
                None => (ElementKind::Fixed, 1),
            },
            Kind::Word => match constant(piece).filter(|_| takes_literal(before)) {
                Some(value) => (ElementKind::Literal(value), 1),
                None => (ElementKind::Fixed, 1),
            },
            _ => match literal::value(piece, reading) {
                Some(value) => (ElementKind::Literal(value), 1),
                None => (ElementKind::Fixed, 1),
            },
        };
        let last = rest.get(len - 1).unwrap_or(piece);
        elements.push(Element {
            range: piece.range.start..last.range.end,
            is_adjacent: piece.is_adjacent,
            kind,
        });
        at += len;
    }
    elements
}

/// A number with signs before it, and its number of pieces.
fn signed(pieces: &[Piece<'_>]) -> Option<(Number, usize)> {
    let is_sign = |piece: &&Piece<'_>| piece.is("-") || piece.is("+");
    let signs = pieces.iter().take(MOST_SIGNS).take_while(is_sign);
    let is_negative = signs.clone().filter(|sign| sign.is("-")).count() % 2 == 1;
    let count = signs.count();
    let number = pieces
        .get(count)
        .filter(|number| number.kind == Kind::Number && count > 0)?;
    let sign = if is_negative { "-" } else { "" };
    Some((Number::parse(&format!("{sign}{}", number.text))?, count + 1))
}

fn constant(piece: &Piece<'_>) -> Option<Value> {
    if piece.is_word_of(&["NULL"]) {
        Some(Value::Null)
    } else if piece.is_word_of(&["TRUE"]) {
        Some(Value::from(1_i64))
    } else if piece.is_word_of(&["FALSE"]) {
        Some(Value::from(0_i64))
    } else {
        None
    }
}

/// Whether an expression begins after a piece, so that a sign there is a part of a number.
fn begins_expression(before: Option<&Piece<'_>>) -> bool {
    before.is_none_or(|before| match before.kind {
        Kind::Operator => !matches!(before.text, ")" | "]" | "}"),
        Kind::Word => before.is_word_of(BEFORE_EXPRESSIONS),
        Kind::Comment => true,
        _ => false,
    })
}

/// Whether NULL is a value behind a piece, and not a part of a clause, as in IS NULL and NOT NULL.
pub(super) fn takes_literal(before: Option<&Piece<'_>>) -> bool {
    before.is_some()
        && begins_expression(before)
        && !before.is_some_and(|before| before.is_word_of(&["NOT", "SET"]) || before.is("."))
}

/// How many signs a number may have.
const MOST_SIGNS: usize = 16;

const BEFORE_EXPRESSIONS: &[&str] = &[
    "ALL",
    "AND",
    "BETWEEN",
    "BY",
    "CASE",
    "DEFAULT",
    "DISTINCT",
    "DIV",
    "DO",
    "ELSE",
    "ESCAPE",
    "FROM",
    "HAVING",
    "HIGH_PRIORITY",
    "SQL_BIG_RESULT",
    "SQL_BUFFER_RESULT",
    "SQL_CALC_FOUND_ROWS",
    "SQL_NO_CACHE",
    "SQL_SMALL_RESULT",
    "STRAIGHT_JOIN",
    "DISTINCTROW",
    "IF",
    "IN",
    "INTERVAL",
    "LIKE",
    "LIMIT",
    "MOD",
    "NOT",
    "OFFSET",
    "ON",
    "OR",
    "REGEXP",
    "RETURN",
    "RLIKE",
    "SELECT",
    "SET",
    "THEN",
    "UNTIL",
    "USING",
    "VALUE",
    "VALUES",
    "WHEN",
    "WHERE",
    "WHILE",
    "XOR",
];
