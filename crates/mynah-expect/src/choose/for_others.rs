use std::collections::HashMap;

use super::compare::{has_same_placeholders, has_these_values, matches, may_match_when_bound};
use super::index::Index;
use super::rank::ExpectationId;
use super::store::{Store, Stored, nearest};
use super::{Lookup, Preparation};
use crate::model::Expectation;

/// What other tests meet of the expectations of a file. Each counts for itself what it met of them: that changes no
/// counts here. The order of steps is only that of this test's own statements.
impl<A> Store<A> {
    /// The expectation that a statement of another test meets, which has met them so often before; with
    /// `exact_of`, only one of this priority that has exactly the values of the statement.
    pub(crate) fn choose_for_other(
        &mut self,
        lookup: &Lookup<'_>,
        met: &HashMap<ExpectationId, u64>,
        exact_of: Option<i32>,
    ) -> Option<Stored<A>> {
        self.index.prepare();
        let is_wanted = |expectation: &Expectation<A>| {
            exact_of.is_none_or(|priority| {
                expectation.priority == priority && has_these_values(expectation, lookup)
            })
        };
        let found = self.next_for_other(&self.index, lookup, met, is_wanted)?;
        self.ever_met.insert(found.id);
        Some(found)
    }

    /// Whether a statement of another test meets an expectation.
    pub(crate) fn would_answer(
        &mut self,
        lookup: &Lookup<'_>,
        met: &HashMap<ExpectationId, u64>,
    ) -> bool {
        self.index.prepare();
        self.next_for_other(&self.index, lookup, met, |_| true)
            .is_some()
    }

    /// The expectation of `prepare` that a preparation of another test meets.
    pub(crate) fn choose_preparation_for_other(
        &mut self,
        lookup: &Lookup<'_>,
        met: &HashMap<ExpectationId, u64>,
    ) -> Option<Stored<A>> {
        self.of_prepare.prepare();
        let next = |is_wanted: &dyn Fn(&Expectation<A>) -> bool| {
            self.next_for_other(&self.of_prepare, lookup, met, is_wanted)
        };
        let is_alike = |expectation: &Expectation<A>| has_same_placeholders(expectation, lookup);
        let found = next(&is_alike).or_else(|| next(&|_| true))?;
        self.ever_met.insert(found.id);
        Some(found)
    }

    /// What a statement that another test prepares could meet when it runs.
    pub(crate) fn prepare_for_other(
        &self,
        lookup: &Lookup<'_>,
        met: &HashMap<ExpectationId, u64>,
    ) -> Option<Preparation<A>> {
        let found = self.next_for_other(&self.index, lookup, met, |_| true)?;
        Some(found.next_match())
    }

    /// What a statement that another test prepares could meet with some values for its placeholders.
    pub(crate) fn prepare_for_some_values_of_other(
        &self,
        lookup: &Lookup<'_>,
        met: &HashMap<ExpectationId, u64>,
    ) -> Option<Preparation<A>> {
        let mut all = self.of_file();
        let found = all.find(|stored| may_match_when_bound(&stored.expectation, lookup))?;
        Some(of_other(found, met).next_match())
    }

    /// Whether a statement is a step of the file, in its turn or not.
    pub(crate) fn has_step(&self, lookup: &Lookup<'_>) -> bool {
        let mut candidates = self.index.candidates(lookup);
        candidates.any(|rank| {
            let stored = self.entries.get(&rank).filter(|_| rank.is_from_file());
            stored.is_some_and(|stored| {
                stored.sequence.is_some() && matches(&stored.expectation, lookup)
            })
        })
    }

    /// The first that the other test hasn't used up; without one, the last is repeated.
    fn next_for_other(
        &self,
        index: &Index,
        lookup: &Lookup<'_>,
        met: &HashMap<ExpectationId, u64>,
        is_wanted: impl Fn(&Expectation<A>) -> bool,
    ) -> Option<Stored<A>> {
        let possible = || {
            let of_file = index.candidates(lookup).filter(|rank| rank.is_from_file());
            let stored = of_file.filter_map(|rank| self.entries.get(&rank));
            stored.filter(|stored| {
                let expectation = &stored.expectation;
                !expectation.times.forbids() && is_wanted(expectation)
            })
        };
        let calls = |stored: &Stored<A>| met.get(&stored.id).copied().unwrap_or_default();
        let open = possible().filter(|stored| {
            let times = stored.expectation.times;
            !times.is_used_up(calls(stored))
        });
        let used_up = || {
            possible()
                .filter(|stored| matches(&stored.expectation, lookup))
                .last()
        };
        Some(of_other(nearest(lookup, open).or_else(used_up)?, met))
    }
}

/// An expectation with the count of another test.
fn of_other<A>(stored: &Stored<A>, met: &HashMap<ExpectationId, u64>) -> Stored<A> {
    Stored {
        calls: met.get(&stored.id).copied().unwrap_or_default(),
        ..stored.clone()
    }
}
