use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::compare::{has_like_values, has_these_values, matches};
use super::index::Index;
use super::rank::{ExpectationId, Rank};
use super::sequence::Sequence;
use super::{Lookup, Preparation, Scenarios};
use crate::model::{Command, Expectation, Expectations, Order, Times};

/// The expectations of a test, and how often each was met.
#[derive(Debug)]
pub(crate) struct Store<A> {
    pub(super) entries: BTreeMap<Rank, Stored<A>>,
    ranks: HashMap<ExpectationId, Rank>,
    pub(super) index: Index,
    /// Those that say what is answered when a statement is prepared.
    pub(super) of_prepare: Index,
    /// Those that were met since they were added, whatever was set back.
    pub(super) ever_met: HashSet<ExpectationId>,
    /// By the id of the first expectation of their list.
    sequences: BTreeMap<u64, Sequence>,
    last_id: u64,
    pub(crate) scenarios: Scenarios,
}

/// An expectation, and how often it was met.
#[derive(Debug)]
pub(crate) struct Stored<A> {
    pub(crate) id: ExpectationId,
    pub(crate) expectation: Arc<Expectation<A>>,
    /// Its name and place.
    pub(crate) label: Arc<str>,
    /// How often it answered; of one that forbids, how often it refused.
    pub(crate) calls: u64,
    /// The sequence it is a step of.
    pub(crate) sequence: Option<u64>,
}

impl<A> Stored<A> {
    /// What this match is answered, which its `calls` include.
    pub(crate) fn this_match(&self) -> Preparation<A> {
        Preparation {
            answer: self.expectation.answer(self.calls - 1).cloned(),
            call: self.calls,
        }
    }

    /// What its next match will be answered.
    pub(super) fn next_match(&self) -> Preparation<A> {
        Preparation {
            answer: self.expectation.answer(self.calls).cloned(),
            call: self.calls + 1,
        }
    }
}

impl<A> Clone for Stored<A> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            expectation: Arc::clone(&self.expectation),
            label: Arc::clone(&self.label),
            calls: self.calls,
            sequence: self.sequence,
        }
    }
}

/// The expectation that a statement meets, if it meets one.
#[derive(Debug)]
pub(crate) enum Choice<A> {
    /// This expectation matches; its `calls` include this match.
    Met(Stored<A>),
    /// This expectation matches, and forbids the statement.
    Forbidden(Stored<A>),
    /// No expectation matches.
    None,
}

impl<A> Default for Store<A> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            ranks: HashMap::new(),
            index: Index::default(),
            of_prepare: Index::default(),
            ever_met: HashSet::new(),
            sequences: BTreeMap::new(),
            last_id: 0,
            scenarios: Scenarios::default(),
        }
    }
}

impl<A> Store<A> {
    /// Adds a list; the entries of one that was written in a file stand behind those of others.
    pub(crate) fn add(&mut self, list: Expectations<A>, is_from_file: bool) -> Vec<ExpectationId> {
        let first = ExpectationId(self.last_id + 1);
        let sequence = (list.order == Order::Sequence).then_some(first.0);
        let mut ids = Vec::with_capacity(list.list.len());
        for expectation in list.list {
            self.last_id += 1;
            let id = ExpectationId(self.last_id);
            let rank = match is_from_file {
                true => Rank::in_file(expectation.priority, id),
                false => Rank::at_run_time(expectation.priority, first, id),
            };
            let times = expectation.times;
            // Stubs and forbidden statements have no place in a sequence.
            let is_step = times != Times::ANY && !times.forbids();
            let sequence = sequence.filter(|_| is_step);
            if let Some(sequence) = sequence {
                self.sequences.entry(sequence).or_default().push(id, times);
            }
            self.index_of(&expectation).insert(&expectation, rank);
            self.ranks.insert(id, rank);
            let stored = Stored {
                id,
                label: expectation.label().into(),
                expectation: Arc::new(expectation),
                calls: 0,
                sequence,
            };
            self.entries.insert(rank, stored);
            ids.push(id);
        }
        ids
    }

    /// Takes one away, if it is there.
    pub(crate) fn remove(&mut self, id: ExpectationId) -> Option<Stored<A>> {
        let rank = self.ranks.remove(&id)?;
        let stored = self.entries.remove(&rank)?;
        self.index_of(&stored.expectation)
            .remove(&stored.expectation, rank);
        self.ever_met.remove(&id);
        if let Some(number) = stored.sequence
            && let Some(sequence) = self.sequences.get_mut(&number)
        {
            sequence.remove(id);
            if sequence.is_empty() {
                self.sequences.remove(&number);
            }
        }
        Some(stored)
    }

    /// Takes those away that were written in a file.
    pub(crate) fn remove_from_file(&mut self) {
        let from_file = self.ranks.iter().filter(|(_, rank)| rank.is_from_file());
        let from_file: Vec<_> = from_file.map(|(id, _)| *id).collect();
        for id in from_file {
            self.remove(id);
        }
    }

    /// Takes all away.
    pub(crate) fn clear(&mut self) {
        // Numbers aren't used again: a report or a journal may still refer to them.
        *self = Self {
            last_id: self.last_id,
            scenarios: std::mem::take(&mut self.scenarios),
            ..Self::default()
        };
    }

