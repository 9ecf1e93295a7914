//! Expectations by regular expressions, which are looked for all at once.

use std::collections::{BTreeMap, BTreeSet};

use regex::{RegexSet, RegexSetBuilder};

use super::rank::Rank;
use crate::value::Pattern;

#[derive(Debug, Default)]
pub(super) struct Patterns {
    all: BTreeMap<Rank, Pattern>,
    /// Made of most of them; those that were removed since are still there.
    sets: Vec<Set>,
    /// Those that are in no set: each is compared.
    loose: BTreeSet<Rank>,
    /// How many comparisons a set would have saved.
    compared: usize,
}

#[derive(Debug)]
struct Set {
    patterns: RegexSet,
    ranks: Vec<Rank>,
}

impl Patterns {
    pub(super) fn insert(&mut self, pattern: &Pattern, rank: Rank) {
        self.all.insert(rank, pattern.clone());
        self.loose.insert(rank);
    }

    pub(super) fn remove(&mut self, rank: Rank) {
        self.all.remove(&rank);
        self.loose.remove(&rank);
        if self.all.is_empty() {
            *self = Self::default();
        }
    }

    /// Makes sets anew, if that takes less time than it saves.
    pub(super) fn prepare(&mut self) {
        if self.loose.len() <= FEW {
            return;
        }
        self.compared += self.loose.len();
        let is_much = self.loose.len() >= self.all.len() / 4;
        if is_much || self.compared >= self.all.len() * COST {
            self.loose.clear();
            self.sets.clear();
            self.compared = 0;
            let all: Vec<_> = self
                .all
                .iter()
                .map(|(rank, pattern)| (*rank, pattern))
                .collect();
            for some in all.chunks(LARGEST_SET) {
                add_sets(some, &mut self.sets, &mut self.loose);
            }
        }
    }

    /// Those that are found in one of these texts, and some that may be, in their order.
    pub(super) fn candidates<'t>(&self, texts: impl FnOnce() -> &'t [String]) -> Vec<Rank> {
        let mut found: Vec<_> = self.loose.iter().copied().collect();
        if !self.sets.is_empty() {
            for text in texts() {
                for set in &self.sets {
                    let matches = set.patterns.matches(text);
                    let ranks = matches.iter().filter_map(|index| set.ranks.get(index));
                    found.extend(ranks.filter(|rank| self.all.contains_key(rank)));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Makes as few sets as the limit of their size allows. What is too large alone is compared by itself.
fn add_sets(patterns: &[(Rank, &Pattern)], sets: &mut Vec<Set>, loose: &mut BTreeSet<Rank>) {
    let texts = patterns.iter().map(|(_, pattern)| pattern.as_str());
    match RegexSetBuilder::new(texts).build() {
        Ok(set) => sets.push(Set {
            patterns: set,
            ranks: patterns.iter().map(|(rank, _)| *rank).collect(),
        }),
        Err(_) if patterns.len() > 1 => {
            let (one, other) = patterns.split_at(patterns.len() / 2);
            add_sets(one, sets, loose);
            add_sets(other, sets, loose);
        }
        Err(_) => loose.extend(patterns.iter().map(|(rank, _)| *rank)),
    }
}

/// So many are compared one by one.
const FEW: usize = 4;
/// To make a set takes as long as so many comparisons for each pattern.
const COST: usize = 128;
/// How many patterns a set has.
const LARGEST_SET: usize = 1_000;
