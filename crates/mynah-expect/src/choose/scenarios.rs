use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::Scenario;

/// The current states of a test's scenarios. Every scenario begins in the state `start`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Scenarios(BTreeMap<Arc<str>, Arc<str>>);

impl Scenarios {
    /// The current state of the scenario `name`.
    #[must_use]
    pub fn state(&self, name: &str) -> &str {
        self.0.get(name).map_or(Scenario::START, |state| state)
    }

    /// Puts the scenario `name` into a state.
    pub fn set_state(&mut self, name: &str, state: &str) {
        self.0.insert(name.into(), state.into());
    }

    /// Puts the scenario of this name back to `start`; with `None`, all scenarios.
    pub fn reset(&mut self, name: Option<&str>) {
        match name {
            Some(name) => drop(self.0.remove(name)),
            None => self.0.clear(),
        }
    }

    /// Whether an expectation's scenario is in the state it needs.
    pub(super) fn allow(&self, scenario: Option<&Scenario>) -> bool {
        scenario.is_none_or(|scenario| {
            let when = scenario.when.as_deref();
            when.is_none_or(|when| self.state(&scenario.name) == when)
        })
    }

    /// An expectation was met.
    pub(super) fn on_met(&mut self, scenario: Option<&Scenario>) {
        if let Some(scenario) = scenario
            && let Some(then) = &scenario.then
        {
            self.0.insert(Arc::clone(&scenario.name), Arc::clone(then));
        }
    }
}
