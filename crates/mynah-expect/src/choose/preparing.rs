use super::compare::{has_same_placeholders, matches, may_match_when_bound};
use super::store::{Choice, Store, Stored};
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
        let ranks = || self.index.candidates(lookup);
        let found = self.likely(
            || ranks().filter_map(|rank| self.entries.get(&rank)),
            |expectation| matches(expectation, lookup),
        )?;
        Some(found.next_match())
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
        let is_open = |stored: &&Stored<A>| self.is_open(stored);
        possible().find(is_open).or_else(|| possible().last())
    }
}
