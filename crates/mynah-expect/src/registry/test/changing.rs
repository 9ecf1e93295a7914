use std::sync::atomic::Ordering;

use super::{State, Test};
use crate::choose::{ExpectationId, Scenarios};
use crate::journal::EventKind;
use crate::model::Expectations;
use crate::registry::status::line;
use crate::registry::{Reset, TooManyExpectations};
use crate::report::Line;

/// Changes of expectations and scenarios.
impl<A> Test<A> {
    /// Adds expectations of the script's file. In a file, of expectations with equal priorities the earlier one has
    /// precedence.
    pub fn add_from_file(&self, list: Expectations<A>) -> Vec<ExpectationId> {
        self.use_if(!list.list.is_empty());
        self.change(EventKind::Expectations, |state| state.store.add(list, true))
    }

    /// Replaces all expectations of the script's file. One that was in the file before, and has matched, counts as one
    /// that has matched ([`never_met`](Self::never_met)).
    pub fn replace_from_file(&self, list: Expectations<A>) -> Vec<ExpectationId> {
        self.use_if(!list.list.is_empty());
        self.count_reset();
        self.change(EventKind::Expectations, |state| {
            let met = state.store.met_of_file();
            state.store.remove_from_file();
            let ids = state.store.add(list, true);
            state.store.set_ever_met(&met);
            ids
        })
    }

    /// Adds expectations that aren't of the script's file. Among expectations with equal priorities, those added last
    /// have precedence over those added before and over those of the file; within the list, earlier ones have
    /// precedence.
    ///
    /// # Errors
    /// When the test would have more than
    /// [`TestOptions::expectations_limit`](crate::TestOptions::expectations_limit).
    pub fn add(&self, list: Expectations<A>) -> Result<Vec<ExpectationId>, TooManyExpectations> {
        let limit = self.options.expectations_limit;
        self.use_if(!list.list.is_empty());
        self.change_if(EventKind::Expectations, Result::is_ok, |state| {
            let wanted = state.store.len() + list.list.len();
            match wanted <= limit {
                true => Ok(state.store.add(list, false)),
                false => Err(TooManyExpectations { limit, wanted }),
            }
        })
    }

    /// Removes an expectation, and returns its line of the report; `None` if there is none with this id.
    pub fn remove(&self, id: ExpectationId) -> Option<Line> {
        let remove = |state: &mut State<A>| state.store.remove(id);
        self.change_if(EventKind::Expectations, Option::is_some, remove)
            .map(|stored| line(&stored))
    }

    /// Removes all expectations of the test.
    pub fn clear(&self) {
        self.change(EventKind::Expectations, |state| state.store.clear());
    }

    /// The current states of the test's scenarios.
    #[must_use]
    pub fn scenarios(&self) -> Scenarios {
        self.lock().store.scenarios.clone()
    }

    /// Changes the states of scenarios by a function.
    pub fn change_scenarios(&self, change: impl FnOnce(&mut Scenarios)) {
        self.change(EventKind::Scenarios, |state| {
            change(&mut state.store.scenarios)
        });
    }

    /// Resets parts of the test to their state at its beginning.
    pub fn reset(&self, reset: Reset) {
        if reset.counts {
            self.count_reset();
        }
        self.change(EventKind::Reset, |state| {
            if reset.journal {
                state.journal.clear();
                state.unexpected.clear();
                state.unexpected_count = 0;
            }
            if reset.scenarios {
                state.store.scenarios.reset(None);
            }
            if reset.counts {
                state.base_calls.clear();
                state.store.reset_counts();
            }
        });
    }

    /// Changes the state, and wakes the tasks that wait for a change.
    pub(super) fn change<T>(&self, kind: EventKind, change: impl FnOnce(&mut State<A>) -> T) -> T {
        self.change_if(kind, |_| true, change)
    }

    /// A change that may be refused: it is an event if the predicate is true for its result.
    fn change_if<T>(
        &self,
        kind: EventKind,
        has_changed: impl FnOnce(&T) -> bool,
        change: impl FnOnce(&mut State<A>) -> T,
    ) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        if has_changed(&result) {
            state.events.push(kind);
            drop(state);
            self.wake();
        }
        result
    }

    fn count_reset(&self) {
        self.resets.fetch_add(1, Ordering::Relaxed);
    }

    fn use_if(&self, is_used: bool) {
        if is_used {
            self.tally.set_used();
        }
    }
}
