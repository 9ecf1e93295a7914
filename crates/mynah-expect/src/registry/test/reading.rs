use std::sync::Arc;

use serde::Serialize;

use super::Test;
use crate::call::Call;
use crate::choose::{ExpectationId, is_met_by};
use crate::journal::{EntryNumber, Event, EventKind, Events, JournalEntry};
use crate::model::Expectation;
use crate::registry::Status;
use crate::registry::status::{is_met, line, status};
use crate::report::{Report, Unexpected};

/// Its journal, its events and its report are read.
impl<A> Test<A> {
    /// Whether it has no expectations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().store.is_empty()
    }

    /// The statements of the journal that a predicate holds for, the first one first.
    #[must_use]
    pub fn statements(&self, predicate: impl Fn(&JournalEntry) -> bool) -> Vec<JournalEntry> {
        let state = self.lock();
        let matching = state.journal.iter().filter(|entry| predicate(entry));
        matching.cloned().collect()
    }

    /// How many statements of the journal a predicate holds for.
    #[must_use]
    pub fn count(&self, predicate: impl Fn(&JournalEntry) -> bool) -> usize {
        let state = self.lock();
        state
            .journal
            .iter()
            .filter(|entry| predicate(entry))
            .count()
    }

    /// How many statements had to leave the journal to make room for others.
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.lock().journal.overflowed()
    }

    /// How many statements of the journal would meet an expectation, whatever it was used for.
    #[must_use]
    pub fn count_meeting<B>(&self, expectation: &Expectation<B>) -> usize {
        let calls: Vec<_> = {
            let state = self.lock();
            let entries = state.journal.iter();
            entries.map(|entry| Arc::clone(&entry.call)).collect()
        };
        let meets = |call: &&Arc<Call>| is_met_by(expectation, call);
        calls.iter().filter(meets).count()
    }

    /// The statement of a number, if the journal still has it.
    #[must_use]
    pub fn statement(&self, number: EntryNumber) -> Option<JournalEntry> {
        self.lock().journal.get(number).cloned()
    }

    /// How many statements the journal has.
    #[must_use]
    pub fn journal_len(&self) -> usize {
        self.lock().journal.len()
    }

    /// The first unexpected statements, and how many there were in all.
    #[must_use]
    pub fn unexpected_statements(&self) -> (Vec<Unexpected>, u64) {
        let state = self.lock();
        (state.unexpected.clone(), state.unexpected_count)
    }

    /// The number of the last event. It grows with each change of journal, expectations or scenarios.
    #[must_use]
    pub fn last_event(&self) -> u64 {
        self.lock().events.last()
    }

    /// What happened after the event of this number, at most so many events.
    #[must_use]
    pub fn events_since(&self, number: u64, most: usize) -> Events {
        let state = self.lock();
        let (dropped, kinds) = state.events.since(number, most);
        let event = |(number, kind): (u64, EventKind)| Event {
            number,
            kind,
            statement: kind
                .statement()
                .and_then(|number| state.journal.get(number).cloned()),
        };
        Events {
            dropped,
            events: kinds.into_iter().map(event).collect(),
        }
    }

    /// Completes with the next change after this call. What is waited for may have come before, so ask for this
    /// first, and then look.
    pub fn changed(&self) -> impl Future<Output = ()> + Send + Unpin + use<A> {
        self.changed.listen()
    }

    /// What was met, what was not, and what was unexpected.
    #[must_use]
    pub fn report(&self) -> Report {
        let state = self.lock();
        let mut report = Report {
            test: self.id.as_deref().map(str::to_owned),
            met: Vec::new(),
            unmet: Vec::new(),
            unexpected: state.unexpected.clone(),
            unexpected_count: state.unexpected_count,
            overflowed: state.journal.overflowed(),
        };
        for stored in state.store.entries() {
            let list = if is_met(stored) {
                &mut report.met
            } else {
                &mut report.unmet
            };
            list.push(line(stored));
        }
        report
    }
}

impl<A: Serialize> Test<A> {
    /// All expectations and how they stand, in the order of their precedence.
    #[must_use]
    pub fn expectations(&self) -> Vec<Status> {
        self.lock().store.entries().map(status).collect()
    }

    /// One expectation and how it stands.
    #[must_use]
    pub fn expectation(&self, id: ExpectationId) -> Option<Status> {
        self.lock().store.get(id).map(status)
    }
}
