//! The values that all sessions of a script share: `mysqld.global`.

mod change;
#[cfg(test)]
mod tests;
mod values;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

use crate::locked::Locked;

pub use change::ChangeError;
pub use values::{GlobalValues, GlobalsFull};

/// The store behind `mysqld.global`: values by key, kept as JSON text.
///
/// One store serves all sessions of a server, on all its threads. The text isn't checked; a script that reads
/// a value whose text isn't JSON gets a `SyntaxError`.
#[derive(Debug, Default)]
pub struct Globals {
    values: RwLock<GlobalValues>,
}

impl Globals {
    /// An empty store whose keys and values may take 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store whose keys and values may take `limit` bytes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            values: RwLock::new(GlobalValues::with_limit(limit)),
        }
    }

    /// The value stored under `key`, as JSON text; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.read().by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its position in [`keys`](Self::keys) when its value
    /// changes.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the old value is then unchanged.
    pub fn set(&self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        self.write().set(key, json.into())
    }

    /// Removes `key` with its value. Returns whether there was one.
    pub fn remove(&self, key: &str) -> bool {
        self.write().remove(key)
    }

    /// Whether a value is stored under `key`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.read().by_key.contains_key(key)
    }

    /// The keys, in the order in which they were first stored.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.entries().into_iter().map(|(key, _)| key).collect()
    }

    /// Keys and values (as JSON text), in the order in which the keys were first stored.
    #[must_use]
    pub fn entries(&self) -> Vec<(String, Arc<str>)> {
        let mut entries: Vec<_> = {
            let values = self.read();
            let entries = values.by_key.iter();
            entries.map(|(k, e)| (k.clone(), e.clone())).collect()
        };
        entries.sort_by_key(|(_, entry)| entry.order);
        entries.into_iter().map(|(k, e)| (k, e.json)).collect()
    }

    /// Replaces all keys and values in one step.
    ///
    /// # Errors
    /// [`GlobalsFull`]; all values are then unchanged.
    pub fn replace(
        &self,
        entries: impl IntoIterator<Item = (String, Arc<str>)>,
    ) -> Result<(), GlobalsFull> {
        let mut replaced = GlobalValues::with_limit(self.read().limit);
        for (key, json) in entries {
            replaced.set(&key, json)?;
        }
        let mut values = self.write();
        replaced.changed = values.now();
        *values = replaced;
        Ok(())
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
        let mut values = self.write();
        let mut changed = values.clone();
        let result = change(&mut changed)?;
        *values = changed;
        Ok(result)
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
        let mut values = self.write();
        let changed = change(values.by_key.get(key).map(|entry| &*entry.json))?;
        Ok(values.set(key, changed)?)
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
        let mut values = self.write();
        let now = values.by_key.get(key).map(|entry| &entry.json);
        let is_same = match (old, now) {
            (Some(old), Some(now)) => Arc::ptr_eq(old, now),
            (None, None) => true,
            _ => false,
        };
        if is_same {
            values.set(key, new)?;
        }
        Ok(is_same)
    }

    /// The time of the last change, or of the store's creation. It never goes back, even if the system's
    /// clock does.
    #[must_use]
    pub fn changed(&self) -> SystemTime {
        self.read().changed
    }

    /// A store of its own with the same values.
    pub(crate) fn fork(&self) -> Self {
        Self {
            values: RwLock::new(self.read().clone()),
        }
    }

    fn read(&self) -> Locked<RwLockReadGuard<'_, GlobalValues>> {
        Locked::new(|| self.values.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> Locked<RwLockWriteGuard<'_, GlobalValues>> {
        Locked::new(|| self.values.write().unwrap_or_else(PoisonError::into_inner))
    }
}
