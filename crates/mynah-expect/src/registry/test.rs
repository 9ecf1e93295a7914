use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

use crate::call::Call;
use crate::choose::{Choice, ExpectationId, Lookup, Scenarios, Store, Stored};
use crate::journal::{AnsweredBy, EntryNumber, Journal, JournalEntry, Outcome};
use crate::model::{Expectation, Expectations};
use crate::near::{Explanation, Snapshot, explain};
use crate::report::{Line, Report, Unexpected};

/// How much a test keeps.
#[derive(Clone, Copy, Debug)]
pub struct TestOptions {
    /// How many statements a test's journal keeps; 0 for no journal.
    pub journal_limit: usize,
    /// How many unexpected statements a test keeps for its report.
    pub unexpected_limit: usize,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            journal_limit: 10_000,
            unexpected_limit: 100,
        }
    }
}

/// A test: its expectations, its journal and its scenarios.
pub struct Test<A> {
    id: Option<Arc<str>>,
    options: TestOptions,
    state: Mutex<State<A>>,
    on_change: RwLock<Option<OnChange>>,
}

type OnChange = Arc<dyn Fn(u64) + Send + Sync>;

#[derive(Debug)]
struct State<A> {
    store: Store<A>,
    journal: Journal,
    unexpected: Vec<Unexpected>,
    unexpected_count: u64,
    generation: u64,
}

/// A statement that was taken into the journal, and what the expectations say of it.
#[derive(Debug)]
pub struct Begun<A> {
    /// Its number in the journal.
    pub number: EntryNumber,
    /// What is to be done.
    pub verdict: Verdict<A>,
}

/// What the expectations say of a statement.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict<A> {
    /// It is expected.
    Answer {
        /// The expectation.
        expectation: Arc<Expectation<A>>,
        /// Its number.
        id: ExpectationId,
        /// How often it was met, with this time: from 1.
        call: u64,
        /// The answer; success if absent.
        answer: Option<Arc<A>>,
    },
    /// An expectation forbids it.
    Forbidden(Box<Explanation>),
    /// No expectation is met. Something else may answer; the caller reports it by [`Test::answered_by`].
    Open,
}

/// No expectation could match a statement that is prepared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NotPrepared(pub Box<Explanation>);

/// What [`Test::reset`] sets back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reset {
    /// The journal, and the unexpected statements.
    pub journal: bool,
    /// All scenarios.
    pub scenarios: bool,
    /// How often expectations were met.
    pub counts: bool,
}

impl Reset {
    /// Everything.
    pub const ALL: Self = Self {
        journal: true,
        scenarios: true,
        counts: true,
    };
}

/// An expectation, and how it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Its number.
    pub id: ExpectationId,
    /// How often it was met.
    pub calls: u64,
    /// Whether it has come as often as it must, and not too often.
    pub is_met: bool,
    /// Whether it has come as often as it may.
    pub is_used_up: bool,
    /// The expectation as JSON; absent if an answer can't be had so.
    pub expectation: Option<Json>,
}

impl<A> Test<A> {
    /// A test of this id, without expectations.
    #[must_use]
    pub fn new(id: Option<Arc<str>>, options: TestOptions) -> Self {
        Self {
            id,
            options,
            state: Mutex::new(State {
                store: Store::default(),
                journal: Journal::new(options.journal_limit),
                unexpected: Vec::new(),
                unexpected_count: 0,
                generation: 0,
            }),
            on_change: RwLock::new(None),
        }
    }

    /// Its id; absent for the test that is shared.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Adds expectations that were written in a file: the first one has precedence.
    pub fn add_from_file(&self, list: Expectations<A>) -> Vec<ExpectationId> {
        self.change(|state| state.store.add(list, true))
    }

    /// Adds expectations at run time: they have precedence over those of files, and the last one over the others.
    pub fn add(&self, list: Expectations<A>) -> Vec<ExpectationId> {
        self.change(|state| state.store.add(list, false))
    }

    /// Takes an expectation away; says whether it was there, and reports on it.
    pub fn remove(&self, id: ExpectationId) -> Option<Line> {
        self.change(|state| state.store.remove(id))
            .map(|stored| line(&stored))
    }

    /// Takes all expectations away.
    pub fn clear(&self) {
        self.change(|state| state.store.clear());
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
        let generation = state.next_generation();
        // The explanation takes long, so it is made without the lock.
        drop(state);
        let verdict = match choice {
            Choice::Met(stored) => Verdict::Answer {
                answer: stored.expectation.answer(stored.calls - 1).map(Arc::clone),
                id: stored.id,
                call: stored.calls,
                expectation: stored.expectation,
            },
            Choice::Forbidden(stored) => {
                let explanation = Explanation::forbidden(call, &stored);
                self.keep_unexpected(number, call, &explanation);
                Verdict::Forbidden(Box::new(explanation))
            }
            Choice::None => Verdict::Open,
        };
        self.notify(generation);
        Begun { number, verdict }
    }

    /// Something else than an expectation answered a statement.
    pub fn answered_by(&self, number: EntryNumber, answered_by: AnsweredBy) {
        self.change(|state| {
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
        self.change(|state| {
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

    /// A number that grows with each change of journal, expectations or scenarios.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Calls `hook` with the new generation after each change, outside of the lock. It replaces the hook of
    /// before.
    pub fn on_change(&self, hook: impl Fn(u64) + Send + Sync + 'static) {
        let mut on_change = self
            .on_change
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *on_change = Some(Arc::new(hook));
    }

    /// The states of its scenarios.
    #[must_use]
    pub fn scenarios(&self) -> Scenarios {
        self.lock().store.scenarios.clone()
    }

    /// Changes the states of scenarios.
    pub fn change_scenarios(&self, change: impl FnOnce(&mut Scenarios)) {
        self.change(|state| change(&mut state.store.scenarios));
    }

    /// Sets things back to how they were when the test began.
    pub fn reset(&self, reset: Reset) {
        self.change(|state| {
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

    fn keep_unexpected(&self, number: EntryNumber, call: &Call, explanation: &Explanation) {
        let limit = self.options.unexpected_limit;
        self.change(|state| {
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

    /// Changes the state, and then calls the hook of [`Test::on_change`], outside of the lock.
    fn change<T>(&self, change: impl FnOnce(&mut State<A>) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        let generation = state.next_generation();
        drop(state);
        self.notify(generation);
        result
    }

    fn notify(&self, generation: u64) {
        let hook = self
            .on_change
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(hook) = hook {
            hook(generation);
        }
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

impl<A> State<A> {
    fn next_generation(&mut self) -> u64 {
        self.generation += 1;
        self.generation
    }
}

impl<A> std::fmt::Debug for Test<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Test")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn is_met<A>(stored: &Stored<A>) -> bool {
    let times = stored.expectation.times;
    stored.calls >= times.min && times.max.is_none_or(|max| stored.calls <= max)
}

fn line<A>(stored: &Stored<A>) -> Line {
    Line {
        id: stored.id,
        name: stored.expectation.name.clone(),
        place: stored.expectation.place.to_string(),
        expected: stored.expectation.to_string(),
        times: stored.expectation.times.to_string(),
        calls: stored.calls,
        is_stub: stored.expectation.times == crate::model::Times::ANY,
    }
}

fn status<A: Serialize>(stored: &Stored<A>) -> Status {
    Status {
        id: stored.id,
        calls: stored.calls,
        is_met: is_met(stored),
        is_used_up: stored.expectation.times.is_used_up(stored.calls),
        expectation: stored.expectation.to_json().ok(),
    }
}
