use super::compare::{has_same_placeholders, matches, may_match_when_bound};
use super::store::{Choice, Store, Stored, nearest};
use super::{Lookup, Preparation};
use crate::model::Expectation;

/// What is answered when a statement is prepared.
impl<A> Store<A> {
    /// The expectation of `prepare` that a preparation meets, which counts it and changes its scenario.
    pub(crate) fn choose_for_preparation(&mut self, lookup: &Lookup<'_>) -> Choice<A> {
        self.of_prepare.prepare();
        let find = |is_wanted: &dyn Fn(&Expectation<A>) -> bool| {
            self.find(&self.of_prepare, lookup, is_wanted)
        };
        // A literal may stand for a placeholder, but a text with the same placeholders counts more.
        let is_alike = |expectation: &Expectation<A>| has_same_placeholders(expectation, lookup);
        match find(&is_alike).or_else(|| find(&|_| true)) {
            Some(rank) => self.meet(rank),
            None => Choice::None,
        }
    }

    /// What a statement that is prepared could meet when it runs, whatever its parameters: the first that is due, or one
    /// that was. That uses up nothing.
    pub(crate) fn prepare_for_execution(&self, lookup: &Lookup<'_>) -> Option<Preparation<A>> {
        let all = || {
            let ranks = self.index.candidates(lookup);
            let stored = ranks.filter_map(|rank| self.entries.get(&rank));
            stored.filter(|stored| !stored.expectation.times.forbids())
        };
        let open = all().filter(|stored| self.is_open(stored));
        // Without one that is open, the last that was used up is still prepared: the execution explains what is wrong.
        let used_up = || {
            let matching = all().filter(|stored| matches(&stored.expectation, lookup));
            matching.last()
        };
        Some(nearest(lookup, open).or_else(used_up)?.next_match())
    }

    /// What a statement that nothing matches as it is could meet with some values for its placeholders.
    pub(crate) fn prepare_for_some_values(&self, lookup: &Lookup<'_>) -> Option<Preparation<A>> {
        let possible = || {
            self.entries().filter(|stored| {
                let expectation = &stored.expectation;
                !expectation.times.forbids() && may_match_when_bound(expectation, lookup)
            })
        };
        let is_open = |stored: &&Stored<A>| self.is_open(stored);
        let found = possible().find(is_open).or_else(|| possible().last())?;
        Some(found.next_match())
    }
}
