use super::Test;
use crate::choose::{ExpectationId, Scenarios};
use crate::journal::EventKind;
use crate::model::Expectations;
use crate::registry::status::line;
use crate::registry::{Reset, TooManyExpectations};
use crate::report::Line;

/// Its expectations and scenarios are changed.
impl<A> Test<A> {
    /// Adds expectations that were written in a file: the first one has precedence.
    pub fn add_from_file(&self, list: Expectations<A>) -> Vec<ExpectationId> {
        self.use_if(!list.list.is_empty());
        self.change(EventKind::Expectations, |state| state.store.add(list, true))
    }

    /// Puts these in place of all that were written in a file.
    pub fn replace_from_file(&self, list: Expectations<A>) -> Vec<ExpectationId> {
        self.use_if(!list.list.is_empty());
        self.change(EventKind::Expectations, |state| {
            state.store.remove_from_file();
            state.store.add(list, true)
        })
    }

    /// Adds expectations at run time: they have precedence over those of files, and the last one over the others.
    ///
    /// # Errors
    /// When it would have more than it may.
    pub fn add(&self, list: Expectations<A>) -> Result<Vec<ExpectationId>, TooManyExpectations> {
        let limit = self.options.expectations_limit;
        self.use_if(!list.list.is_empty());
        self.change(EventKind::Expectations, |state| {
            let wanted = state.store.len() + list.list.len();
            match wanted <= limit {
                true => Ok(state.store.add(list, false)),
                false => Err(TooManyExpectations { limit, wanted }),
            }
        })
    }

    /// Takes an expectation away; says whether it was there, and reports on it.
    pub fn remove(&self, id: ExpectationId) -> Option<Line> {
        self.change(EventKind::Expectations, |state| state.store.remove(id))
            .map(|stored| line(&stored))
    }

    /// Takes all expectations away.
    pub fn clear(&self) {
        self.change(EventKind::Expectations, |state| state.store.clear());
    }

    /// The states of its scenarios.
    #[must_use]
    pub fn scenarios(&self) -> Scenarios {
        self.lock().store.scenarios.clone()
    }

    /// Changes the states of scenarios.
    pub fn change_scenarios(&self, change: impl FnOnce(&mut Scenarios)) {
        self.change(EventKind::Scenarios, |state| {
            change(&mut state.store.scenarios)
        });
    }

    /// Sets things back to how they were when the test began.
    pub fn reset(&self, reset: Reset) {
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
                state.store.reset_counts();
            }
        });
    }

    fn use_if(&self, is_used: bool) {
        if is_used {
            self.tally.set_used();
        }
    }
}
