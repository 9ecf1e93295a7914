use std::panic::Location;
use std::sync::Arc;

use mynah_expect::{
    Call, Command, Expectation, ExpectationId, Expectations, Order, Place, Scenario, Times,
};
use mynah_script::Answer;

use super::{Condition, MockGuard, MockServer, Respond, Response, fail, respond};

/// A statement that a test expects, with its answer. It has an effect when it is mounted on a [`MockServer`].
///
/// Of several mounted mocks, those with a lower [priority](Self::with_priority) number are tried first, and with the
/// same number the one that was mounted last; mocks that are [mounted in order](Self::mount_in_order) are tried in
/// their order.
#[derive(Debug)]
#[must_use = "a mock has an effect once it is mounted"]
pub struct Mock {
    made: Result<Expectation<Answer>, String>,
}

impl Mock {
    /// A mock for statements that fulfil this condition. Unless other methods change this, it answers OK any number
    /// of times.
    pub fn given(condition: impl Into<Condition>) -> Self {
        Self {
            made: condition.into().expectation(),
        }
    }

    /// Adds an answer. The first match gets the first answer, the second match the second, and so on; further
    /// matches get the last answer.
    ///
    /// A function may block: only its own connection waits. Functions run on threads that don't serve connections,
    /// those of several connections at the same time.
    pub fn respond_with(self, response: impl Respond) -> Self {
        let answer = response.into_answer();
        self.try_change(|made| {
            push(made, answer?);
            Ok(())
        })
    }

    /// Adds an answer that is computed by a future, as [`respond_with`](Self::respond_with) adds one. As for a
    /// function, only its own connection waits. The future runs on a thread of its own, and not in the runtime of the
    /// test. It is dropped early if the server closes the connection, or is dropped itself.
    pub fn respond_with_async<T, R>(
        self,
        respond: impl Fn(Arc<Call>) -> T + Send + Sync + 'static,
    ) -> Self
    where
        T: Future<Output = R> + 'static,
        R: Into<Response>,
    {
        let answer = respond::later(respond);
        self.change(|made| push(made, answer))
    }

    /// Sets how often the mock must match: `1`, `1..=2`, `1..`, `..=3`. With 0, the statement is forbidden.
    pub fn expect(self, times: impl Into<Times>) -> Self {
        let times = times.into();
        self.change(|made| made.times = times)
    }

    /// Sets the name of the mock. Messages have it in front of the place in the test's source where the mock was
    /// mounted; by default they have only the place.
    pub fn named(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.change(|made| made.name = Some(name))
    }

    /// Sets the priority: mocks with a lower number are tried first; 5 by default.
    pub fn with_priority(self, priority: i32) -> Self {
        self.change(|made| made.priority = priority)
    }

    /// Makes the mock match only while the scenario is in this state. Each scenario begins in the state `start`. A
    /// mock can be in one scenario only.
    pub fn when(self, scenario: &str, state: &str) -> Self {
        self.in_scenario(scenario, |scenario| scenario.when = Some(state.into()))
    }

    /// Makes each match of the mock bring the scenario into this state. A mock can be in one scenario only.
    pub fn then(self, scenario: &str, state: &str) -> Self {
        self.in_scenario(scenario, |scenario| scenario.then = Some(state.into()))
    }

    /// Mounts the mock until the server is dropped or [reset](MockServer::reset). Dropping the server panics if the
    /// mock didn't match as often as it had to, unless the thread is already panicking.
    ///
    /// # Panics
    /// If the mock has a mistake; the message names it.
    #[track_caller]
    pub fn mount(self, server: &MockServer) {
        self.add_to(server);
    }

    /// Mounts the mock until the returned guard is dropped, which then panics if the mock didn't match as often as it
    /// had to, unless the thread is already panicking.
    ///
    /// # Panics
    /// As [`mount`](Self::mount).
    #[track_caller]
    pub fn mount_scoped(self, server: &MockServer) -> MockGuard {
        let id = self.add_to(server);
        MockGuard::new(Arc::clone(server.test()), id)
    }

    /// Mounts several mocks, which must match in this order. The order doesn't concern mocks without a call of
    /// [`expect`](Self::expect), which may match at any time, nor forbidden ones.
    ///
    /// # Panics
    /// As [`mount`](Self::mount).
    #[track_caller]
    pub fn mount_in_order(mocks: impl IntoIterator<Item = Self>, server: &MockServer) {
        add(mocks, Order::Sequence, server);
    }

    #[track_caller]
    fn add_to(self, server: &MockServer) -> ExpectationId {
        match add([self], Order::Any, server).pop() {
            Some(id) => id,
            None => fail("the mock was not mounted"),
        }
    }

    fn in_scenario(self, name: &str, change: impl FnOnce(&mut Scenario)) -> Self {
        self.try_change(|made| {
            let scenario = made.scenario.get_or_insert_with(|| Scenario {
                name: name.into(),
                when: None,
                then: None,
            });
            if *scenario.name != *name {
                return Err(format!(
                    "it is in the scenario \"{}\" already",
                    scenario.name
                ));
            }
            change(scenario);
            Ok(())
        })
    }

    fn change(self, change: impl FnOnce(&mut Expectation<Answer>)) -> Self {
        self.try_change(|made| {
            change(made);
            Ok(())
        })
    }

    fn try_change(
        self,
        change: impl FnOnce(&mut Expectation<Answer>) -> Result<(), String>,
    ) -> Self {
        let made = self.made.and_then(|mut made| {
            change(&mut made)?;
            Ok(made)
        });
        Self { made }
    }
}

/// Adds an answer.
fn push(made: &mut Expectation<Answer>, answer: Answer) {
    let prepares = made.origin.command == Some(Command::Prepare);
    made.answers.push(Arc::new(match prepares {
        true => answer.of_preparation(),
        false => answer,
    }));
}

#[track_caller]
fn add(
    mocks: impl IntoIterator<Item = Mock>,
    order: Order,
    server: &MockServer,
) -> Vec<ExpectationId> {
    let place = Place::in_source(Location::caller());
    let mut list = Vec::new();
    for mock in mocks {
        match mock.made {
            Ok(made) => list.push(Expectation {
                place: place.clone(),
                ..made
            }),
            Err(problem) => fail(format!("the mock can't be mounted: {problem}")),
        }
    }
    match server.test().add(Expectations { order, list }) {
        Ok(ids) => ids,
        Err(error) => fail(error),
    }
}
