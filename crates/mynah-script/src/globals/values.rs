//! The values of a store, without locking.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use thiserror::Error;

/// Exclusive access to the values of [`Globals`](super::Globals).
#[derive(Clone, Debug)]
pub struct GlobalValues {
    by_key: BTreeMap<String, Entry>,
    stored: u64,
    pub(super) changed: SystemTime,
    /// How many bytes keys and values have.
    size: usize,
    /// How many those of other tests have.
    others: usize,
    /// How many all may have.
    limit: usize,
}

/// The error for a value that isn't stored because all values together would take too much memory.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the globals would take {needed} bytes, and at most {limit} are allowed")]
pub struct GlobalsFull {
    /// How many bytes the keys and values would take together with the new value.
    pub needed: usize,
    /// How many bytes the keys and values may take.
    pub limit: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    order: u64,
    json: Arc<str>,
}

impl GlobalValues {
    /// The value stored under `key`, as JSON text; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its position when its value changes.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the old value is then unchanged.
    pub fn set(&mut self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        let json = json.into();
        let old = self
            .by_key
            .get(key)
            .map(|entry| entry_size(key, &entry.json));
        let size = self.size - old.unwrap_or_default() + entry_size(key, &json);
        let needed = self.others + size;
        if needed > self.limit {
            return Err(GlobalsFull {
                needed,
                limit: self.limit,
            });
        }
        (self.size, self.changed) = (size, self.now());
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.json = json;
            return Ok(());
        }
        self.stored += 1;
        let order = self.stored;
        self.by_key.insert(key.to_owned(), Entry { order, json });
        Ok(())
    }

    /// Removes `key` with its value. Returns whether there was one.
    pub fn remove(&mut self, key: &str) -> bool {
        let Some(entry) = self.by_key.remove(key) else {
            return false;
        };
        self.size -= entry_size(key, &entry.json);
        self.changed = self.now();
        true
    }

    /// Forgets all keys.
    pub(super) fn clear(&mut self) {
        *self = Self {
            changed: self.now(),
            ..self.emptied()
        };
    }

    /// The same without values.
    pub(super) fn emptied(&self) -> Self {
        Self {
            others: self.others,
            ..Self::with_limit(self.limit)
        }
    }

    /// Keys and values, in the order the keys were first stored.
    pub(super) fn in_order(&self) -> Vec<(String, Arc<str>)> {
        let mut entries: Vec<_> = self.by_key.iter().collect();
        entries.sort_by_key(|(_, entry)| entry.order);
        let entries = entries.into_iter();
        entries
            .map(|(key, entry)| (key.clone(), Arc::clone(&entry.json)))
            .collect()
    }

    /// How many bytes keys and values have.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Says how many bytes those of other tests have.
    pub(super) fn set_others(&mut self, others: usize) {
        self.others = others;
    }

    /// Now, or just after the last change: whatever the clock says, each change is later.
    pub(super) fn now(&self) -> SystemTime {
        let after = self.changed.checked_add(Duration::from_nanos(1));
        after.unwrap_or(self.changed).max(SystemTime::now())
    }

    pub(super) fn with_limit(limit: usize) -> Self {
        Self {
            by_key: BTreeMap::new(),
            stored: 0,
            changed: SystemTime::now(),
            size: 0,
            others: 0,
            limit,
        }
    }
}

impl Default for GlobalValues {
    fn default() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }
}

fn entry_size(key: &str, json: &str) -> usize {
    key.len() + json.len()
}

/// 64 MiB.
const DEFAULT_LIMIT: usize = 64 << 20;
