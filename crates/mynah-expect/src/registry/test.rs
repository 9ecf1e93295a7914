use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::status::{is_met, line, status};
use super::tally::{By, Tally};
use super::{Begun, NotPrepared, Reset, Status, TestOptions, TooManyExpectations, Verdict};
use crate::call::Call;
use crate::choose::{Choice, ExpectationId, Lookup, Scenarios, Store, is_met_by};
use crate::journal::{
    AnsweredBy, EntryNumber, Event, EventKind, EventLog, Events, Journal, JournalEntry, Outcome,
};
use crate::model::{Expectation, Expectations};
use crate::near::{Explanation, Snapshot, explain};
use crate::report::{Line, Report, Unexpected};

/// A test: its expectations, its journal and its scenarios.
pub struct Test<A> {
    id: Option<Arc<str>>,
    options: TestOptions,
    state: Mutex<State<A>>,
    changed: event_listener::Event,
    /// What it has in common with the others of its registry.
    tally: Arc<Tally>,
}

#[derive(Debug)]
struct State<A> {
    store: Store<A>,
    journal: Journal,
    unexpected: Vec<Unexpected>,
    unexpected_count: u64,
    events: EventLog,
}

impl<A> Test<A> {
    /// A test of this id, without expectations.
    #[must_use]
    pub fn new(id: Option<Arc<str>>, options: TestOptions) -> Self {
        Self::sharing(id, options, Arc::default())
    }

    /// The same, which counts there, too.
    pub(super) fn sharing(id: Option<Arc<str>>, options: TestOptions, tally: Arc<Tally>) -> Self {
        Self {
            id,
            options,
            state: Mutex::new(State {
                store: Store::default(),
                journal: Journal::new(options.journal_limit, options.journal_bytes),
                unexpected: Vec::new(),
                unexpected_count: 0,
                events: EventLog::default(),
            }),
            changed: event_listener::Event::new(),
            tally,
        }
    }

    /// Its id; absent for the test that is shared.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

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

    /// Whether it has no expectations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().store.is_empty()
    }

    /// Takes in a statement. Matching, counting, the change of its scenario and its journal entry are one step:
    /// a client that has its answer finds the statement in the journal.
    pub fn begin(&self, call: &Arc<Call>, time: Timestamp) -> Begun<A> {
        let lookup = Lookup::new(call);
        let mut state = self.lock();
        let choice = state.store.choose(&lookup);
        let answered_by = match &choice {
            Choice::Met(stored) => AnsweredBy::Expectation {
                id: stored.id,
                label: Arc::clone(&stored.label),
            },
            Choice::Forbidden(stored) => AnsweredBy::Forbidden {
                id: stored.id,
                label: Arc::clone(&stored.label),
            },
            Choice::None => AnsweredBy::Pending,
        };
        let number = state.journal.push(|number| JournalEntry {
            number,
            time,
            call: Arc::clone(call),
            answered_by,
            outcome: None,
            latency: None,
        });
        state.events.push(EventKind::Began(number));
        // The explanation takes long, so it is made without the lock.
        drop(state);
        let verdict = match choice {
            Choice::Met(stored) => {
                self.tally.count(By::Expectation);
                Verdict::Answer {
                    answer: stored.expectation.answer(stored.calls - 1).map(Arc::clone),
                    id: stored.id,
                    call: stored.calls,
                    expectation: stored.expectation,
                }
            }
            Choice::Forbidden(stored) => {
                let explanation = Explanation::forbidden(call, &stored);
                self.keep_unexpected(number, call, &explanation);
                Verdict::Forbidden(Box::new(explanation))
            }
            Choice::None => Verdict::Open,
        };
        self.changed.notify(usize::MAX);
        Begun { number, verdict }
    }

    /// Something else than an expectation answered a statement.
    pub fn answered_by(&self, number: EntryNumber, answered_by: AnsweredBy) {
        match &answered_by {
            AnsweredBy::Script(_) => self.tally.count(By::Script),
            AnsweredBy::Prelude => self.tally.count(By::Prelude),
            AnsweredBy::Session => self.tally.count(By::Session),
            _ => {}
        }
        self.change(EventKind::Answered(number), |state| {
            if let Some(entry) = state.journal.get_mut(number) {
                entry.answered_by = answered_by;
            }
        });
    }

    /// Nothing answered a statement: it was unexpected, for this reason.
    pub fn unexpected_because(&self, number: EntryNumber, call: &Call, why: &Explanation) {
        self.answered_by(number, AnsweredBy::Nothing);
        self.keep_unexpected(number, call, why);
    }

    /// Nothing answered a statement: it was unexpected. Says why, for the client and the log.
    pub fn unexpected(&self, number: EntryNumber, call: &Call) -> Explanation {
        let explanation = self.explain(call);
        self.unexpected_because(number, call, &explanation);
        explanation
    }

    /// A statement's answer was sent, or its connection ended.
    pub fn finish(&self, number: EntryNumber, outcome: Outcome, latency: Duration) {
        self.change(EventKind::Done(number), |state| {
            if let Some(entry) = state.journal.get_mut(number) {
                entry.outcome = Some(outcome);
                entry.latency = Some(latency);
            }
        });
    }

    /// A statement is prepared: the expectation that it meets, or is likely to. Uses up nothing.
    ///
    /// # Errors
    /// When no expectation could match its text, whatever its parameters.
    pub fn prepare(&self, call: &Call) -> Result<Arc<Expectation<A>>, NotPrepared> {
        let lookup = Lookup::prepared_only(call);
        let found = self
            .lock()
            .store
            .prepare(&lookup)
            .map(|stored| Arc::clone(&stored.expectation));
        found.ok_or_else(|| NotPrepared(Box::new(self.explain_lookup(&lookup))))
    }

    /// Why none of the expectations is met by a statement, and which is the closest.
    #[must_use]
    pub fn explain(&self, call: &Call) -> Explanation {
        self.explain_lookup(&Lookup::new(call))
    }

    fn explain_lookup(&self, lookup: &Lookup<'_>) -> Explanation {
        let snapshot = {
            let state = self.lock();
            Snapshot {
                entries: state.store.entries().cloned().collect(),
                due: state.store.due(),
                scenarios: state.store.scenarios.clone(),
            }
        };
        explain(lookup, &snapshot)
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

    /// It has ended: tasks that wait for its changes are woken for the last time.
    pub(super) fn end(&self) {
        self.change(EventKind::Ended, |_| {});
    }

    fn use_if(&self, is_used: bool) {
        if is_used {
            self.tally.set_used();
        }
    }

    fn keep_unexpected(&self, number: EntryNumber, call: &Call, explanation: &Explanation) {
        let limit = self.options.unexpected_limit;
        self.tally.count(By::Nothing);
        self.change(EventKind::Unexpected(number), |state| {
            state.unexpected_count += 1;
            if state.unexpected.len() < limit {
                state.unexpected.push(Unexpected {
                    number: number.0,
                    connection: call.connection.id,
                    statement: call.statement.text().to_owned(),
                    explanation: explanation.clone(),
                });
            }
        });
    }

    /// Changes something, and wakes the tasks that wait for a change.
    fn change<T>(&self, kind: EventKind, change: impl FnOnce(&mut State<A>) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        state.events.push(kind);
        drop(state);
        self.changed.notify(usize::MAX);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State<A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

impl<A> std::fmt::Debug for Test<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Test")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
