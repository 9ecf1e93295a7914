mod recording;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use recording::Parts;

use super::tally::Tally;
use super::test_id_source::{TestIdSource, TestIdSources, split};
use super::{Reset, StatementCounts, Test, TestOptions};
use crate::model::Expectations;
use crate::report::Report;

/// All tests that use a mock: the tests that were opened, each with an id, and the shared test for statements
/// without an id.
#[derive(Debug)]
pub struct Tests<A> {
    shared: Arc<Test<A>>,
    options: TestOptions,
    state: RwLock<State<A>>,
    tally: Arc<Tally>,
}

#[derive(Debug)]
struct State<A> {
    open: HashMap<String, Arc<Test<A>>>,
    /// What each test begins with.
    from_file: Expectations<A>,
    /// The parts of a recording, which are open always.
    parts: Option<Parts<A>>,
    ended: HashSet<String>,
    /// The same, the first to end first, so that not all are kept for ever.
    ended_in_order: VecDeque<String>,
    /// Of the last tests to end.
    ended_reports: VecDeque<Report>,
    has_opened: bool,
    /// The test that statements without an id belong to; the shared one if absent.
    default: Option<Arc<Test<A>>>,
}

/// The test that a statement belongs to, and the names of user and schema without its id.
#[derive(Debug)]
pub struct Routed<'a, A> {
    /// The test, which may be the shared one.
    pub test: Arc<Test<A>>,
    /// Where the test's id was found; `None` if the statement has no id.
    pub source: Option<TestIdSource>,
    /// The user's name without the test's id: `app` for `app+t7`.
    pub user: &'a str,
    /// The schema's name without the test's id; `None` if no schema is in use.
    pub schema: Option<&'a str>,
}

/// Why a test can't be found or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TestError {
    /// No test with this id was opened.
    #[error("the test \"{0}\" was never opened; open it by POST /api/v1/mock_server/tests/{0}")]
    Unknown(String),
    /// The recording that the mock plays has no part with this name.
    #[error(
        "the recording has no part \"{0}\"; record it, or open the test by POST /api/v1/mock_server/tests/{0}"
    )]
    NoPart(String),
    /// The test with this id has ended.
    #[error("the test \"{0}\" has ended; open it again by POST /api/v1/mock_server/tests/{0}")]
    Ended(String),
    /// A test with this id is open already.
    #[error(
        "the test \"{0}\" is open already; end it by DELETE /api/v1/mock_server/tests/{0}, or use another id"
    )]
    Open(String),
    /// As many tests are open as may be: this number.
    #[error(
        "{0} tests are open, and no more may be; end some by DELETE /api/v1/mock_server/tests/ID"
    )]
    TooMany(usize),
    /// Another test, with this id, gets the statements without an id.
    #[error(
        "statements without an id belong to the test \"{0}\"; end it by DELETE /api/v1/mock_server/tests/{0}, or \
         open this one without \"default\""
    )]
    HasDefault(String),
}

impl<A> Tests<A> {
    /// A registry with only the shared test. `options` apply to this and to all tests that are opened later.
    #[must_use]
    pub fn new(options: TestOptions) -> Self {
        let tally = Arc::new(Tally::default());
        if options.journal_limit > 0 || options.has_report {
            tally.set_used();
        }
        Self {
            shared: Arc::new(Test::sharing(None, options, Arc::clone(&tally))),
            tally,
            options,
            state: RwLock::new(State {
                open: HashMap::new(),
                from_file: Expectations::default(),
                parts: None,
                ended: HashSet::new(),
                ended_in_order: VecDeque::new(),
                ended_reports: VecDeque::new(),
                has_opened: false,
                default: None,
            }),
        }
    }

    /// The shared test, which statements without a test's id belong to, unless another test or a part of a
    /// recording gets them.
    #[must_use]
    pub fn shared(&self) -> &Arc<Test<A>> {
        &self.shared
    }

