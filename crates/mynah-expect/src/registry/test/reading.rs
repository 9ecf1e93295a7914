use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use event_listener::Listener as _;
use serde::Serialize;

use super::Test;
use crate::call::Call;
use crate::choose::{ExpectationId, Stored, is_met_by};
use crate::journal::{EntryNumber, Event, EventKind, Events, Journal, JournalEntry};
use crate::model::{Expectation, TextMatch};
use crate::registry::status::{is_met, line, status};
use crate::registry::{NeverMet, Status};
use crate::report::{Report, Unexpected};

/// Reading of the journal, the events and the report.
impl<A> Test<A> {
    /// Whether the test has no expectations, and neither has the shared test if its stubs are tried for this test, too.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().store.is_empty() && self.base.get().is_none_or(|base| base.is_empty())
    }

    /// The expectations from the script's file that have never matched in this test since they were first added: a reload
    /// of the file doesn't count. Several with the same place count as one, which is met by the first match of any of them.
    #[must_use]
    pub fn never_met(&self) -> Vec<NeverMet> {
        let state = self.lock();
        let places = |stored: &Stored<A>| stored.expectation.place.clone();
        let met: HashSet<_> = state.store.ever_met().map(places).collect();
        let mut seen = HashSet::new();
        let never = |stored: &Stored<A>| NeverMet {
            place: stored.expectation.place.clone(),
            expected: stored.expectation.to_string(),
        };
        // Several that stand in one place are met with the first of them.
        let all = state.store.of_file().filter(|stored| {
            let place = places(stored);
            !met.contains(&place) && seen.insert(place)
        });
        all.map(never).collect()
    }

    /// Its expectations that were written in a file, in their order.
    pub(in crate::registry) fn of_file(&self) -> Vec<Expectation<A>> {
        let state = self.lock();
        let from_file = state.store.of_file();
        from_file
            .map(|stored| Expectation::clone(&stored.expectation))
            .collect()
    }

    /// The statements of the journal for which the predicate is true, in the order in which they were
    /// received.
    #[must_use]
    pub fn statements(&self, predicate: impl Fn(&JournalEntry) -> bool) -> Vec<JournalEntry> {
        let state = self.lock();
        let matching = state.journal.iter().filter(|entry| predicate(entry));
        matching.cloned().collect()
    }

    /// The number of statements in the journal for which the predicate is true.
    #[must_use]
    pub fn count(&self, predicate: impl Fn(&JournalEntry) -> bool) -> usize {
        let state = self.lock();
        state
            .journal
            .iter()
            .filter(|entry| predicate(entry))
            .count()
    }

    /// How many statements were dropped from the journal because it was full, since it was last reset.
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.lock().journal.overflowed()
    }

    /// How many statements of the journal match this expectation, whatever answered them. The journal has stars in
    /// place of passwords; those in the expectation's text and parameters aren't compared. In a regular expression, a
    /// password is known only if the expression has it in the form of a statement, such as `password = 'x'`; any other
    /// expression is searched in the text with stars as it is.
    #[must_use]
    pub fn count_meeting<B>(&self, expectation: &Expectation<B>) -> usize {
        let calls: Vec<_> = {
            let state = self.lock();
            let entries = state.journal.iter();
            entries.map(|entry| Arc::clone(&entry.call)).collect()
        };
        let expectation = &expectation.without_secrets();
        // Parts of the texts that are made on the way aren't kept.
        let meets = |call: &&Arc<Call>| is_met_by(expectation, &Call::clone(call));
        calls.iter().filter(meets).count()
    }

    /// The statement with this number; `None` if the journal doesn't have it, or has dropped it.
    #[must_use]
    pub fn statement(&self, number: EntryNumber) -> Option<JournalEntry> {
        self.lock().journal.get(number).cloned()
    }

    /// The number of statements in the journal.
    #[must_use]
    pub fn journal_len(&self) -> usize {
        self.lock().journal.len()
    }

    /// The first unexpected statements, as many as are kept, and the number of all since the journal was last reset.
    #[must_use]
    pub fn unexpected_statements(&self) -> (Vec<Unexpected>, u64) {
        let state = self.lock();
        (state.unexpected.clone(), state.unexpected_count)
    }

    /// The number of the last event of the test; 0 before the first. [`EventKind`] has the changes that are events.
    #[must_use]
    pub fn last_event(&self) -> u64 {
        self.lock().events.last()
    }

    /// The events after the event with this number, at most `most` of them.
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

    /// A future that completes with the first change after this call. To wait for a condition without missing a
    /// change, call this, then check the condition, and then await the future.
    pub fn changed(&self) -> impl Future<Output = ()> + Send + Unpin + use<A> {
        self.changed.listen()
    }

    /// Blocks the thread until `is_done` returns `true`, or until the deadline; returns the last result of `is_done`,
    /// which is called at first and after changes of the test.
    pub fn wait_until(&self, deadline: Instant, mut is_done: impl FnMut() -> bool) -> bool {
        loop {
            let changed = self.changed.listen();
            if is_done() {
                return true;
            }
            if changed.wait_deadline(deadline).is_none() {
                return is_done();
            }
        }
    }

    /// The report: which expectations are met and unmet, and which statements were unexpected.
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
            never_played: Vec::new(),
        };
        for stored in state.store.entries() {
            let mut line = line(stored);
            if is_met(stored) {
                report.met.push(line);
                continue;
            }
            if stored.calls == 0 {
                line.came = in_another_case(&stored.expectation, &state.journal);
            }
            report.unmet.push(line);
        }
        // In the order in which they were added, not in that in which they are asked.
        report.met.sort_by_key(|line| line.id);
        report.unmet.sort_by_key(|line| line.id);
        report
    }
}

impl<A: Serialize> Test<A> {
    /// All expectations of this test with their counts, in the order in which they are tried.
    #[must_use]
    pub fn expectations(&self) -> Vec<Status> {
        self.lock().store.entries().map(status).collect()
    }

    /// An expectation with its count; `None` if there is none with this id.
    #[must_use]
    pub fn expectation(&self, id: ExpectationId) -> Option<Status> {
        self.lock().store.get(id).map(status)
    }
}

/// A statement that differs in case only from what is expected. Where something else answers it, as the prelude does a
/// COMMIT, it isn't unexpected.
fn in_another_case<A>(expectation: &Expectation<A>, journal: &Journal) -> Option<String> {
    let Some(TextMatch::Statement(expected)) = &expectation.text else {
        return None;
    };
    let expected = expected.text().trim();
    let mut texts = journal.iter().map(|entry| entry.call.statement.text());
    let found = texts.find(|text| {
        let text = text.trim();
        text != expected && text.eq_ignore_ascii_case(expected)
    });
    found.map(str::to_owned)
}
