//! ```text
//! condition  = all *("or" all)
//! all        = one *("and" one)
//! one        = "not" one / "(" condition ")" / comparison
//! comparison = field operator value
//! ```

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, multispace0};
use nom::combinator::{opt, peek, recognize};
use nom::error::{ErrorKind, ParseError};
use nom::multi::separated_list1;
use nom::sequence::preceded;
use nom::{Err, IResult, Parser};

use super::{Condition, FilterError, Match, NumberField, Order, TextField, known};

/// Where a rule didn't hold, and what it wanted.
#[derive(Debug, PartialEq)]
struct Unmet {
    /// How much of the text was left.
    left: usize,
    expected: &'static str,
}

impl ParseError<&str> for Unmet {
    fn from_error_kind(input: &str, _kind: ErrorKind) -> Self {
        Self {
            left: input.len(),
            expected: "a condition",
        }
    }

    fn append(_input: &str, _kind: ErrorKind, other: Self) -> Self {
        other
    }

    /// What got further is what was meant.
    fn or(self, other: Self) -> Self {
        if other.left <= self.left { other } else { self }
    }
}

type Parsed<'a, T> = IResult<&'a str, T, Unmet>;

pub(super) fn parse(text: &str) -> Result<Condition, FilterError> {
    let unmet = match condition(text, 0) {
        Ok((rest, condition)) if rest.trim().is_empty() => return Ok(condition),
        Ok((rest, _)) => Unmet {
            left: rest.trim_start().len(),
            expected: "and, or, or the end",
        },
        Err(Err::Error(unmet) | Err::Failure(unmet)) => unmet,
        Err(Err::Incomplete(_)) => Unmet {
            left: 0,
            expected: "more",
        },
    };
    let before = text.get(..text.len() - unmet.left).unwrap_or(text);
    Err(FilterError {
        column: before.chars().count() + 1,
        expected: unmet.expected,
    })
}

fn condition(text: &str, depth: usize) -> Parsed<'_, Condition> {
    let (rest, mut any) = separated_list1(keyword("or"), |text| all(text, depth)).parse(text)?;
    Ok((rest, alone(&mut any).unwrap_or(Condition::Any(any))))
}

fn all(text: &str, depth: usize) -> Parsed<'_, Condition> {
    let (rest, mut all) = separated_list1(keyword("and"), |text| one(text, depth)).parse(text)?;
    Ok((rest, alone(&mut all).unwrap_or(Condition::All(all))))
}

fn alone(conditions: &mut Vec<Condition>) -> Option<Condition> {
    if conditions.len() == 1 {
        conditions.pop()
    } else {
        None
    }
}

fn one(text: &str, depth: usize) -> Parsed<'_, Condition> {
    let (text, _) = multispace0(text)?;
    if depth > MAX_DEPTH {
        return Err(failure(text, "less that is nested"));
    }
    if let (rest, Some(_)) = opt(keyword("not")).parse(text)? {
        let (rest, inner) = one(rest, depth + 1)?;
        return Ok((rest, Condition::Not(Box::new(inner))));
    }
    if let Some(rest) = text.strip_prefix('(') {
        let (rest, inner) = condition(rest, depth + 1)?;
        let (rest, _) = multispace0(rest)?;
        let closed = rest.strip_prefix(')');
        return Ok((closed.ok_or_else(|| failure(rest, "and, or, or )"))?, inner));
    }
    comparison(text)
}

fn comparison(text: &str) -> Parsed<'_, Condition> {
    let (rest, name) = word(text).map_err(|_| failure(text, FIELDS))?;
    if let Some(field) = text_field(name) {
        let (value, how) = text_operator(rest)?;
        let (rest, wanted) = text_value(value)?;
        if let Some(expected) = known::unmet_text(field, how, &wanted) {
            return Err(failure(value.trim_start(), expected));
        }
        return Ok((rest, Condition::Text(field, how, wanted)));
    }
    let field = number_field(name).ok_or_else(|| failure(text, FIELDS))?;
    let (value, order) = order(rest)?;
    let (rest, wanted) = number(value, field)?;
    if let Some(expected) = known::unmet_number(field, order, wanted) {
        return Err(failure(value.trim_start(), expected));
    }
    Ok((rest, Condition::Number(field, order, wanted)))
}

fn text_operator(text: &str) -> Parsed<'_, Match> {
    let (text, _) = multispace0(text)?;
    let (rest, found) = alt((tag("!="), tag("!~"), tag("="), tag("~")))
        .parse(text)
        .map_err(|_: Err<Unmet>| failure(text, "=, !=, ~ or !~"))?;
    let how = match found {
        "!=" => Match::IsNot,
        "!~" => Match::ContainsNot,
        "~" => Match::Contains,
        _ => Match::Is,
    };
    Ok((rest, how))
}

