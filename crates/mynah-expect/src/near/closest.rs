use std::collections::HashMap;
use std::ops::ControlFlow;

use super::align::distance;
use super::parts::{Asked, Part, wanted};
use crate::choose::{Difference, Lookup, Stored, each_difference};
use crate::model::{Expectation, TextMatch};
use crate::text::PART;

/// Texts that expectations are compared with, by what they expect.
#[derive(Debug)]
pub(super) struct Forms<'a> {
    pub(super) statement: Asked<'a>,
    pub(super) digest: Asked<'a>,
    pub(super) joined: Asked<'a>,
    pub(super) collapsed: Asked<'a>,
}

impl<'a> Forms<'a> {
    pub(super) fn new(lookup: &'a Lookup<'_>) -> Self {
        let first = |forms: &'a [String]| Asked::words(forms.first().map_or("", String::as_str));
        Self {
            statement: Asked::new(lookup),
            digest: Asked::words(lookup.call.statement.digest()),
            joined: first(lookup.joined()),
            collapsed: first(lookup.collapsed()),
        }
    }

    /// The parts that are compared with what an expectation wants.
    pub(super) fn asked(&self, text: &TextMatch, wanted: usize) -> &[Part<'a>] {
        match text {
            TextMatch::Statement(_) => &self.statement.parts,
            TextMatch::Digest(_) => &self.digest.parts,
            TextMatch::Regex(_) => &self.collapsed.parts,
            // Only the beginning is compared with a prefix: what follows is free.
            TextMatch::Prefix(_) => {
                let parts = &self.joined.parts;
                parts.get(..wanted).unwrap_or(parts)
            }
        }
    }
}

/// The expectation that a statement is closest to, and how close: 1 is the same, 0 is nothing in common.
pub(super) fn closest<'s, A>(
    entries: &'s [Stored<A>],
    lookup: &Lookup<'_>,
    forms: &Forms<'_>,
) -> Option<(&'s Stored<A>, f64)> {
    // First a cheap measure for all expectations: how many words both have in common. Only the best of these
    // are aligned, which costs the product of the lengths.
    let words = Words::of(&forms.statement.parts);
    let common = entries
        .iter()
        .map(|stored| words.common(&stored.expectation));
    let common: Vec<f64> = common.collect();
    let finite = common.iter().copied().filter(|common| common.is_finite());
    let most = finite.fold(0.0, f64::max);
    let likely = entries
        .iter()
        .zip(&common)
        .filter(|&(_, &common)| common >= most - MARGIN);
    let scored = likely.filter_map(|(stored, _)| {
        let text = stored.expectation.text.as_ref()?;
        let wanted = wanted(&stored.expectation)?;
        let asked = forms.asked(text, wanted.len());
        let distance = distance(asked, &wanted) + 0.25 * others(&stored.expectation, lookup);
        Some((stored, distance, asked.len().max(wanted.len())))
    });
    let best = scored.min_by(|(_, one, _), (_, other, _)| one.total_cmp(other));
    best.map(|(stored, distance, parts)| {
        let parts = u32::try_from(parts.max(1)).unwrap_or(u32::MAX);
        (stored, 1.0 - distance / f64::from(parts))
    })
}

/// The number of differences besides those of the text.
fn others<A>(expectation: &Expectation<A>, lookup: &Lookup<'_>) -> f64 {
    let mut count = 0.0;
    let _all = each_difference(expectation, lookup, &mut |difference| {
        let is_counted_by_text = matches!(
            // These differences are in the distance of the texts already.
            (&expectation.text, difference),
            (_, Difference::Text | Difference::Literal { .. })
                | (Some(TextMatch::Statement(_)), Difference::Param { .. })
        );
        count += if is_counted_by_text { 0.0 } else { 1.0 };
        ControlFlow::Continue(())
    });
    count
}

/// How often words stand in a statement.
struct Words<'a> {
    /// Where the count of a word is.
    indexes: HashMap<&'a str, usize>,
    counts: Vec<u32>,
    all: u32,
}

impl<'a> Words<'a> {
    fn of(parts: &'a [Part<'a>]) -> Self {
        let mut words = Self {
            indexes: HashMap::new(),
            counts: Vec::new(),
            all: 0,
        };
        for part in parts {
            let word: &str = match part {
                Part::Word(word) => word,
                Part::Value { .. } | Part::Any(_) => "?",
            };
            let index = *words.indexes.entry(word).or_insert(words.counts.len());
            match words.counts.get_mut(index) {
                Some(count) => *count += 1,
                None => words.counts.push(1),
            }
            words.all += 1;
        }
        words
    }

    /// The share of words that a statement and an expectation have in common, from 0 to 1. Expectations that
    /// aren't whole statements always count as worth a closer look.
    fn common<A>(&self, expectation: &Expectation<A>) -> f64 {
        let statement = match &expectation.text {
            Some(TextMatch::Statement(statement)) => statement,
            Some(_) => return f64::INFINITY,
            None => return f64::NEG_INFINITY,
        };
        let mut left = self.counts.clone();
        let (mut common, mut wanted) = (0_u32, 0_u32);
        for word in statement.skeleton().split(PART) {
            wanted += 1;
            let count = self
                .indexes
                .get(word)
                .and_then(|&index| left.get_mut(index));
            if let Some(count) = count.filter(|count| **count > 0) {
                *count -= 1;
                common += 1;
            }
        }
        f64::from(2 * common) / f64::from((wanted + self.all).max(1))
    }
}

/// Expectations that have this much less in common with a statement than the best aren't looked at closely.
const MARGIN: f64 = 0.15;
