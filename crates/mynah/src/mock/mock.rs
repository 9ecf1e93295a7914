use std::panic::Location;
use std::sync::Arc;

use mynah_expect::{
    Call, Command, Expectation, ExpectationId, Expectations, Order, Place, Scenario, Times,
};
use mynah_script::Answer;

use super::{Condition, MockGuard, MockServer, Respond, Response, fail, respond};

/// A statement that a test expects, with its answer. It has an effect once it is mounted on a [`MockServer`].
///
/// A mock that is mounted later is asked before earlier ones, unless its [`priority`](Self::with_priority) is another.
#[derive(Debug)]
#[must_use = "a mock has an effect once it is mounted"]
pub struct Mock {
    made: Result<Expectation<Answer>, String>,
}

impl Mock {
    /// A mock for statements that fulfil this condition. Without more it answers OK, any number of times.
    pub fn given(condition: impl Into<Condition>) -> Self {
        Self {
            made: condition.into().expectation(),
        }
    }

    /// Adds an answer. The first match gets the first answer, and so on; further matches get the last.
    pub fn respond_with(self, response: impl Respond) -> Self {
        let answer = response.into_answer();
        self.try_change(|made| {
            let answer = answer?;
            let prepares = made.origin.command == Some(Command::Prepare);
            made.answers.push(Arc::new(match prepares {
                true => answer.of_preparation(),
                false => answer,
            }));
            Ok(())
        })
    }

    /// Adds an answer that comes later: the future that the function returns. It runs on the server's thread, which
    /// serves other connections meanwhile, and in no runtime that it could rely on.
    pub fn respond_with_async<T, R>(
        self,
        respond: impl Fn(Arc<Call>) -> T + Send + Sync + 'static,
    ) -> Self
    where
        T: Future<Output = R> + 'static,
        R: Into<Response>,
    {
        let answer = respond::later(respond);
        self.change(|made| made.answers.push(Arc::new(answer)))
    }

    /// Sets how often the statement must come: `1`, `1..=2`, `1..`, `..=3`. With 0, it is forbidden.
    pub fn expect(self, times: impl Into<Times>) -> Self {
        let times = times.into();
        self.change(|made| made.times = times)
    }

    /// Sets a name for messages.
    pub fn named(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.change(|made| made.name = Some(name))
    }

    /// Sets the priority: mocks with a lower number are asked first. It is 5 by default.
    pub fn with_priority(self, priority: i32) -> Self {
        self.change(|made| made.priority = priority)
    }

    /// Matches only in this state of a scenario. Every scenario begins in `start`.
    pub fn when(self, scenario: &str, state: &str) -> Self {
        self.in_scenario(scenario, |scenario| scenario.when = Some(state.into()))
    }

    /// Brings a scenario into this state with each match.
    pub fn then(self, scenario: &str, state: &str) -> Self {
        self.in_scenario(scenario, |scenario| scenario.then = Some(state.into()))
    }

    /// Mounts it until the server is dropped, which then checks how often its statement came.
    ///
    /// # Panics
    /// When something is wrong with the mock: its message says what.
    #[track_caller]
    pub fn mount(self, server: &MockServer) {
        self.add_to(server);
    }

    /// Mounts it until the guard is dropped, which then checks how often its statement came.
    ///
    /// # Panics
    /// As [`mount`](Self::mount).
    #[track_caller]
    pub fn mount_scoped(self, server: &MockServer) -> MockGuard {
        let id = self.add_to(server);
        MockGuard::new(Arc::clone(server.test()), id)
    }

    /// Mounts several whose statements must come in this order.
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