fn order(text: &str) -> Parsed<'_, Order> {
    let (text, _) = multispace0(text)?;
    let (rest, found) = alt((
        tag("!="),
        tag("<="),
        tag(">="),
        tag("<"),
        tag(">"),
        tag("="),
    ))
    .parse(text)
    .map_err(|_: Err<Unmet>| failure(text, "=, !=, <, <=, > or >="))?;
    let order = match found {
        "!=" => Order::NotEqual,
        "<=" => Order::AtMost,
        ">=" => Order::AtLeast,
        "<" => Order::Less,
        ">" => Order::More,
        _ => Order::Equal,
    };
    Ok((rest, order))
}

/// A word, or anything between quotes; a quote in it is doubled.
fn text_value(text: &str) -> Parsed<'_, String> {
    let (text, _) = multispace0(text)?;
    let quote = text
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\''));
    let Some(quote) = quote else {
        let mut bare = take_while1(|char: char| !char.is_whitespace() && !"()\"'".contains(char));
        let value: Parsed<'_, &str> = bare.parse(text);
        let (rest, value) = value.map_err(|_| failure(text, "a word or a text in quotes"))?;
        return Ok((rest, value.to_owned()));
    };
    let (mut rest, mut value) = (text.get(1..).unwrap_or_default(), String::new());
    loop {
        let part: Parsed<'_, &str> = take_while(|char| char != quote).parse(rest);
        let (after, part) = part?;
        value.push_str(part);
        let closed: Parsed<'_, char> = char(quote).parse(after);
        let (after, _) = closed.map_err(|_| failure(after, "a closing quote"))?;
        match after.strip_prefix(quote) {
            Some(after) => {
                value.push(quote);
                rest = after;
            }
            None => return Ok((after, value)),
        }
    }
}

fn number(text: &str, field: NumberField) -> Parsed<'_, u64> {
    let (text, _) = multispace0(text)?;
    let is_time = matches!(
        field,
        NumberField::Latency | NumberField::Waited | NumberField::FirstByte
    );
    let expected = match field {
        _ if is_time => "a time like 500us, 10ms or 2s",
        NumberField::Sent | NumberField::Received | NumberField::Bytes => {
            "a number, or one with k, m or g"
        }
        _ => "a number",
    };
    let unmet = || failure(text, expected);
    let digits: Parsed<'_, &str> = take_while1(|char: char| char.is_ascii_digit()).parse(text);
    let (rest, digits) = digits.map_err(|_| unmet())?;
    let value: u64 = digits.parse().map_err(|_| unmet())?;
    let unit: Parsed<'_, &str> = take_while(|char: char| char.is_ascii_alphabetic()).parse(rest);
    let (rest, unit) = unit?;
    let times = match (is_time, unit.to_ascii_lowercase().as_str()) {
        (true, "us") => 1,
        (true, "ms") => 1000,
        (true, "s") => 1_000_000,
        (false, "") => 1,
        (false, unit) if expected.contains("k, m") => match unit {
            "k" => 1 << 10,
            "m" => 1 << 20,
            "g" => 1 << 30,
            _ => return Err(unmet()),
        },
        _ => return Err(unmet()),
    };
    Ok((rest, value.checked_mul(times).ok_or_else(unmet)?))
}

/// A keyword, which no letter follows.
fn keyword<'a>(wanted: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Unmet> {
    move |text: &'a str| -> Parsed<'a, &'a str> {
        let (rest, found) = preceded(multispace0, peek(word)).parse(text)?;
        let after = text.trim_start().get(found.len()..);
        match after {
            Some(after) if found.eq_ignore_ascii_case(wanted) => Ok((after, found)),
            _ => Err(Err::Error(Unmet {
                left: rest.len(),
                expected: "and, or, or the end",
            })),
        }
    }
}

fn word(text: &str) -> Parsed<'_, &str> {
    recognize(take_while1(|char: char| {
        char.is_ascii_alphabetic() || char == '_'
    }))
    .parse(text)
}

fn text_field(name: &str) -> Option<TextField> {
    Some(match name.to_ascii_lowercase().as_str() {
        "command" => TextField::Command,
        "sql" => TextField::Sql,
        "user" => TextField::User,
        "schema" => TextField::Schema,
        "client" => TextField::Client,
        "listener" => TextField::Listener,
        "server" => TextField::Server,
        "state" => TextField::State,
        _ => return None,
    })
}

fn number_field(name: &str) -> Option<NumberField> {
    Some(match name.to_ascii_lowercase().as_str() {
        "connection" => NumberField::Connection,
        "error" => NumberField::Error,
        "rows" => NumberField::Rows,
        "affected" => NumberField::Affected,
        "warnings" => NumberField::Warnings,
        "sent" => NumberField::Sent,
        "received" => NumberField::Received,
        "bytes" => NumberField::Bytes,
        "latency" => NumberField::Latency,
        "waited" => NumberField::Waited,
        "first_byte" => NumberField::FirstByte,
        _ => return None,
    })
}

fn failure(text: &str, expected: &'static str) -> Err<Unmet> {
    Err::Failure(Unmet {
        left: text.len(),
        expected,
    })
}

const FIELDS: &str = "not, (, or one of command, sql, user, schema, client, listener, server, \
                      state, connection, error, rows, affected, warnings, sent, received, bytes, \
                      latency, waited, first_byte";

/// How deep conditions may be nested.
const MAX_DEPTH: usize = 64;
