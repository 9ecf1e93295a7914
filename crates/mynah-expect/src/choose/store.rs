use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::compare::{has_same_placeholders, matches, may_match_when_bound};
use super::index::Index;
use super::rank::{ExpectationId, Rank};
use super::sequence::Sequence;
use super::{Lookup, Preparation, Scenarios};
use crate::model::{Command, Expectation, Expectations, Order, Times};

/// The expectations of a test, and how often each was met.
#[derive(Debug)]
pub(crate) struct Store<A> {
    entries: BTreeMap<Rank, Stored<A>>,
    ranks: HashMap<ExpectationId, Rank>,
    index: Index,
    /// Those that say what is answered when a statement is prepared.
    of_prepare: Index,
    /// Those that were met since they were added, whatever was set back.
    ever_met: HashSet<ExpectationId>,
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
    /// What its next match will be answered.
    fn next_match(&self) -> Preparation<A> {
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

    /// The first that a statement meets, which counts it and changes its scenario.
    pub(crate) fn choose(&mut self, lookup: &Lookup<'_>) -> Choice<A> {
        self.index.prepare();
        let Some(rank) = self.find(lookup) else {
            return Choice::None;
        };
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

    /// The first stub of a file that a statement of another test meets. That test counts it.
    pub(crate) fn choose_for_other(&mut self, lookup: &Lookup<'_>) -> Option<Stored<A>> {
        let mut candidates = self.index.candidates(lookup);
        let found = candidates.find_map(|rank| {
            let stored = self.entries.get(&rank)?;
            let is_stub = rank.is_from_file() && stored.expectation.times == Times::ANY;
            (is_stub && matches(&stored.expectation, lookup)).then_some(stored)
        });
        let found = found.cloned()?;
        self.ever_met.insert(found.id);
        Some(found)
    }

    /// Where an expectation is looked up.
    fn index_of(&mut self, expectation: &Expectation<A>) -> &mut Index {
        match expectation.origin.command {
            Some(Command::Prepare) => &mut self.of_prepare,
            _ => &mut self.index,
        }
    }

    fn find(&self, lookup: &Lookup<'_>) -> Option<Rank> {
        if self.is_empty() {
            return None;
        }
        let mut candidates = self.index.candidates(lookup);
        candidates.find(|rank| {
            self.entries.get(rank).is_some_and(|stored| {
                let expectation = &stored.expectation;
                let times = expectation.times;
                (times.forbids() || !times.is_used_up(stored.calls))
                    && self.is_due(stored)
                    && self.scenarios.allow(expectation.scenario.as_ref())
                    && matches(expectation, lookup)
            })
        })
    }

    fn is_due(&self, stored: &Stored<A>) -> bool {
        let sequence = stored
            .sequence
            .and_then(|number| self.sequences.get(&number));
        sequence.is_none_or(|sequence| sequence.is_due(stored.id))
    }

    /// What says how a statement is prepared, which is counted; or what it could meet when it runs, whatever its
    /// parameters: the first that is due, or one that was. That uses up nothing.
    pub(crate) fn prepare(&mut self, lookup: &Lookup<'_>) -> Option<Preparation<A>> {
        let is_own = |stored: &Stored<A>| {
            let times = stored.expectation.times;
            !times.is_used_up(stored.calls) && matches(&stored.expectation, lookup)
        };
        let find = |is_wanted: &dyn Fn(&Stored<A>) -> bool| {
            let mut candidates = self.of_prepare.candidates(lookup);
            candidates.find(|rank| self.entries.get(rank).is_some_and(is_wanted))
        };
        // A literal may stand for a placeholder, but a text with the same placeholders counts more.
        let is_alike = |stored: &Stored<A>| {
            has_same_placeholders(&stored.expectation, lookup) && is_own(stored)
        };
        let own = find(&is_alike).or_else(|| find(&is_own));
        if let Some(stored) = own.and_then(|rank| self.entries.get_mut(&rank)) {
            // An expectation of `prepare` is matched by the preparation itself, all others only by an execution.
            stored.calls += 1;
            self.ever_met.insert(stored.id);
            return Some(Preparation {
                answer: stored.expectation.answer(stored.calls - 1).cloned(),
                call: stored.calls,
            });
        }
        Some(self.prepare_for_execution(lookup)?.next_match())
    }

    fn prepare_for_execution(&self, lookup: &Lookup<'_>) -> Option<&Stored<A>> {
        let ranks = || self.index.candidates(lookup);
        self.likely(
            || ranks().filter_map(|rank| self.entries.get(&rank)),
            |expectation| matches(expectation, lookup),
        )
    }

    /// What a statement that nothing matches as it is could meet with some values for its placeholders.
    pub(crate) fn prepare_for_some_values(&self, lookup: &Lookup<'_>) -> Option<Preparation<A>> {
        let found = self.likely(
            || self.entries(),
            |expectation| may_match_when_bound(expectation, lookup),
        )?;
        Some(found.next_match())
    }

    /// The first that is open. Without one, the last that was used up is still prepared: the execution explains what
    /// is wrong.
    fn likely<'s, I: Iterator<Item = &'s Stored<A>>>(
        &self,
        all: impl Fn() -> I,
        is_possible: impl Fn(&Expectation<A>) -> bool,
    ) -> Option<&'s Stored<A>> {
        let possible = || {
            all().filter(|stored| {
                !stored.expectation.times.forbids() && is_possible(&stored.expectation)
            })
        };
        let is_open = |stored: &&Stored<A>| {
            !stored.expectation.times.is_used_up(stored.calls)
                && self.is_due(stored)
                && self.scenarios.allow(stored.expectation.scenario.as_ref())
        };
        possible().find(is_open).or_else(|| possible().last())
    }
}
