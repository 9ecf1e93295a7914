//! The values of all scopes, which take no more memory together than they may.

use std::collections::HashMap;
use std::sync::Arc;

use log::warn;

use super::values::{GlobalValues, GlobalsFull};

/// Whose values they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those of all sessions without a test.
    #[default]
    Shared,
    /// The same, for the top level of a script: tests begin with what that stores.
    TopLevel,
    /// Those of the test of this number.
    Test(u64),
}

#[derive(Debug)]
pub(super) struct Stores {
    shared: GlobalValues,
    /// What the top level of scripts has stored. It isn't counted: its texts are those of `shared`.
    top_level: GlobalValues,
    tests: HashMap<u64, GlobalValues>,
    next_test: u64,
    /// How many bytes keys and values of `shared` and `tests` have.
    used: usize,
}

impl Default for Stores {
    fn default() -> Self {
        Self::new(GlobalValues::default())
    }
}

impl Stores {
    pub(super) fn new(shared: GlobalValues) -> Self {
        Self {
            top_level: shared.emptied(),
            tests: HashMap::new(),
            next_test: 0,
            used: shared.size(),
            shared,
        }
    }

    pub(super) fn of(&self, scope: Scope) -> &GlobalValues {
        match scope {
            Scope::Test(number) => self.tests.get(&number).unwrap_or(&self.shared),
            Scope::Shared | Scope::TopLevel => &self.shared,
        }
    }

    /// Changes values, which may grow as far as the others leave room.
    pub(super) fn change<T>(
        &mut self,
        scope: Scope,
        change: impl FnOnce(&mut GlobalValues) -> T,
    ) -> T {
        let values = match scope {
            Scope::Test(number) => self.tests.get_mut(&number).unwrap_or(&mut self.shared),
            Scope::Shared | Scope::TopLevel => &mut self.shared,
        };
        let others = self.used - values.size();
        values.set_others(others);
        let result = change(values);
        self.used = others + values.size();
        result
    }

    pub(super) fn set(
        &mut self,
        scope: Scope,
        key: &str,
        json: Arc<str>,
    ) -> Result<(), GlobalsFull> {
        self.change(scope, |values| values.set(key, Arc::clone(&json)))?;
        if scope == Scope::TopLevel {
            let kept = self.keep(key, &json);
            kept.unwrap_or_else(|full| warn!("tests go without the script's global {key}: {full}"));
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, scope: Scope, key: &str) -> bool {
        if scope == Scope::TopLevel {
            self.top_level.remove(key);
        }
        self.change(scope, |values| values.remove(key))
    }

    /// Gives what the top level of a script stores to the tests that have nothing under its key.
    fn keep(&mut self, key: &str, json: &Arc<str>) -> Result<(), GlobalsFull> {
        self.top_level.set(key, Arc::clone(json))?;
        let tests = self.tests.iter();
        let without: Vec<_> = tests
            .filter(|(_, values)| values.get(key).is_none())
            .map(|(number, _)| Scope::Test(*number))
            .collect();
        let mut all = without.into_iter();
        all.try_for_each(|scope| self.change(scope, |values| values.set(key, Arc::clone(json))))
    }

    /// Adds values for a test: what the top level of scripts has stored.
    pub(super) fn add_test(&mut self) -> Scope {
        let number = self.next_test;
        self.next_test += 1;
        self.tests.insert(number, self.shared.emptied());
        self.reset(Scope::Test(number));
        Scope::Test(number)
    }

    pub(super) fn remove_test(&mut self, scope: Scope) {
        if let Scope::Test(number) = scope
            && let Some(values) = self.tests.remove(&number)
        {
            self.used -= values.size();
        }
    }

    /// Sets a test's values back to those that it began with, and removes all others.
    pub(super) fn reset(&mut self, scope: Scope) {
        let Scope::Test(_) = scope else {
            self.top_level.clear();
            return self.change(scope, GlobalValues::clear);
        };
        let first = self.top_level.in_order();
        let filled = self.change(scope, |values| {
            values.clear();
            let mut first = first.into_iter();
            first.try_for_each(|(key, json)| values.set(&key, json))
        });
        filled.unwrap_or_else(|full| warn!("a test goes without globals of the script: {full}"));
    }
}