    /// Whether statements have to be passed to tests: always with a journal or a report, else from the first
    /// expectation, open test or recording on.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.tally.is_used()
    }

    /// Replaces the expectations of the script's file (or the recording), in the shared test, in all open tests and in
    /// those opened later.
    pub fn set_from_file(&self, list: Expectations<A>) {
        let mut state = self.write();
        state.parts = None;
        for test in std::iter::once(&self.shared).chain(state.open.values()) {
            test.replace_from_file(list.clone());
        }
        state.from_file = list;
    }

    /// Opens a test. It starts with the expectations of the script's file (with a recording, with the stubs of the part
    /// `setup`), an empty journal and scenarios in the state `start`. If the id is the name of a part of a recording,
    /// the test is this part, which starts again at its first answers.
    ///
    /// # Errors
    /// If a test with this id is open already, or [`TestOptions::tests_limit`] tests are open.
    pub fn open(&self, id: &str) -> Result<Arc<Test<A>>, TestError> {
        self.open_in(&mut self.write(), id)
    }

    /// Opens a test that also gets the statements without an id, until it ends. This is for tests that run one
    /// after the other against a mock of their own.
    ///
    /// # Errors
    /// If the test is open already, too many tests are open, or another test gets the statements without an id.
    pub fn open_default(&self, id: &str) -> Result<Arc<Test<A>>, TestError> {
        let mut state = self.write();
        if let Some(default) = state.default.as_ref().and_then(|test| test.id()) {
            return Err(TestError::HasDefault(default.to_owned()));
        }
        let test = self.open_in(&mut state, id)?;
        state.default = Some(Arc::clone(&test));
        Ok(test)
    }

    fn open_in(&self, state: &mut State<A>, id: &str) -> Result<Arc<Test<A>>, TestError> {
        if state.open.contains_key(id) {
            return Err(TestError::Open(id.to_owned()));
        }
        if state.open.len() >= self.options.tests_limit {
            return Err(TestError::TooMany(state.open.len()));
        }
        let test = match &state.parts {
            Some(parts) => match parts.by_name.get(id) {
                Some(part) => {
                    part.reset(Reset::ALL);
                    Arc::clone(part)
                }
                None => Arc::new(self.over_shared(id)),
            },
            None => {
                let tally = Arc::clone(&self.tally);
                let test = Test::sharing(Some(id.into()), self.options, tally);
                test.add_from_file(state.from_file.clone());
                Arc::new(test)
            }
        };
        self.tally.set_used();
        state.has_opened = true;
        if state.ended.remove(id) {
            state.ended_in_order.retain(|ended| ended != id);
        }
        state.open.insert(id.to_owned(), Arc::clone(&test));
        Ok(test)
    }

    /// The reports of all tests: the shared test, the last thousand tests that have ended, the open tests, and the
    /// parts of a recording.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        let state = self.read();
        let ended = state.ended_reports.iter().cloned();
        let parts = state.parts.iter().flat_map(|parts| parts.by_name.iter());
        let parts = parts.filter(|(name, _)| !state.open.contains_key(*name));
        let open = state.open.values().chain(parts.map(|(_, test)| test));
        let mut open: Vec<_> = open.map(|test| state.report(test)).collect();
        open.sort_by(|one, other| one.test.cmp(&other.test));
        let reports = std::iter::once(state.report(&self.shared)).chain(ended);
        reports.chain(open).collect()
    }

    /// Ends the open test with this id, and returns its report.
    ///
    /// # Errors
    /// When no test of this id is open.
    pub fn end(&self, id: &str) -> Result<Report, TestError> {
        let mut state = self.write();
        let Some(test) = state.open.remove(id) else {
            return Err(missing(&state, id));
        };
        state.default.take_if(|default| default.id() == Some(id));
        state.ended.insert(id.to_owned());
        state.ended_in_order.push_back(id.to_owned());
        if state.ended_in_order.len() > MOST_ENDED
            && let Some(oldest) = state.ended_in_order.pop_front()
        {
            state.ended.remove(&oldest);
        }
        let report = state.report(&test);
        state.ended_reports.push_back(report.clone());
        if state.ended_reports.len() > MOST_REPORTS {
            state.ended_reports.pop_front();
        }
        drop(state);
        test.end();
        Ok(report)
    }

    /// The open test of this id, or the part of the recording with this name.
    ///
    /// # Errors
    /// When there is neither.
    pub fn get(&self, id: &str) -> Result<Arc<Test<A>>, TestError> {
        let state = self.read();
        state.get(id).ok_or_else(|| missing(&state, id))
    }

    /// The report of the open test of this id, or of the part of the recording with this name.
    ///
    /// # Errors
    /// When there is neither.
    pub fn report(&self, id: &str) -> Result<Report, TestError> {
        let state = self.read();
        let test = state.get(id).ok_or_else(|| missing(&state, id))?;
        Ok(state.report(&test))
    }

    /// How many statements each part of the mock has answered since tests are [used](Self::is_used), in all tests
    /// together.
    #[must_use]
    pub fn counts(&self) -> StatementCounts {
        self.tally.counts()
    }

    /// The id of the open test that gets the statements without an id; `None` if [`open_default`](Self::open_default)
    /// has opened none, or it has ended.
    #[must_use]
    pub fn default_id(&self) -> Option<String> {
        let state = self.read();
        let id = state.default.as_ref().and_then(|test| test.id());
        id.map(str::to_owned)
    }

    /// The ids of all open tests, sorted.
    #[must_use]
    pub fn open_ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = self.read().open.keys().cloned().collect();
        ids.sort();
        ids
    }

    /// Finds the test that a statement belongs to, by the id in its attributes, comment, user or schema. A `+` in a
    /// user, a schema or a program's name is a separator only after a test was opened, or before the name of a part
    /// of the recording.
    ///
    /// # Errors
    /// If no test with the id is open, and no part of the recording has its name.
    pub fn route<'a>(&self, sources: &TestIdSources<'a>) -> Result<Routed<'a, A>, TestError> {
        let state = self.read();
        let found = sources.test_id();
        let found = found.filter(|(source, id)| {
            !source.is_doubtful() || state.has_opened || state.part(id).is_some()
        });
        let (source, test) = match found {
            Some((source, id)) => {
                let test = state.get(&id).ok_or_else(|| missing(&state, &id))?;
                (Some(source), test)
            }
            None => {
                let part = state.parts.as_ref().and_then(|parts| {
                    let current = parts.current.as_ref()?;
                    parts.by_name.get(current)
                });
                let default = state.default.as_ref().or(part);
                (None, Arc::clone(default.unwrap_or(&self.shared)))
            }
        };
        let bare = |name: &'a str| match test.id().and_then(|id| Some((split(name)?, id))) {
            Some(((bare, of_name), id)) if of_name == id => bare,
            _ => name,
        };
        Ok(Routed {
            source,
            user: bare(sources.user),
            schema: sources.schema.map(bare),
            test,
        })
    }

    fn read(&self) -> RwLockReadGuard<'_, State<A>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State<A>> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A> State<A> {
    /// A test that is open, or a part of the recording.
    fn get(&self, id: &str) -> Option<Arc<Test<A>>> {
        let open = self.open.get(id).or_else(|| self.part(id));
        open.map(Arc::clone)
    }

    fn part(&self, id: &str) -> Option<&Arc<Test<A>>> {
        self.parts.as_ref()?.by_name.get(id)
    }

    /// A test's report, with the entries of the recording that were never played, if one is played.
    fn report(&self, test: &Test<A>) -> Report {
        let never_played = self.parts.as_ref().map(|_| test.never_met());
        Report {
            never_played: never_played.unwrap_or_default(),
            ..test.report()
        }
    }
}

fn missing<A>(state: &State<A>, id: &str) -> TestError {
    if state.ended.contains(id) {
        TestError::Ended(id.to_owned())
    } else if state.parts.is_some() {
        TestError::NoPart(id.to_owned())
    } else {
        TestError::Unknown(id.to_owned())
    }
}

/// How many reports of tests that have ended are kept.
const MOST_REPORTS: usize = 1_000;

/// How many tests that have ended are remembered.
const MOST_ENDED: usize = 10_000;
