//! The values themselves, without what makes changes exclusive.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use thiserror::Error;

/// Exclusive access to the values of [`Globals`](super::Globals).
#[derive(Clone, Debug)]
pub struct GlobalValues {
    pub(super) by_key: BTreeMap<String, Entry>,
    stored: u64,
    pub(super) changed: SystemTime,
    /// How many bytes keys and values have.
    size: usize,
    /// How many they may have.
    pub(super) limit: usize,
}

/// A value that isn't stored, since the values would take more than they may.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the globals would take {needed} bytes, and at most {limit} are allowed")]
pub struct GlobalsFull {
    /// How many bytes keys and values would have.
    pub needed: usize,
    /// How many they may have.
    pub limit: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) order: u64,
    pub(super) json: Arc<str>,
}

impl GlobalValues {
    /// The value stored under `key`, as JSON text.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its place when its value changes.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the key's value is then as it was.
    pub fn set(&mut self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        let json = json.into();
        let old = self
            .by_key
            .get(key)
            .map(|entry| entry_size(key, &entry.json));
        let needed = self.size - old.unwrap_or_default() + entry_size(key, &json);
        if needed > self.limit {
            return Err(GlobalsFull {
                needed,
                limit: self.limit,
            });
        }
        (self.size, self.changed) = (needed, self.now());
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.json = json;
            return Ok(());
        }
        self.stored += 1;
        let order = self.stored;
        self.by_key.insert(key.to_owned(), Entry { order, json });
        Ok(())
    }

    /// Forgets `key`; says whether it was known.
    pub fn remove(&mut self, key: &str) -> bool {
        let Some(entry) = self.by_key.remove(key) else {
            return false;
        };
        self.size -= entry_size(key, &entry.json);
        self.changed = self.now();
        true
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
