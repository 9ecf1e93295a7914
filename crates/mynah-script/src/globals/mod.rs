//! The values that scripts share.

mod change;
#[cfg(test)]
mod tests;
mod values;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

use crate::locked::Locked;

pub use change::ChangeError;
pub use values::{GlobalValues, GlobalsFull};

/// What scripts share: the values of `mysqld.global`, as JSON text.
///
/// One store serves all sessions of a server, on all its threads. The text isn't checked;
/// a script that reads a value which is no JSON gets a `SyntaxError`.
#[derive(Debug, Default)]
pub struct Globals {
    values: RwLock<GlobalValues>,
}

impl Globals {
    /// An empty store, whose keys and values may take 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store, whose keys and values may take so many bytes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            values: RwLock::new(GlobalValues::with_limit(limit)),
        }
    }

    /// The value stored under `key`, as JSON text.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.read().by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its place when its value changes.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the key's value is then as it was.
    pub fn set(&self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        self.write().set(key, json.into())
    }

    /// Forgets `key`; says whether it was known.
    pub fn remove(&self, key: &str) -> bool {
        self.write().remove(key)
    }

    /// Whether something is stored under `key`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.read().by_key.contains_key(key)
    }

    /// The keys, in the order they were first stored.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.entries().into_iter().map(|(key, _)| key).collect()
    }

    /// Keys and values as JSON text, in the order the keys were first stored.
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

    /// Replaces all there is, at once.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the values are then as they were.
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

    /// Changes values all at once, or, if that fails, none: no other change comes in between. Scripts
    /// wait meanwhile.
    ///
    /// # Errors
    /// Those of `change`.
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

    /// Changes one value; no other change comes in between. `change` gets the value, as JSON text, and gives the
    /// new one. It must not use the globals.
    ///
    /// # Errors
    /// Those of `change`, and [`GlobalsFull`]; the value is then as it was.
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

    /// When a value was last set or removed; when the store was made, if none was. Each change is
    /// later than the one before, even if the clock is set back.
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
