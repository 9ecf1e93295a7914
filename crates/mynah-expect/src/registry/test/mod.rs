mod changing;
mod reading;

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::tally::{By, Tally};
use super::{Begun, NotPrepared, TestOptions, Verdict};
use crate::call::Call;
use crate::choose::{Choice, ExpectationId, Lookup, Preparation, Store, Stored};
use crate::journal::{
    AnsweredBy, EntryNumber, EventKind, EventLog, Journal, JournalEntry, Outcome,
};
use crate::model::Command;
use crate::near::{Closest, Explanation, Snapshot, explain};
use crate::redact::shown;
use crate::report::Unexpected;

/// A test: its own expectations, journal and scenarios, kept apart from those of other tests that use the
/// same mock. Expectations of the script's file are in each test of [`Tests`](crate::Tests), with counts of its own.
pub struct Test<A> {
    id: Option<Arc<str>>,
    options: TestOptions,
    state: Mutex<State<A>>,
    changed: event_listener::Event,
    /// What it shares with the other tests of its registry.
    tally: Arc<Tally>,
    /// The test whose file's expectations are asked behind its own.
    base: OnceLock<Arc<Self>>,
    attached: Mutex<Vec<Arc<dyn Any + Send + Sync>>>,
    /// How often its counts were set back.
    resets: AtomicU64,
}

#[derive(Debug)]
struct State<A> {
    store: Store<A>,
    /// How often this test met the expectations of its base.
    base_calls: HashMap<ExpectationId, u64>,
    journal: Journal,
    unexpected: Vec<Unexpected>,
    unexpected_count: u64,
    events: EventLog,
}

impl<A> State<A> {
    /// Counts a match of an expectation of the base, which was met as often as it says before.
    fn count_of_base(&mut self, found: Stored<A>) -> Stored<A> {
        let calls = found.calls + 1;
        self.base_calls.insert(found.id, calls);
        Stored { calls, ..found }
    }
}

