//! The values that all sessions of a script share: `mysqld.global`.

mod change;
mod stores;
#[cfg(test)]
mod tests;
mod values;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

use mynah_expect::Test;
use stores::{Scope, Stores};

use crate::expectations::Answer;
use crate::locked::Locked;

pub use change::ChangeError;
pub use values::{GlobalValues, GlobalsFull};

/// The store behind `mysqld.global`: values by key, kept as JSON text.
///
/// One store serves all sessions of a server, on all its threads, except that each open test has [values of its
/// own](Self::of_test). The text isn't checked; a script that reads a value which is no JSON gets a `SyntaxError`.
#[derive(Debug, Default)]
pub struct Globals {
    stores: Arc<RwLock<Stores>>,
    scope: Scope,
}

impl Globals {
    /// An empty store whose keys and values may take 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store, whose keys and values, those of all tests included, may take so many bytes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self::of(GlobalValues::with_limit(limit))
    }

    fn of(values: GlobalValues) -> Self {
        Self {
            stores: Arc::new(RwLock::new(Stores::new(values))),
            scope: Scope::Shared,
        }
    }

    /// The values for the sessions of a test: the test's own or, for the shared test, those of this store. A test's
    /// own values begin with what the top level of scripts has stored, and are dropped with the test.
    #[must_use]
    pub fn of_test(self: &Arc<Self>, test: &Test<Answer>) -> Arc<Self> {
        if test.id().is_none() {
            return Arc::clone(self);
        }
        let own = || Self {
            scope: self.write().add_test(),
            stores: Arc::clone(&self.stores),
        };
        test.attached(own)
    }

    /// The same values, for the top level of a script.
    pub(crate) fn at_top_level(&self) -> Self {
        Self {
            stores: Arc::clone(&self.stores),
            scope: Scope::TopLevel,
        }
    }

    /// The value stored under `key`, as JSON text; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.read().of(self.scope).get(key)
    }

    /// Stores a value, given as JSON text. A key keeps its position in [`keys`](Self::keys) when its value
    /// changes.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the old value is then unchanged.
    pub fn set(&self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        self.write().set(self.scope, key, json.into())
    }

    /// Removes `key` with its value. Returns whether there was one.
    pub fn remove(&self, key: &str) -> bool {
        self.write().remove(self.scope, key)
    }

    /// Whether a value is stored under `key`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.read().of(self.scope).get(key).is_some()
    }

    /// The keys, in the order in which they were first stored; one that was removed in between counts as new.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.entries().into_iter().map(|(key, _)| key).collect()
    }

    /// Keys and values (as JSON text), in the order of [`keys`](Self::keys).
    #[must_use]
    pub fn entries(&self) -> Vec<(String, Arc<str>)> {
        self.read().of(self.scope).in_order()
    }

    /// Replaces all keys and values in one step.
    ///
    /// # Errors
    /// [`GlobalsFull`]; all values are then unchanged.
    pub fn replace(
        &self,
        entries: impl IntoIterator<Item = (String, Arc<str>)>,
    ) -> Result<(), GlobalsFull> {
        let entries: Vec<_> = entries.into_iter().collect();
        self.write().change(self.scope, |values| {
            let mut replaced = values.emptied();
            for (key, json) in entries {
                replaced.set(&key, json)?;
            }
            replaced.changed = values.now();
            *values = replaced;
            Ok(())
        })
    }

    /// In the values of a test that was opened: sets them back to those that the test began with. In the shared
    /// values: removes all.
    pub fn reset(&self) {
        self.write().reset(self.scope);
    }

    /// Changes any number of values in one step: if `change` fails, none is changed, and no other thread can
    /// change or read values meanwhile.
    ///
    /// # Errors
    /// The error that `change` returns.
    pub fn update<T, E>(
        &self,
        change: impl FnOnce(&mut GlobalValues) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write().change(self.scope, |values| {
            let mut changed = values.clone();
            let result = change(&mut changed)?;
            *values = changed;
            Ok(result)
        })
    }

    /// Changes one value in one step. `change` gets the stored value as JSON text and returns the new one. It
    /// must not use the store.
    ///
    /// # Errors
    /// The error that `change` returns, and [`GlobalsFull`]; the value is then unchanged.
    pub fn change<E: From<GlobalsFull>>(
        &self,
        key: &str,
        change: impl FnOnce(Option<&str>) -> Result<Arc<str>, E>,
    ) -> Result<(), E> {
        let mut stores = self.write();
        let changed = change(stores.of(self.scope).get(key).as_deref())?;
        Ok(stores.set(self.scope, key, changed)?)
    }

    /// Stores a value if the one under `key` is still this one, as [`get`](Self::get) gave it. Says whether it
    /// was.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the value is then as it was.
    pub(crate) fn exchange(
        &self,
        key: &str,
        old: Option<&Arc<str>>,
        new: Arc<str>,
    ) -> Result<bool, GlobalsFull> {
        let mut stores = self.write();
        let now = stores.of(self.scope).get(key);
        let is_same = match (old, &now) {
            (Some(old), Some(now)) => Arc::ptr_eq(old, now),
            (None, None) => true,
            _ => false,
        };
        if is_same {
            stores.set(self.scope, key, new)?;
        }
        Ok(is_same)
    }

    /// The time of the last change, or of the store's creation. It never goes back, even if the system's
    /// clock does.
    #[must_use]
    pub fn changed(&self) -> SystemTime {
        self.read().of(self.scope).changed
    }

    /// A store of its own with the same values.
    pub(crate) fn fork(&self) -> Self {
        Self::of(self.read().of(self.scope).clone())
    }

    fn read(&self) -> Locked<RwLockReadGuard<'_, Stores>> {
        Locked::new(|| self.stores.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> Locked<RwLockWriteGuard<'_, Stores>> {
        Locked::new(|| self.stores.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Globals {
    /// Drops the values of a test.
    fn drop(&mut self) {
        if let Scope::Test(_) = self.scope {
            self.write().remove_test(self.scope);
        }
    }
}