    /// Sets the counts of all back to 0.
    pub(crate) fn reset_counts(&mut self) {
        for stored in self.entries.values_mut() {
            stored.calls = 0;
        }
        for sequence in self.sequences.values_mut() {
            sequence.reset();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Stored<A>> {
        self.entries.values()
    }

    pub(crate) fn get(&self, id: ExpectationId) -> Option<&Stored<A>> {
        self.entries.get(self.ranks.get(&id)?)
    }

    /// The steps that are due in sequences.
    pub(crate) fn due(&self) -> Vec<ExpectationId> {
        self.sequences.values().filter_map(Sequence::due).collect()
    }

    /// Those that were written in a file, in their order.
    pub(crate) fn of_file(&self) -> impl Iterator<Item = &Stored<A>> {
        let all = self.entries.iter();
        all.filter(|(rank, _)| rank.is_from_file())
            .map(|(_, stored)| stored)
    }

    /// Those that were met since they were added.
    pub(crate) fn ever_met(&self) -> impl Iterator<Item = &Stored<A>> {
        self.entries()
            .filter(|stored| self.ever_met.contains(&stored.id))
    }

    /// The conditions, in words, of those that were written in a file and were met.
    pub(crate) fn met_of_file(&self) -> HashSet<String> {
        let of_file = self.of_file();
        let met = of_file.filter(|stored| self.ever_met.contains(&stored.id));
        met.map(|stored| condition(stored)).collect()
    }

    /// Those that were written in a file and have one of these conditions were met.
    pub(crate) fn set_ever_met(&mut self, conditions: &HashSet<String>) {
        let of_file = self.of_file();
        let met = of_file.filter(|stored| conditions.contains(&condition(stored)));
        let met: Vec<_> = met.map(|stored| stored.id).collect();
        self.ever_met.extend(met);
    }

    /// The first that a statement meets, and its priority if it does so only by values that are sent as something else.
    pub(crate) fn first(&mut self, lookup: &Lookup<'_>) -> Option<(Rank, Option<i32>)> {
        self.index.prepare();
        let rank = self.find(&self.index, lookup, |_| true)?;
        let stored = self.entries.get(&rank)?;
        let is_like = has_like_values(&stored.expectation, lookup);
        Some((rank, is_like.then_some(stored.expectation.priority)))
    }

    /// A statement meets this expectation, which counts it and changes its scenario.
    pub(crate) fn meet(&mut self, rank: Rank) -> Choice<A> {
        let Some(stored) = self.entries.get_mut(&rank) else {
            return Choice::None;
        };
        // Count, sequence and scenario change together, under the test's lock.
        stored.calls += 1;
        let chosen = stored.clone();
        self.ever_met.insert(chosen.id);
        if chosen.expectation.times.forbids() {
            return Choice::Forbidden(chosen);
        }
        if let Some(sequence) = chosen
            .sequence
            .and_then(|number| self.sequences.get_mut(&number))
        {
            sequence.on_call(chosen.id);
        }
        self.scenarios.on_met(chosen.expectation.scenario.as_ref());
        Choice::Met(chosen)
    }

    /// Where an expectation is looked up.
    fn index_of(&mut self, expectation: &Expectation<A>) -> &mut Index {
        match expectation.origin.command {
            Some(Command::Prepare) => &mut self.of_prepare,
            _ => &mut self.index,
        }
    }

    /// The first of an index that a statement meets now, of those that are wanted.
    pub(super) fn find(
        &self,
        index: &Index,
        lookup: &Lookup<'_>,
        is_wanted: impl Fn(&Expectation<A>) -> bool,
    ) -> Option<Rank> {
        if self.is_empty() {
            return None;
        }
        let stored = index.candidates(lookup);
        let stored = stored.filter_map(|rank| self.entries.get(&rank));
        let open = stored.filter(|stored| {
            let expectation = &stored.expectation;
            (expectation.times.forbids() || self.is_open(stored)) && is_wanted(expectation)
        });
        let found = nearest(lookup, open)?;
        self.ranks.get(&found.id).copied()
    }

    /// Whether it may be met now: it isn't used up, its turn has come, and its scenario has the right state.
    pub(super) fn is_open(&self, stored: &Stored<A>) -> bool {
        !stored.expectation.times.is_used_up(stored.calls)
            && self.is_due(stored)
            && self.scenarios.allow(stored.expectation.scenario.as_ref())
    }

    fn is_due(&self, stored: &Stored<A>) -> bool {
        let sequence = stored
            .sequence
            .and_then(|number| self.sequences.get(&number));
        sequence.is_none_or(|sequence| sequence.is_due(stored.id))
    }
}

/// The first of these that a statement meets; if its values are only like those of the statement, one of the same
/// priority that has exactly these comes before it.
pub(super) fn nearest<'s, A: 's>(
    lookup: &Lookup<'_>,
    all: impl Iterator<Item = &'s Stored<A>>,
) -> Option<&'s Stored<A>> {
    let mut all = all;
    let first = all.find(|stored| matches(&stored.expectation, lookup))?;
    if !has_like_values(&first.expectation, lookup) {
        return Some(first);
    }
    let priority = first.expectation.priority;
    let mut equals = all.take_while(|stored| stored.expectation.priority == priority);
    let exact = equals.find(|stored| {
        has_these_values(&stored.expectation, lookup) && matches(&stored.expectation, lookup)
    });
    Some(exact.unwrap_or(first))
}

/// The conditions of an expectation on a statement, in words.
fn condition<A>(stored: &Stored<A>) -> String {
    let expectation = &stored.expectation;
    let text = expectation.text.as_ref();
    let text = text.map(|text| (text.key(), text.text()));
    format!("{text:?} {:?} {:?}", expectation.params, expectation.origin)
}
