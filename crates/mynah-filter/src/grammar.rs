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
use nom::multi::separated_list1;
use nom::sequence::preceded;
use nom::{Err, Parser};

use crate::condition::{Condition, Match, Order};
use crate::needle::Needle;
use crate::number::number;
use crate::unmet::{Parsed, Unmet, failure};
use crate::{Field, FilterError, Kind, known};

pub(crate) fn parse<F: Field>(text: &str) -> Result<Condition<F>, FilterError> {
    let unmet = match condition(text, 0) {
        Ok((rest, condition)) if rest.trim().is_empty() => return Ok(condition),
        Ok((rest, _)) => Unmet {
            left: rest.trim_start().len(),
            expected: "and, or, or the end".into(),
        },
        Err(Err::Error(unmet) | Err::Failure(unmet)) => unmet,
        Err(Err::Incomplete(_)) => Unmet {
            left: 0,
            expected: "more".into(),
        },
    };
    let before = text.get(..text.len() - unmet.left).unwrap_or(text);
    Err(FilterError {
        column: before.chars().count() + 1,
        expected: unmet.expected,
    })
}

fn condition<F: Field>(text: &str, depth: usize) -> Parsed<'_, Condition<F>> {
    let (rest, mut any) = separated_list1(keyword("or"), |text| all(text, depth)).parse(text)?;
    Ok((rest, alone(&mut any).unwrap_or(Condition::Any(any))))
}

fn all<F: Field>(text: &str, depth: usize) -> Parsed<'_, Condition<F>> {
    let (rest, mut all) = separated_list1(keyword("and"), |text| one(text, depth)).parse(text)?;
    Ok((rest, alone(&mut all).unwrap_or(Condition::All(all))))
}

fn alone<F>(conditions: &mut Vec<Condition<F>>) -> Option<Condition<F>> {
    if conditions.len() == 1 {
        conditions.pop()
    } else {
        None
    }
}

fn one<F: Field>(text: &str, depth: usize) -> Parsed<'_, Condition<F>> {
    let (text, _) = multispace0(text)?;
    // Each level is a call on the stack, and filters also come from HTTP requests.
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

fn comparison<F: Field>(text: &str) -> Parsed<'_, Condition<F>> {
    let (rest, name) = word(text).map_err(|_| failure(text, fields::<F>()))?;
    let mut named = F::ALL.iter();
    let field = named.find(|field| field.name().eq_ignore_ascii_case(name));
    let field = *field.ok_or_else(|| failure(text, fields::<F>()))?;
    match field.kind() {
        Kind::Text | Kind::OneOf { .. } | Kind::SqlState => text_comparison(rest, field),
        Kind::Number { .. } | Kind::Size | Kind::Time => number_comparison(rest, field),
    }
}

fn text_comparison<F: Field>(text: &str, field: F) -> Parsed<'_, Condition<F>> {
    let (value, how) = text_operator(text)?;
    let (rest, wanted) = text_value(value)?;
    if let Some(expected) = known::unmet_text(field.kind(), how, &wanted) {
        return Err(failure(value.trim_start(), expected));
    }
    let wanted = match how.is_whole() {
        true => Some(Needle::whole(wanted)),
        false => Needle::part(wanted),
    };
    let wanted = wanted.ok_or_else(|| failure(value.trim_start(), "a shorter text"))?;
    Ok((rest, Condition::Text(field, how, wanted)))
}

fn number_comparison<F: Field>(text: &str, field: F) -> Parsed<'_, Condition<F>> {
    let (value, order) = order(text)?;
    let (rest, wanted) = number(value, field.kind())?;
    if let Some(expected) = known::unmet_number(field.kind(), order, wanted) {
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

/// A keyword, which no letter follows.
fn keyword<'a>(wanted: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Unmet> {
    move |text: &'a str| -> Parsed<'a, &'a str> {
        let (rest, found) = preceded(multispace0, peek(word)).parse(text)?;
        let after = text.trim_start().get(found.len()..);
        match after {
            Some(after) if found.eq_ignore_ascii_case(wanted) => Ok((after, found)),
            _ => Err(Err::Error(Unmet {
                left: rest.len(),
                expected: "and, or, or the end".into(),
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

/// What a comparison may begin with.
fn fields<F: Field>() -> String {
    let names: Vec<_> = F::ALL.iter().map(|field| field.name()).collect();
    format!("not, (, or one of {}", names.join(", "))
}

/// How deep conditions may be nested.
const MAX_DEPTH: usize = 64;