impl<A> Test<A> {
    /// A new test, which has no expectations.
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
                base_calls: HashMap::new(),
                journal: Journal::new(options.journal_limit, options.journal_bytes),
                unexpected: Vec::new(),
                unexpected_count: 0,
                events: EventLog::default(),
            }),
            changed: event_listener::Event::new(),
            tally,
            base: OnceLock::new(),
            attached: Mutex::default(),
            resets: AtomicU64::new(0),
        }
    }

    /// The same, which asks the stubs of another test's file behind its own expectations: how often it met them is its
    /// own.
    pub(super) fn based_on(self, base: Arc<Self>) -> Self {
        self.set_base(base);
        self
    }

    /// Has the stubs of this test tried for the test, too, unless it has those of another.
    pub(super) fn set_base(&self, base: Arc<Self>) {
        let _another = self.base.set(base);
    }

    /// The test's id; `None` for the shared test, which has none.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns a value that a program keeps with the test, such as the globals of its scripts. It is made by
    /// `make` when it is first requested, and dropped with the test. A test keeps one value of each type.
    pub fn attached<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut attached = self.attached.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = attached.iter();
        if let Some(known) = all.find_map(|each| Arc::clone(each).downcast().ok()) {
            return known;
        }
        let made = Arc::new(make());
        attached.push(Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
        made
    }

    /// How often the counts of the test's expectations were reset, or the expectations of its file replaced. A
    /// program can compare it with an earlier number to reset its own data, too.
    #[must_use]
    pub fn resets(&self) -> u64 {
        self.resets.load(Ordering::Relaxed)
    }

    /// Handles a statement that was received: finds the matching expectation, counts the match, changes its
    /// scenario and adds the statement to the journal, all in one step. So a client that has received an answer
    /// finds its statement in the journal, unless the journal is too small to keep it.
    pub fn begin(&self, call: &Arc<Call>, time: Timestamp) -> Begun<A> {
        self.begin_as(call, call, time)
    }

    /// Like [`begin`](Self::begin), but looks up expectations for `looked_up`, which has other values than the
    /// statement that was sent.
    pub fn begin_as(&self, call: &Arc<Call>, looked_up: &Call, time: Timestamp) -> Begun<A> {
        let lookup = Lookup::new(looked_up);
        let shown = shown(call);
        let has_secrets = shown.has_secrets;
        let (kept, cut_from) = shown.kept(call);
        let mut state = self.lock();
        let choice = match state.store.first(&lookup) {
            None => self.choose_in_base(&mut state, &lookup, None),
            Some((rank, None)) => state.store.meet(rank),
            // Exactly these values in the base come before values that are like them.
            Some((rank, priority)) => match self.choose_in_base(&mut state, &lookup, priority) {
                Choice::None => state.store.meet(rank),
                choice => choice,
            },
        };
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
            call: kept,
            cut_from,
            has_secrets,
            answered_by,
            fault: None,
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
        self.wake();
        Begun { number, verdict }
    }

    /// Whether an expectation of the test, or one of the shared test that is tried for it, matches a statement now.
    /// That counts nothing.
    pub fn has_answer_to(&self, call: &Call) -> bool {
        let lookup = Lookup::new(call);
        let mut state = self.lock();
        let has_own = state.store.first(&lookup).is_some();
        has_own
            || self.base.get().is_some_and(|base| {
                !state.store.has_step(&lookup)
                    && base.lock().store.would_answer(&lookup, &state.base_calls)
            })
    }

    /// Notes in the journal which part, other than an expectation, answered a statement.
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

    /// Notes in the journal and for the report that nothing answered a statement, with the explanation `why`.
    pub fn unexpected_because(&self, number: EntryNumber, call: &Call, why: &Explanation) {
        self.answered_by(number, AnsweredBy::Nothing);
        self.keep_unexpected(number, call, why);
    }

    /// Notes in the journal and for the report that nothing answered a statement. Returns an explanation for the
    /// client and the log.
    pub fn unexpected(&self, number: EntryNumber, call: &Call) -> Explanation {
        let explanation = self.explain(call);
        self.unexpected_because(number, call, &explanation);
        explanation
    }

    /// Notes in the journal and for the report that a statement couldn't be prepared.
    pub fn not_prepared(&self, number: EntryNumber, call: &Call, refused: &NotPrepared) {
        let why = refused.why();
        let by = match (refused, &why.closest) {
            (NotPrepared::Forbidden(_), Some(Closest { id, label, .. })) => AnsweredBy::Forbidden {
                id: *id,
                label: label.as_str().into(),
            },
            _ => AnsweredBy::Nothing,
        };
        self.answered_by(number, by);
        self.keep_unexpected(number, call, why);
    }

    /// Notes in the journal that a fault is played on a statement's answer.
    pub fn on_fault(&self, number: EntryNumber, fault: &str) {
        if let Some(entry) = self.lock().journal.get_mut(number) {
            entry.fault = Some(fault.to_owned());
        }
    }

    /// Notes in the journal how a statement ended: its answer was sent, or its connection ended.
    pub fn finish(&self, number: EntryNumber, outcome: Outcome, latency: Duration) {
        self.change(EventKind::Done(number), |state| {
            state.journal.finish(number, outcome, latency);
        });
    }

    fn choose_in_base(
        &self,
        state: &mut State<A>,
        lookup: &Lookup<'_>,
        exact_of: Option<i32>,
    ) -> Choice<A> {
        // A statement that is a step of this test is answered only in its turn.
        let base = self.base.get().filter(|_| !state.store.has_step(lookup));
        let found = base.and_then(|base| {
            let mut base = base.lock();
            let met = &state.base_calls;
            base.store.choose_for_other(lookup, met, exact_of)
        });
        match found {
            Some(found) => Choice::Met(state.count_of_base(found)),
            None => Choice::None,
        }
    }

    /// Returns the answer for a statement that is being prepared: that of an expectation of `prepare` or, without
    /// one, of the expectation that an execution will probably match. Only a match of an expectation of `prepare` is
    /// counted.
    ///
    /// # Errors
    /// If an expectation of `prepare` forbids it, or no expectation can match the text, whatever the values of the
    /// parameters.
    pub fn prepare(&self, call: &Call) -> Result<Preparation<A>, NotPrepared> {
        let lookup = Lookup::prepared_only(call);
        let prepared = {
            let mut state = self.lock();
            match state.store.choose_for_preparation(&lookup) {
                Choice::Met(stored) => Some(stored.this_match()),
                Choice::Forbidden(stored) => {
                    let why = Explanation::forbidden(call, &stored);
                    return Err(NotPrepared::Forbidden(Box::new(why)));
                }
                Choice::None => self.prepare_in(&mut state, &lookup),
            }
        };
        self.wake();
        prepared.ok_or_else(|| self.explain_lookup(&lookup).into())
    }

    /// The answer to a preparation that no own expectation of `prepare` matches.
    fn prepare_in(&self, state: &mut State<A>, lookup: &Lookup<'_>) -> Option<Preparation<A>> {
        if let Some(own) = state.store.prepare_for_execution(lookup) {
            return Some(own);
        }
        let mut base = self.base.get().map(|base| base.lock());
        if let Some(base) = &mut base
            && let Some(found) = base
                .store
                .choose_preparation_for_other(lookup, &state.base_calls)
        {
            return Some(state.count_of_base(found).this_match());
        }
        let base = base.as_ref().map(|base| &base.store);
        let met = &state.base_calls;
        base.and_then(|base| base.prepare_for_other(lookup, met))
            .or_else(|| state.store.prepare_for_some_values(lookup))
            .or_else(|| base?.prepare_for_some_values_of_other(lookup, met))
    }

    /// Explains why a statement matches no expectation.
    #[must_use]
    pub fn explain(&self, call: &Call) -> Explanation {
        self.explain_lookup(&Lookup::new(call))
    }

    fn explain_lookup(&self, lookup: &Lookup<'_>) -> Explanation {
        let mut snapshot = {
            let state = self.lock();
            Snapshot {
                entries: comparable(&state.store, lookup),
                due: state.store.due(),
                scenarios: state.store.scenarios.clone(),
            }
        };
        if let Some(base) = self.base.get() {
            let state = base.lock();
            snapshot.entries.extend(comparable(&state.store, lookup));
        }
        let shown = shown(lookup.call);
        let mut explanation = explain(lookup, &lookup.of(&shown.call), &snapshot);
        if let (true, Some(id)) = (snapshot.entries.is_empty(), &self.id) {
            explanation.difference = format!("the test \"{id}\" has no expectations");
        }
        explanation
    }

    /// Marks the test as ended, and wakes tasks that wait for its changes for the last time.
    pub(super) fn end(&self) {
        self.change(EventKind::Ended, |_| {});
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
                    statement: explanation.statement.clone(),
                    explanation: explanation.clone(),
                });
            }
        });
    }

    /// Wakes the tasks that wait for a change. A task listens first and then checks the state, under the lock: so it
    /// either sees a change that was made under the lock before, or is counted here.
    fn wake(&self) {
        // Mostly none waits, and to count them is cheaper than to notify.
        if self.changed.total_listeners() > 0 {
            self.changed.notify(usize::MAX);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a statement is compared with to explain it: one that is run isn't like one that is only prepared.
fn comparable<A>(store: &Store<A>, lookup: &Lookup<'_>) -> Vec<Stored<A>> {
    let is_run = !lookup.is_prepared_only;
    let entries = store.entries();
    let fits = entries.filter(|stored| {
        let command = stored.expectation.origin.command;
        !is_run || command != Some(Command::Prepare)
    });
    fits.cloned().collect()
}

impl<A> std::fmt::Debug for Test<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Test")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
