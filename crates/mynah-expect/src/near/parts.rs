use std::borrow::Cow;

use crate::choose::Lookup;
use crate::model::{Expectation, TextMatch};
use crate::text::{ElementKind, PART, Slot, elements};
use crate::value::{Matcher, Value};

/// A part of a text, as texts are compared part by part.
#[derive(Clone, Debug)]
pub(super) enum Part<'a> {
    Word(Cow<'a, str>),
    /// A value: a literal, or the value bound to the placeholder of this number.
    Value {
        value: Cow<'a, Value>,
        param: Option<usize>,
    },
    /// A place that accepts what the matcher accepts; without a matcher, anything.
    Any(Option<&'a Matcher>),
}

/// A statement as parts, and where each stands in its text.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) places: Vec<usize>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(lookup: &'a Lookup<'_>) -> Self {
        let statement = &lookup.call.statement;
        let elements = elements(statement.text(), statement.reading());
        let mut bound = lookup.call.params.iter().enumerate();
        let mut asked = Self {
            parts: Vec::with_capacity(elements.len()),
            places: Vec::with_capacity(elements.len()),
        };
        for element in elements.into_iter().take(MOST_PARTS) {
            asked.places.push(element.range.start);
            let text = statement.text().get(element.range).unwrap_or_default();
            asked.parts.push(match element.kind {
                ElementKind::Fixed => Part::Word(text.trim_end().into()),
                ElementKind::Literal(value) => Part::Value {
                    value: Cow::Owned(value),
                    param: None,
                },
                ElementKind::Placeholder => match bound.next() {
                    Some((index, value)) => Part::Value {
                        value: Cow::Borrowed(value),
                        param: Some(index),
                    },
                    None => Part::Any(None),
                },
            });
        }
        asked
    }

    /// Words alone, of a form that digests, prefixes and patterns are compared with.
    pub(super) fn words(text: &'a str) -> Self {
        let words = text.split(' ').take(MOST_PARTS);
        Self {
            parts: words.map(|word| Part::Word(word.into())).collect(),
            places: Vec::new(),
        }
    }
}

/// The parts that an expectation wants. Nothing if it takes any text.
pub(super) fn wanted<A>(expectation: &Expectation<A>) -> Option<Vec<Part<'_>>> {
    let statement = match expectation.text.as_ref()? {
        TextMatch::Statement(statement) => statement,
        TextMatch::Prefix(prefix) => return Some(words(prefix.joined().trim_end())),
        TextMatch::Digest(digest) => return Some(words(digest)),
        TextMatch::Regex(pattern) => return Some(words(pattern.as_str())),
    };
    let mut params = expectation.params.iter().flatten();
    let mut slots = statement.slots().iter();
    let mut param = 0;
    let parts = statement
        .skeleton()
        .split(PART)
        .take(MOST_PARTS)
        .map(|part| {
            let slot = if part == "?" { slots.next() } else { None };
            match slot {
                None => Part::Word(part.into()),
                Some(Slot::Literal(value)) => Part::Value {
                    value: Cow::Borrowed(value),
                    param: None,
                },
                Some(Slot::Placeholder) => {
                    param += 1;
                    match params.next() {
                        Some(Matcher::Is(value)) => Part::Value {
                            value: Cow::Borrowed(value),
                            param: Some(param - 1),
                        },
                        matcher => Part::Any(matcher),
                    }
                }
            }
        });
    Some(parts.collect())
}

fn words(text: &str) -> Vec<Part<'_>> {
    text.split(' ')
        .take(MOST_PARTS)
        .map(|word| Part::Word(word.into()))
        .collect()
}

/// How many parts of a text are compared.
const MOST_PARTS: usize = 10_000;
